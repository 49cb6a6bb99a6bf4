/**
 * What a link kind is: a name, its attributes (IFLA_INFO_DATA, or IFLA_INFO_SLAVE_DATA where the name ends in
 * `_slave`), its usage text, and what rows cannot say. Source: linux/if_link.h, net/rtnetlink.h.
 */
import { type Args, isPrefixOf, UsageError } from '../schema/args.ts';
import { EARLIER, earlierValues, type ParseTools, type Values } from '../schema/facets.ts';
import type { Output } from '../schema/output.ts';
import { keywordsOf, parseRow } from '../schema/parse.ts';
import type { Rows, ValuesOf } from '../schema/row.ts';
import { showRows } from '../schema/show.ts';
import { type Table, table } from '../schema/table.ts';
import type { View } from '../schema/view.ts';
import { ipv6 } from '../wire/codec.ts';
import { attributeLength, findAttribute, walkAttributes } from '../wire/message.ts';
import { MessageWriter } from '../wire/writer.ts';
import type { LinkMessage } from './link.ts';

/** What a kind may need to know of the command around it. */
export interface LinkTools extends ParseTools {
  /** The kind as it was asked for: some kinds share one description. */
  readonly kind: string;
  /** The name of the device being made or changed, when one is given. */
  readonly deviceName: string | undefined;
  /** IFLA_INFO_DATA of the device being changed, as it is now; undefined when it has none. */
  existingData(): Buffer | undefined;
  /**
   * Reads the general arguments of a second device (`peer NAME ...`) to the end of the line, or up to and including
   * `type KIND`, which is for the kind to complain about.
   */
  parsePeer(args: Args): LinkMessage & { readonly kind?: string };
}

/** The facets of a kind that its rows do not imply. */
export interface KindFacets<R extends Rows, Q extends string = never> {
  /** Parameters without which the kernel makes no such device; `link` is the device below. */
  readonly required?: readonly Q[];
  /** Complaint about a word that is not a keyword; `NAME: unknown command "WORD"?` if left out, the usage if false. */
  readonly unknownWord?: false | ((word: string, kind: string) => string);
  /** Which words ask for help: those that abbreviate `help` if left out. */
  readonly help?: 'exact' | 'none';
  /**
   * What the arguments are read into, for kinds whose requests always describe the whole device: its default values,
   * or, if a device is changed, those that it has.
   */
  readonly start?: (existing: ValuesOf<R> | undefined) => ValuesOf<R>;
  /** Rows that the original collects: of values given again it sends the last one only, not each, as of other rows. */
  readonly sentOnce?: readonly (keyof R & string)[];
  /** Reads all arguments in an irregular way. */
  readonly parse?: (args: Args, draft: ValuesOf<R>, tools: LinkTools) => void;
  /** Rules across arguments: checks and completes the draft after the last word. */
  readonly finish?: (draft: ValuesOf<R>, tools: LinkTools) => void;
  /** Prints all values in an irregular way. */
  readonly show?: (values: ValuesOf<R>, out: Output, view: View) => void;
}

export interface LinkKind<N extends string = string, R extends Rows = Rows, Q extends string = string>
  extends KindFacets<R, Q> {
  readonly name: N;
  /** Empty if the original has no text for the kind, and `ip link help NAME` is that of `ip link`. */
  readonly usage: string;
  readonly table: Table<R>;
  /** Whether `linkinfo` has `info_data` for programs: whether a row is printed. */
  readonly hasDetails: boolean;
}

/** Describes a link kind. */
export function linkKind<
  const N extends string,
  const R extends Rows,
  const Q extends (keyof R & string) | 'link' = never,
>(name: N, usage: string, rows: R, facets: KindFacets<R, Q> = {}): LinkKind<N, R, Q> {
  const hasDetails = Object.values(rows).some(({ words }) => words.show !== false);
  return { ...facets, name, usage, table: table(rows), hasDetails };
}

/** Whether any arguments may follow the kind. */
export function takesArguments(kind: LinkKind): boolean {
  return kind.parse !== undefined || keywordsOf(kind.table.rows).length > 0;
}

/** Reads the arguments after `type KIND` to the end of the line. */
export function parseKind(kind: LinkKind, args: Args, tools: LinkTools): Values {
  const draft: Values = kind.start?.(existingValues(kind, tools)) ?? { [EARLIER]: {} };
  if (kind.parse !== undefined) {
    kind.parse(args, draft, tools);
  } else {
    while (!args.done) {
      if (parseRow(kind.table.rows, args, draft, tools)) continue;
      const word = args.next();
      if (kind.unknownWord === false || asksForHelp(word, kind)) throw new UsageError(kind.usage);
      const complaint = kind.unknownWord?.(word, tools.kind) ?? `${tools.kind}: unknown command "${word}"?`;
      throw new UsageError(`${complaint}\n${kind.usage}`);
    }
  }
  for (const name of kind.sentOnce ?? []) delete earlierValues(draft)?.[name];
  kind.finish?.(draft, tools);
  return draft;
}

function existingValues(kind: LinkKind, tools: LinkTools): Values | undefined {
  if (tools.isAdd) return undefined;
  const data = tools.existingData();
  if (data === undefined || hasOtherAddresses(kind, data))
    throw new UsageError('Failed to get existing tunnel info.');
  const whole = withPadding(data);
  return kind.table.decode(whole, 0, whole.length);
}

/** Rows that hold addresses in the kinds that read what is there, with their lengths where all kinds have the same. */
const ADDRESSES = { local: undefined, remote: undefined, sixrd_prefix: 16, sixrd_relay_prefix: 4 };

/** Whether the device is of another kind, as seen by what would be its addresses: they are none of this kind's families. */
function hasOtherAddresses({ table: { rows } }: LinkKind, data: Buffer): boolean {
  return Object.entries(ADDRESSES).some(([name, length]) => {
    const row = rows[name];
    const at = row === undefined ? 0 : findAttribute(data, 0, data.length, row.type);
    return at !== 0 && attributeLength(data, at) !== (length ?? (row?.codec === ipv6 ? 16 : 4));
  });
}

/** The attributes of another kind may be shorter than those that they are taken for: their padding counts, too. */
function withPadding(data: Buffer): Buffer {
  const whole = Buffer.from(data);
  walkAttributes(data, 0, data.length, (_type, start, length) => {
    if (length > 0) whole.writeUInt16LE(4 + Math.min((length + 3) & ~3, data.length - start), start - 4);
  });
  return whole;
}

/** The attribute of IFLA_INFO_DATA or IFLA_INFO_SLAVE_DATA that the arguments of a kind make. */
export function encodeKind(kind: LinkKind, values: Values): Buffer {
  const out = new MessageWriter(0, 0);
  const start = out.length;
  kind.table.encode(out, values);
  return Buffer.from(out.bytes.subarray(start, out.length));
}

function asksForHelp(word: string, { help }: LinkKind): boolean {
  if (help === undefined) return isPrefixOf(word, 'help');
  return help === 'exact' && word === 'help';
}

/** Complaint of the kinds that speak of options. */
export function unknownOption(word: string, kind: string): string {
  return `${kind}: unknown option "${word}"?`;
}

/** Prints the values of a kind as the details of a link. */
export function showKind(kind: LinkKind, values: Values, out: Output, view: View): void {
  if (kind.show !== undefined) kind.show(values, out, view);
  else showRows(kind.table.rows, values, out, view);
}
