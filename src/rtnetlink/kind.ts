/**
 * What a link kind is: a name, its attributes (IFLA_INFO_DATA, or IFLA_INFO_SLAVE_DATA where the name ends in
 * `_slave`), its usage text, and what rows cannot say. Source: linux/if_link.h, net/rtnetlink.h.
 */
import { type Args, UsageError, UsageRequest } from '../schema/args.ts';
import type { Output } from '../schema/output.ts';
import { parseRow } from '../schema/parse.ts';
import type { ParseTools, Rows, Values, ValuesOf } from '../schema/row.ts';
import { showRows } from '../schema/show.ts';
import { type Table, table } from '../schema/table.ts';
import type { View } from '../schema/view.ts';
import type { MessageWriter } from '../wire/writer.ts';

/** What a kind may need to know of the command around it. */
export interface LinkTools extends ParseTools {
  /** The kind as it was asked for: some kinds share one description. */
  readonly kind: string;
  /** The name of the device being made or changed, when one is given. */
  readonly deviceName: string | undefined;
  /** Reads the general arguments of a second device (`peer NAME ...`) and answers how to write them. */
  parsePeer(args: Args): (out: MessageWriter) => void;
}

/** The facets of a kind that its rows do not imply. */
export interface KindFacets<R extends Rows> {
  /** Complaint about a word that is no keyword; `NAME: unknown command "WORD"?` when left out. */
  readonly unknownWord?: (word: string, kind: string) => string;
  /** Reads all arguments in an irregular way. */
  readonly parse?: (args: Args, draft: ValuesOf<R>, tools: LinkTools) => void;
  /** Rules across arguments: checks and completes the draft after the last word. */
  readonly finish?: (draft: ValuesOf<R>, tools: LinkTools) => void;
  /** Prints all values in an irregular way. */
  readonly show?: (values: ValuesOf<R>, out: Output, view: View) => void;
  /** `linkinfo` has no `info_data` for programs: the original has no printer for this kind. */
  readonly isSilent?: boolean;
}

export interface LinkKind<N extends string = string, R extends Rows = Rows> extends KindFacets<R> {
  readonly name: N;
  readonly usage: string;
  readonly table: Table<R>;
}

/** Describes a link kind. */
export function linkKind<const N extends string, const R extends Rows>(
  name: N,
  usage: string,
  rows: R,
  facets: KindFacets<R> = {},
): LinkKind<N, R> {
  return { ...facets, name, usage, table: table(rows) };
}

/** Reads the arguments after `type KIND` to the end of the line. */
export function parseKind(kind: LinkKind, args: Args, tools: LinkTools): Values {
  const draft: Values = {};
  if (kind.parse !== undefined) {
    kind.parse(args, draft, tools);
  } else {
    while (!args.done) {
      if (args.acceptPrefix('help')) throw new UsageRequest(kind.usage);
      if (!parseRow(kind.table.rows, args, draft, tools)) {
        const word = args.next();
        const complaint = kind.unknownWord?.(word, tools.kind) ?? `${tools.kind}: unknown command "${word}"?`;
        throw new UsageError(`${complaint}\n${kind.usage}`);
      }
    }
  }
  kind.finish?.(draft, tools);
  return draft;
}

/** Prints the values of a kind as the details of a link. */
export function showKind(kind: LinkKind, values: Values, out: Output, view: View): void {
  if (kind.show !== undefined) kind.show(values, out, view);
  else showRows(kind.table.rows, values, out, view);
}
