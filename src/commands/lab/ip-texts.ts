/** Routes and rules in the words of `ip`, by the layouts of the programs: what reads them again is ip-words.ts. */

import { exportView } from '../../lab/export/view.ts';
import { showRoute } from '../../layouts/route/route.ts';
import { showRule } from '../../layouts/rule.ts';
import { textOutput } from '../../output/text.ts';
import { RouteReader } from '../../rtnetlink/route-reader.ts';
import { decodeRule } from '../../rtnetlink/rule.ts';
import type { NameTable } from '../../schema/names.ts';
import { type Message, splitDatagram } from '../../wire/message.ts';

/** Names that every host knows; of others the file of another host may know nothing. */
const NAMES: Readonly<Partial<Record<NameTable, Readonly<Record<number, string>>>>> = {
  tables: { 253: 'default', 254: 'main', 255: 'local' },
  protocols: { 2: 'kernel', 3: 'boot', 4: 'static', 16: 'dhcp' },
  scopes: { 0: 'global', 200: 'site', 253: 'link', 254: 'host', 255: 'nowhere' },
};

/** The line that `ip route show` or `ip rule show` has for a message. */
export function textOf(kind: 'route' | 'rule', bytes: Buffer, devices: ReadonlyMap<string, number>): string {
  const [message] = splitDatagram(bytes).messages;
  let text = '';
  const sink = {
    write: (piece: string) => {
      text += piece;
    },
    flush: () => undefined,
  };
  const out = textOutput(sink, { oneLine: true, palette: undefined });
  const view = exportView(devices, 0, { name: nameOf });
  if (kind === 'route') {
    const route = new RouteReader();
    if (message !== undefined && route.read(message)) showRoute(route, out, { ...view, known: {} });
  } else {
    const rule = decodeRule(message as Message);
    if (rule !== undefined) showRule(rule, false, out, view);
  }
  return text.replaceAll('\\', ' ').replace(/\s+/g, ' ').trim();
}

function nameOf(table: NameTable, number: number): string {
  return NAMES[table]?.[number] ?? (table === 'dsfield' ? `0x${number.toString(16)}` : String(number));
}
