/** HSR and PRP devices. Source: linux/if_link.h IFLA_HSR_*. */
import type { Facets } from '../../schema/facets.ts';
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

const port: Facets<number> = { complaint: 'No such interface' };

/** The facets of a port that every ring has. */
const ringPort: Facets<number> = { ...port, abbreviable: true, absent: { datum: null, text: '<none>' } };

const rows = {
  multicast_spec: row.u8(3, {
    keyword: 'supervision',
    abbreviable: true,
    complaint: 'ADDR-BYTE is invalid',
    show: false,
  }),
  slave1: row.device(1, ringPort),
  slave2: row.device(2, ringPort),
  interlink: row.device(8, { ...port, colour: 'ifname' }),
  seq_nr: row.u16(5, { label: 'sequence', keyword: false }),
  supervision_addr: row.mac(4, { label: 'supervision', keyword: false }),
  protocol: row.u8(7, {
    word: 'proto',
    key: 'proto',
    abbreviable: true,
    complaint: 'protocol is invalid',
  }),
  version: row.u8(6, { abbreviable: true, complaint: 'version is invalid' }),
} as const;

export const hsr = linkKind('hsr', usage, rows, {
  required: ['slave1', 'slave2'],
  unknownWord: (word, kind) => `${kind}: what is "${word}"?`,
  // If the address is too short, the original shows nothing more.
  show(values, out, view) {
    const { supervision_addr: address } = values;
    if (address === undefined || address.length >= ADDRESS_LENGTH) showRows(rows, values, out, view);
  },
});
