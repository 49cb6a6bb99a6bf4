/** How the messages of a monitor are laid out that are neither a state nor a policy. */
import type { Output } from '../../schema/output.ts';
import type { View } from '../../schema/view.ts';
import type { XfrmMessage } from '../../xfrm/messages.ts';
import type * as structs from '../../xfrm/structs.ts';
import { showAttributes } from './attributes.ts';
import { showProtocolAndSpi } from './identity.ts';
import { showPolicy, showType } from './policy.ts';
import { showSelector } from './selector.ts';
import { addressText, ipProtocolText, transformProtocolText } from './spelling.ts';
import { showAlgorithmMasks } from './template.ts';

type ValueOf<C extends { zero(): unknown }> = ReturnType<C['zero']>;

/** Ends what is printed on one line. */
export function endLine(out: Output, view: View): void {
  if (view.oneLine) out.text('\n');
}

/** A policy wants a state that is not there. */
export function showAcquire(
  message: XfrmMessage<ValueOf<typeof structs.acquire>>,
  wantedFamily: number,
  out: Output,
  view: View,
): void {
  const { info, attributes } = message;
  out.text('acquire ');
  showProtocolAndSpi(info.id, false, out, view);
  out.newline();
  out.open('sel');
  showSelector(info.sel, '  sel ', info.policy.sel.family || wantedFamily, out, view);
  out.close();
  out.text('  policy ');
  out.open('policy');
  showPolicy({ info: info.policy, attributes }, { prefix: '    ', wantedFamily }, out, view);
  out.close();
  if (view.statistics > 0) {
    out.field('seq', info.seq, `  seq 0x${String(info.seq).padStart(8, '0')} `);
    showAlgorithmMasks(info, out);
  }
  out.newline();
  endLine(out, view);
}

/** Mobile IPv6 has met a packet that no state is for. */
export function showReport(
  { info, attributes }: XfrmMessage<ValueOf<typeof structs.report>>,
  wantedFamily: number,
  out: Output,
  view: View,
): void {
  const protocol = transformProtocolText(info.proto);
  out.text('report ');
  out.field('proto', protocol, `proto ${protocol} `);
  out.newline();
  out.open('sel');
  showSelector(info.sel, '  sel ', wantedFamily, out, view);
  out.close();
  const layout = { family: info.sel.family || wantedFamily, prefix: '  ', hidesKeys: false, isPolicy: false };
  showAttributes(attributes, layout, out, view);
  endLine(out, view);
}

/** What has happened to the counters of a state, by bits of its flags. */
const ASYNC_REASONS = [
  [0x10, 'replay update'],
  [0x20, 'timer expired'],
  [0x40, 'policy updated'],
] as const;

/** The counters of a state have changed. */
export function showAsyncEvent(info: ValueOf<typeof structs.asyncEvent>, out: Output): void {
  const { sa_id: state, saddr, flags, reqid } = info;
  const reasons = ASYNC_REASONS.flatMap(([bit, text]) => (flags & bit ? [text] : []));
  const source = addressText(saddr, state.family);
  out.words('reasons', reasons, `Async event  (0x${flags.toString(16)}) `);
  out.text(reasons.map(reason => ` ${reason} `).join(''));
  out.text('\n\t');
  out.field('src', source, `src ${source} `);
  showStateId(state, reqid, out);
}

/** The peer of a state has moved behind its translator of addresses. */
export function showMapping(info: ValueOf<typeof structs.mapping>, out: Output): void {
  const { id, reqid } = info;
  const [from, to] = [addressText(info.old_saddr, id.family), addressText(info.new_saddr, id.family)];
  out.text('Mapping change ');
  out.field('from', `${from}:${info.old_sport}`, `${from}:${info.old_sport} -> `);
  out.field('to', `${to}:${info.new_sport}`, `${to}:${info.new_sport}`);
  out.text('\n\t');
  showStateId(id, reqid, out);
}

function showStateId(
  { daddr, family, proto, spi }: ValueOf<typeof structs.stateId>,
  reqid: number,
  out: Output,
): void {
  const destination = addressText(daddr, family);
  out.field('dst', destination, `dst ${destination} `);
  out.field('reqid', reqid, ` reqid 0x${reqid.toString(16)} `);
  out.field('proto', ipProtocolText(proto), `protocol ${ipProtocolText(proto)} `);
  out.field('spi', spi, ` SPI 0x${spi.toString(16)}`);
  out.text('\n');
}

/** All states of a protocol have been deleted. */
export function showStateFlush(protocol: number, out: Output, view: View): void {
  const text = protocol === 0 ? '0' : transformProtocolText(protocol);
  out.text('Flushed state ');
  out.field('proto', text, `proto ${text}`);
  out.newline();
  endLine(out, view);
}

/** All policies of a type have been deleted. */
export function showPolicyFlush(
  { attributes }: Pick<XfrmMessage<unknown>, 'attributes'>,
  out: Output,
  view: View,
): void {
  out.text('Flushed policy ');
  showType(attributes, out);
  out.newline();
  endLine(out, view);
}

/** Says that a state or policy has expired: softly, or for good. */
export function showHard(hard: number, out: Output, view: View): void {
  out.field('hard', hard !== 0, `\thard ${hard}`);
  out.newline();
  endLine(out, view);
}
