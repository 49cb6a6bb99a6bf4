/** A line that lacks something: what it is, and what it could be. */
import type { Hint } from './failure.ts';
import { joined, listed, operandAt, placeAt, thereAre } from './line.ts';
import { complaintOf } from './request.ts';
import type { SystemView } from './system-view.ts';

/** Complaints about what is missing, by their beginning, and the words that mend it. */
const REQUIRED: readonly (readonly [
  complaint: RegExp,
  mend: (words: readonly string[], system: SystemView) => string,
])[] = [
  [/"dev" argument is required|"dev" is required/, (_, system) => whichDevice(system)],
  [
    /^Device and (destination|address) are required/,
    (_, system) =>
      `say for which address, and on which device: 'ADDRESS dev DEVICE'; ${thereAre(system.devices())}`,
  ],
  [
    /^You failed to specify a tunnel mode/,
    () => "'mode tun' makes a device for packets, 'mode tap' one for frames",
  ],
  [
    /^No command specified/,
    words => `the program to run there follows: '${words.join(' ')} ip link', for example`,
  ],
  [/^No netns name specified/, (_, system) => whichNamespace(system)],
  [
    /^No netns name and PID specified/,
    words => `a new name and a process follow: '${words.slice(0, 2).join(' ')} NAME PID'`,
  ],
  [
    /^"ip rule (?:add|del)" requires arguments/,
    words => `what the rule is for follows, and the table: '${words.join(' ')} from 10.0.0.0/8 table 100'`,
  ],
  [/^Flush requires arguments/, words => `say what to flush: '${words.join(' ')} dev DEVICE', for example`],
  [/^Not enough information: stat type/, words => `'${words.join(' ')} l3_stats on'`],
];

function whichDevice(system: SystemView): string {
  return `say which device: 'dev DEVICE'; ${thereAre(system.devices())}`;
}

function whichNamespace(system: SystemView): string {
  const names = system.namespaces();
  return names.length === 0
    ? "a name follows; there is none yet: 'netns add NAME' makes one"
    : `a name follows; ${thereAre(names)}`;
}

export const incomplete: Hint = async ({ words, error }, system) => {
  const complaint = complaintOf(error) ?? '';
  for (const [pattern, mend] of REQUIRED) if (pattern.test(complaint)) return mend(words, system);
  if (!complaint.startsWith('Command line is not complete')) return undefined;
  const place = await placeAt(words, words.length);
  const operand = operandAt(place);
  const last = words.at(-1);
  if (operand !== undefined) {
    const { words: choices = [], names, synopsis } = operand;
    if (names === 'device') return `after "${last}" comes a device: ${listed(system.devices())}`;
    if (choices.length > 0) return `after "${last}" comes ${joined(choices, 'or')}`;
    return `after "${last}" comes ${synopsis}`;
  }
  const keywords = place?.expected.keywords.filter(({ isHidden }) => !isHidden).map(({ word }) => word) ?? [];
  return keywords.length === 0 ? undefined : `after "${last}" may come ${listed(keywords)}`;
};
