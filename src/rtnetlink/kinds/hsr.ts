/** HSR and PRP devices. Source: linux/if_link.h IFLA_HSR_*. */
import type { Facets } from '../../schema/row.ts';
import * as row from '../../schema/row.ts';
import { showRows } from '../../schema/show.ts';
import { linkKind } from '../kind.ts';

const usage = `Usage: ip link add name NAME type hsr slave1 DEVICE slave2 DEVICE [ interlink DEVICE ]
	[ supervision BYTE ] [ version VERSION ] [ proto PROTOCOL ]

slave1, slave2: the two devices that the ring or the pair of networks is made of
interlink: the device of a network whose members know nothing of the protocol
BYTE: the last byte of the group address of supervision frames, 0 to 255 (0)
VERSION: of the protocol, 0 or 1 (0)
PROTOCOL: 0 is HSR, 1 is PRP (0)`;

const ADDRESS_LENGTH = 'xx:xx:xx:xx:xx:xx'.length;

/** The facets of a device; `isAlwaysShown` says that it is missing. */
function port(name: string, isAlwaysShown = false): Facets<number> {
  return {
    complaint: 'No such interface',
    ...(isAlwaysShown ? { whenAbsent: out => out.field(name, null, `${name} <none> `) } : {}),
  };
}

const rows = {
  multicast_spec: row.u8(3, {
    keyword: 'supervision',
    abbreviable: true,
    complaint: 'ADDR-BYTE is invalid',
    show: false,
  }),
  slave1: row.device(1, { abbreviable: true, ...port('slave1', true) }),
  slave2: row.device(2, { abbreviable: true, ...port('slave2', true) }),
  interlink: row.device(8, { ...port('interlink'), colour: 'ifname' }),
  seq_nr: row.u16(5, { label: 'sequence', keyword: false }),
  supervision_addr: row.mac(4, { label: 'supervision', keyword: false }),
  protocol: row.u8(7, {
    label: 'proto',
    key: 'proto',
    keyword: 'proto',
    abbreviable: true,
    complaint: 'protocol is invalid',
  }),
  version: row.u8(6, { abbreviable: true, complaint: 'version is invalid' }),
} as const;

export const hsr = linkKind('hsr', usage, rows, {
  unknownWord: (word, kind) => `${kind}: what is "${word}"?`,
  // An address that is too short ends it all in the original.
  show(values, out, view) {
    const { supervision_addr: address } = values;
    if (address === undefined || address.length >= ADDRESS_LENGTH) showRows(rows, values, out, view);
  },
});
