/** The parameters of a device in the words that follow `type`: those that the kernel would not choose by itself. */

import type { LinkKind } from '../../rtnetlink/kind.ts';
import { loadKind } from '../../rtnetlink/kinds/load.ts';
import { Args } from '../../schema/args.ts';
import { EARLIER, type Switches, type Values } from '../../schema/facets.ts';
import type { Names } from '../../schema/names.ts';
import { type Output, printNumbers } from '../../schema/output.ts';
import { keywordsOf, parseRow } from '../../schema/parse.ts';
import type { AnyRow } from '../../schema/row.ts';
import { showRows } from '../../schema/show.ts';
import type { View } from '../../schema/view.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { LiveLink } from '../observe.ts';
import type { IpWords } from '../words.ts';
import type { Scratch } from './scratch.ts';
import { exportView } from './view.ts';

/** Numbers as they are: what names them may differ on another host. */
const NUMBERS: Pick<Names, 'name' | 'number'> = {
  name: (_table, number) => String(number),
  number: (_table, word) => (/^\d+$/.test(word) ? Number(word) : undefined),
};

/** A device's kind with its parameters, and the parameters for which there are no words. */
export interface KindText {
  readonly text: string;
  /** Whether a device of this kind stands on another one, which `link` names. */
  readonly hasLower: boolean;
  /** The device as the kernel makes it by these words; undefined if that could not be tried. */
  readonly trial: LiveLink | undefined;
  readonly lost: readonly string[];
}

/** The words for a device; undefined for kinds that no request makes. */
export async function kindText(
  link: LiveLink,
  devices: ReadonlyMap<string, number>,
  words: IpWords,
  scratch: Scratch | undefined,
  /** Words that stand before others whatever they are. */
  lead = '',
): Promise<KindText | undefined> {
  const { kind: name = '', data = Buffer.alloc(0) } = link;
  const kind = await loadKind(name);
  if (kind === undefined) return undefined;
  const required = kind.required ?? [];
  const hasLower = (required as readonly string[]).includes('link') && link.link !== 0;
  const live = kind.table.decode(data, 0, data.length) as Values;
  const parameters = parametersOf(kind, live, devices);
  const make = (rows: Iterable<string>) =>
    [name, lead, ...[...rows].flatMap(row => parameters.get(row) ?? [])].filter(Boolean).join(' ');
  const trialOf = async (text: string) => scratch?.device(words, text, hasLower, devices.keys());
  const least = [...parameters.keys()].filter(row => (required as readonly string[]).includes(row));
  const identity = [
    ...least,
    ...IDENTITY.filter(row => parameters.has(row) && !least.includes(row) && !isNothing(live[row])),
  ];
  let trial = (await trialOf(make(least))) ?? (await trialOf(make(identity)));
  const differ = (other: LiveLink | undefined) => {
    if (other === undefined) return [...Object.keys(live)];
    const fresh = kind.table.decode(other.data ?? Buffer.alloc(0), 0, other.data?.length ?? 0) as Values;
    return Object.keys({ ...live, ...fresh }).filter(row => !isEqual(kind, row, live[row], fresh[row]));
  };
  const different = differ(trial);
  const chosen = [...parameters.keys()].filter(row => identity.includes(row) || different.includes(row));
  const text = make(trial === undefined ? parameters.keys() : chosen);
  if (trial !== undefined) trial = await trialOf(text);
  const lost =
    trial === undefined
      ? []
      : differ(trial).filter(row => !NOT_SET.has(row) && isSettable(kind.table.rows[row]!));
  return { text, hasLower, trial, lost };
}

/** What makes a tunnel the one that it is: without these some kinds cannot be made. */
const IDENTITY = [
  'mode',
  'id',
  'vni',
  'local',
  'local6',
  'remote',
  'remote6',
  'group',
  'group6',
  'if_id',
  'collect_metadata',
  'link',
];

/** Parameters that follow from where a device is. */
const NOT_SET: ReadonlySet<string> = new Set(['link', 'fdb_flush', 'group_addr']);

function isSettable({ words }: AnyRow): boolean {
  return words.keyword !== false || words.standalone !== undefined || words.bits !== undefined;
}

function isEqual(kind: LinkKind, name: string, one: unknown, other: unknown): boolean {
  if (one === undefined || other === undefined) return one === other;
  const bytes = (value: unknown) => {
    const out = new MessageWriter(0, 0);
    const start = out.length;
    kind.table.encode(out, { [name]: value });
    return Buffer.from(out.bytes.subarray(start, out.length));
  };
  return bytes(one).equals(bytes(other));
}

/** The words of each parameter that words can set to the value that it has. */
function parametersOf(
  kind: LinkKind,
  live: Values,
  devices: ReadonlyMap<string, number>,
): Map<string, readonly string[]> {
  const view = exportView(devices, 2, NUMBERS);
  const found = new Map<string, readonly string[]>();
  for (const [name, row] of Object.entries(kind.table.rows)) {
    const value = live[name];
    if (value === undefined) continue;
    const words = candidates(kind, name, row, value, view).find(words => {
      const read = valuesOf(kind, words, view);
      return read !== undefined && Object.keys(read).every(key => isSame(kind, key, read[key], live));
    });
    if (words !== undefined && words.length > 0) found.set(name, words);
  }
  return found;
}

/** Whether words set what a device has; of flags only those that they name. */
function isSame(kind: LinkKind, name: string, value: unknown, live: Values): boolean {
  const { type, words } = kind.table.rows[name]!;
  const { switches } = words;
  // Two rows may be of one attribute.
  const known = Object.keys(live).find(other => kind.table.rows[other]!.type === type);
  const there = known === undefined ? undefined : live[known];
  if (switches === undefined)
    return there === undefined ? isNothing(value) : isEqual(kind, name, value, there);
  const [given, has] = [value as Switches, there as Switches | undefined];
  return has !== undefined && (has.flags & given.mask) === given.flags;
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === 0 || value === '0.0.0.0' || value === '::';
}

function valuesOf(kind: LinkKind, words: readonly string[], { names }: View): Values | undefined {
  const draft: Values = {};
  const args = new Args([...words]);
  try {
    while (!args.done)
      if (!parseRow(kind.table.rows, args, draft, { names, isAdd: true, warn: () => undefined }))
        return undefined;
  } catch {
    return undefined; // What is shown is not what is read.
  }
  delete (draft as { [EARLIER]?: unknown })[EARLIER];
  return draft;
}

/** Words that may set a parameter to a value, the likeliest first. */
function candidates(kind: LinkKind, name: string, row: AnyRow, value: unknown, view: View): string[][] {
  const { words } = row;
  if (words.switches !== undefined) {
    const { bits, spelling } = words.switches;
    const { flags, mask } = value as Switches;
    return [
      Object.entries(bits)
        .filter(([, bit]) => (mask & bit) !== 0)
        .flatMap(([word, bit]) => [word, spelling.show((flags & bit) === 0 ? 0 : 1, view)]),
    ];
  }
  if (words.bits !== undefined) {
    const number = value as number;
    return [
      Object.entries(words.bits)
        .filter(([, change]) =>
          'set' in change ? (number & change.set) !== 0 : (number & change.clear) === 0,
        )
        .map(([word]) => word),
    ];
  }
  const alone = Object.entries(words.standalone ?? {})
    .filter(([, set]) => set === value)
    .map(([word]) => [word]);
  const keywords = keywordsOf(kind.table.rows).filter(keyword => keyword.row.type === row.type);
  const shown = [words.spelling.show(value, view), plain(value)].filter(text => text !== '');
  const spelt = keywords.flatMap(({ word, operands }) =>
    operands.length === 0 ? [[word]] : shown.map(text => [word, ...text.trim().split(/\s+/)]),
  );
  return [...alone, ...spelt, linesOf(kind, name, value, view)];
}

function plain(value: unknown): string {
  return typeof value === 'object' ? '' : String(value);
}

/** The words that details of a device have for the parameter. */
function linesOf(kind: LinkKind, name: string, value: unknown, view: View): string[] {
  let text = '';
  const write = (piece: string) => {
    text += piece;
  };
  const labelled = (_key: string, label: string, value: string | number) => write(`${label}${value} `);
  const out: Output = {
    field: (_key, _value, piece) => write(piece),
    labelled,
    numbers: (row, source) => printNumbers(row, source, { labelled }),
    text: write,
    lines: () => undefined,
    data: () => undefined,
    open: () => undefined,
    close: () => undefined,
    list: (_key, piece = '') => write(piece),
    item: (_value, piece) => write(piece),
    end: (piece = '') => write(piece),
    words: (_key, _words, piece) => write(piece),
    newline: () => write(' '),
  };
  showRows({ [name]: kind.table.rows[name]! }, { [name]: value }, out, view);
  return text.split(/[\s{}]+/).filter(Boolean);
}
