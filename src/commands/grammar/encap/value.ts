/** Encapsulations on the command line: the words after `encap`. A new type is one file and its place in the list. */
import {
  EXIT_USAGE,
  missingArgument,
  UsageError,
  UsageRequest,
  wrongArgument,
} from '../../../schema/args.ts';
import { type Grammar, type Keyword, reads, type Value } from '../../../schema/keywords.ts';
import { synopsisItems, synopsisLines } from '../../../schema/synopsis.ts';
import { ILA } from './ila.ts';
import { IOAM6 } from './ioam6.ts';
import { IP, IP6 } from './ip.ts';
import type { Encap, EncapKind, Tools } from './kind.ts';
import { MPLS } from './mpls.ts';
import { RPL } from './rpl.ts';
import { SEG6 } from './seg6.ts';
import { SEG6LOCAL } from './seg6local.ts';
import { XFRM } from './xfrm.ts';

/** Longest payload that the original sends, headers included. */
const MAX_PAYLOAD = 1020;

/** The types, in the order of help texts. */
const KINDS: readonly EncapKind[] = [MPLS, IP, ILA, IP6, SEG6, SEG6LOCAL, RPL, IOAM6, XFRM];

/** The words that name a type. */
export const ENCAP_WORDS: readonly string[] = KINDS.map(({ word }) => word);

const KEYWORDS: readonly Keyword<EncapDraft, Tools>[] = KINDS.map(({ word, type, operands, read }) =>
  reads(word, operands, (draft, args, tools) => {
    draft.encap = { type, payload: read(args, tools) };
  }),
);

interface EncapDraft {
  encap?: Encap;
}

/** The types with their words, of which one stands after `encap`. */
const ENCAP_GRAMMAR: Grammar<EncapDraft, Tools> = { keywords: KEYWORDS };

/** A type of encapsulation and its words. */
export const ENCAP: Value<Encap, Tools> = {
  synopsis: 'ENCAPTYPE ENCAPHDR',
  grammar: () => ENCAP_GRAMMAR as Grammar,
  isChoice: true,
  read(args, tools) {
    const name = args.next();
    if (name === 'help') throw new UsageRequest(encapUsage());
    if (name === 'bpf') throw new UsageError('Error: encap type "bpf" is not supported by tsip yet.');
    const kind = KINDS.find(({ word }) => word === name);
    if (kind === undefined) throw wrongArgument(name, '"encap type" value is invalid\n');
    args.next();
    const isAlone = args.done;
    args.back();
    if (isAlone) throw missingArgument('encap type');
    const payload = kind.read(args, tools);
    if (payload.length > MAX_PAYLOAD)
      throw new UsageError('rta_addattr_l: Error! max allowed bound 1024 exceeded', EXIT_USAGE);
    return { type: kind.type, payload };
  },
};

/** What a synopsis shows of one type. */
export function encapItems({ operands }: EncapKind): string[] {
  return operands.flatMap(({ synopsis, grammar }) =>
    grammar === undefined ? [synopsis] : synopsisItems(grammar()),
  );
}

/** Each type with its words. */
function encapUsage(): string {
  const lines = KINDS.map(kind => synopsisLines(`  ${kind.word}`, encapItems(kind)));
  return `Usage: ip route ... encap TYPE [ OPTIONS ] [...]\n\n${lines.join('\n')}\n`;
}
