/** How channels and associations of MACsec devices are laid out. */
import type {
  MacsecAssociation,
  MacsecAttributes,
  MacsecChannel,
  MacsecDevice,
} from '../../genetlink/macsec.ts';
import { MACSEC_CIPHERS } from '../../rtnetlink/kinds/macsec.ts';
import { formatHex } from '../../schema/number.ts';
import type { Output } from '../../schema/output.ts';
import type { View } from '../../schema/view.ts';

const VALIDATION = ['disabled', 'check', 'strict'];
const OFFLOADS = ['off', 'phy', 'mac'];
/** The cipher suites that have packet numbers of 64 bits. */
const EXTENDED: ReadonlySet<bigint> = new Set([0x0080c20001000003n, 0x0080c20001000004n]);
const CHANNEL_DIGITS = 16;
const SSCI_DIGITS = 8;

const DEVICE_COUNTERS = {
  out_pkts_untagged: 'OutPktsUntagged',
  in_pkts_untagged: 'InPktsUntagged',
  out_pkts_too_long: 'OutPktsTooLong',
  in_pkts_no_tag: 'InPktsNoTag',
  in_pkts_bad_tag: 'InPktsBadTag',
  in_pkts_unknown_sci: 'InPktsUnknownSCI',
  in_pkts_no_sci: 'InPktsNoSCI',
  in_pkts_overrun: 'InPktsOverrun',
};
const SENT_COUNTERS = {
  out_pkts_protected: 'OutPktsProtected',
  out_pkts_encrypted: 'OutPktsEncrypted',
  out_octets_protected: 'OutOctetsProtected',
  out_octets_encrypted: 'OutOctetsEncrypted',
};
const RECEIVED_COUNTERS = {
  in_octets_validated: 'InOctetsValidated',
  in_octets_decrypted: 'InOctetsDecrypted',
  in_pkts_unchecked: 'InPktsUnchecked',
  in_pkts_delayed: 'InPktsDelayed',
  in_pkts_ok: 'InPktsOK',
  in_pkts_invalid: 'InPktsInvalid',
  in_pkts_late: 'InPktsLate',
  in_pkts_not_valid: 'InPktsNotValid',
  in_pkts_not_using_sa: 'InPktsNotUsingSA',
  in_pkts_unused_sa: 'InPktsUnusedSA',
};
const SENT_BY_ASSOCIATION = {
  out_pkts_protected: 'OutPktsProtected',
  out_pkts_encrypted: 'OutPktsEncrypted',
};
const RECEIVED_BY_ASSOCIATION = {
  in_pkts_ok: 'InPktsOK',
  in_pkts_invalid: 'InPktsInvalid',
  in_pkts_not_valid: 'InPktsNotValid',
  in_pkts_not_using_sa: 'InPktsNotUsingSA',
  in_pkts_unused_sa: 'InPktsUnusedSA',
};

/** Whether a message has all that is shown of a device. */
export function isWhole(found: MacsecAttributes): boolean {
  const { ifindex, secy, txsa_list, rxsc_list, txsc_stats, secy_stats } = found;
  const isEach = (parts: readonly unknown[]) => parts.every(part => part !== undefined);
  if (!isEach([ifindex, txsa_list, rxsc_list, txsc_stats, secy_stats]) || secy === undefined) return false;
  const { sci, encoding_sa, cipher_suite, icv_len, protect, replay, oper, ...others } = secy;
  const { validate, encrypt, inc_sci, es, scb } = others;
  return (
    isEach([sci, encoding_sa, cipher_suite, icv_len, protect, replay]) &&
    isEach([oper, validate, encrypt, inc_sci, es, scb])
  );
}

/** Prints a device with its channels, in a separate object for programs. */
export function showMacsec(found: MacsecAttributes, out: Output, view: View): void {
  const { ifindex = 0, secy = {}, txsa_list = [], rxsc_list = [], offload } = found;
  const isExtended = EXTENDED.has(secy.cipher_suite ?? 0n);
  out.open();
  out.field('ifindex', ifindex, `${ifindex}: `);
  const name = view.names.device(ifindex);
  out.field('ifname', name, `${name}: `, 'ifname');
  showSwitches(secy, out);
  showSuite(secy, out);
  showSentChannel(found, out, view);
  showAssociations(txsa_list, SENT_BY_ASSOCIATION, isExtended, out, view);
  out.list('rx_sc');
  for (const channel of rxsc_list) showChannel(channel, isExtended, out, view);
  out.end();
  const type = offload?.type;
  if (type !== undefined) {
    const word = OFFLOADS[type] ?? '(unknown)';
    out.field('offload', word, `    offload: ${word} `);
    out.newline();
  }
  out.close();
}

function showSwitches(secy: MacsecDevice, out: Output): void {
  const show = (key: string, value: number | undefined) =>
    out.field(key, Boolean(value), `${key} ${value ? 'on' : 'off'} `);
  const { validate = 0, inc_sci, es, scb } = secy;
  if (secy.protect !== undefined) show('protect', secy.protect);
  const word = VALIDATION[validate] ?? '(unknown)';
  out.field('validate', word, `validate ${word} `);
  show('sc', 0);
  show('sa', 0);
  show('encrypt', secy.encrypt);
  show('send_sci', inc_sci);
  show('end_station', es);
  show('scb', scb);
  show('replay', secy.replay);
  const { window } = secy;
  if (window !== undefined) out.field('window', window, `window ${window} `);
  out.newline();
}

function showSuite({ cipher_suite: suite = 0n, icv_len: length = 0 }: MacsecDevice, out: Output): void {
  const name = MACSEC_CIPHERS.get(suite) ?? '(unknown)';
  out.field('cipher_suite', name, `    cipher suite: ${name},`);
  out.field('icv_length', length, ` using ICV length ${length}`);
  out.text('\n');
}

function showSentChannel({ secy = {}, ...found }: MacsecAttributes, out: Output, view: View): void {
  const { sci = 0n, encoding_sa: encoding = 0 } = secy;
  out.field('sci', formatHex(sci), `    TXSC: ${channelText(sci)}`);
  out.field('encoding_sa', encoding, ` on SA ${encoding}`);
  out.text('\n');
  if (view.statistics === 0) return;
  showCounters(found.secy_stats, DEVICE_COUNTERS, out);
  showCounters(found.txsc_stats, SENT_COUNTERS, out);
}

function channelText(sci: bigint): string {
  return sci.toString(16).padStart(CHANNEL_DIGITS, '0');
}

function showChannel(channel: MacsecChannel, isExtended: boolean, out: Output, view: View): void {
  const { sci = 0n, active, sa_list = [], stats } = channel;
  out.open();
  out.field('sci', formatHex(sci), `    RXSC: ${channelText(sci)},`);
  out.field('active', Boolean(active), ` state ${active ? 'on' : 'off'}`);
  out.text('\n');
  if (view.statistics > 0) showCounters(stats, RECEIVED_COUNTERS, out);
  showAssociations(sa_list, RECEIVED_BY_ASSOCIATION, isExtended, out, view);
  out.close();
}

function showAssociations(
  associations: readonly MacsecAssociation[],
  counters: Readonly<Record<string, string>>,
  isExtended: boolean,
  out: Output,
  view: View,
): void {
  out.list('sa_list');
  for (const association of associations) {
    const { an = 0, active, pn = 0, keyid = Buffer.alloc(0), ssci = 0 } = association;
    out.open();
    out.field('an', an, `        ${an}:`);
    out.field('pn', pn, ` PN ${pn},`);
    if (isExtended) {
      const digits = ssci.toString(16).padStart(SSCI_DIGITS, '0');
      out.field('ssci', formatHex(ssci), `SSCI ${digits}`);
    }
    out.field('active', Boolean(active), ` state ${active ? 'on' : 'off'},`);
    out.field('key', keyid.toString('hex'), ` key ${keyid.toString('hex')}`);
    out.text('\n');
    if (view.statistics > 0) showCounters(association.stats, counters, out);
    out.close();
  }
  out.end();
}

/** Counters for people in two lines, each below its name. */
function showCounters(
  values: Readonly<Record<string, number | bigint | undefined>> | undefined,
  names: Readonly<Record<string, string>>,
  out: Output,
): void {
  if (values === undefined) return;
  const entries = Object.entries(names);
  out.text(`    stats:${entries.map(([, name]) => ` ${name}`).join('')}\n          `);
  for (const [key, name] of entries) {
    const value = values[key];
    const text = ` ${String(value ?? '-').padStart(name.length)}`;
    if (value === undefined) out.text(text);
    else out.field(name, value, text);
  }
  out.text('\n');
}
