/** `ip netns set` and `list-id`: ids of namespaces, as this one, or another that it knows by id, gives them. */

import { closeSync, openSync } from 'node:fs';
import { showNsid } from '../../layouts/nsid.ts';
import { RTM_GETNSID, RTM_NEWNSID } from '../../linux/rtnetlink.ts';
import { fileOfNamespace } from '../../namespaces/targets.ts';
import { decodeNsid, NSID_UNASSIGNED, type NsidValues, nsidRequest } from '../../rtnetlink/nsid.ts';
import { type Args, duplicateArgument, UsageError, UsageRequest, wrongArgument } from '../../schema/args.ts';
import { type Grammar, type Keyword, reads, readWords } from '../../schema/keywords.ts';
import { parseSigned } from '../../schema/number.ts';
import { encodeText } from '../../wire/text.ts';
import type { Context } from '../frame/context.ts';
import { CommandFailed } from '../frame/report.ts';

/** Gives a namespace an id. */
export async function setId(args: Args, context: Context): Promise<number> {
  if (args.done) throw new UsageError('No netns name specified');
  const name = args.next();
  if (args.done) throw new UsageError('No nsid specified');
  const nsid = parseNewId(args.next());
  const descriptor = openQuietly(name);
  try {
    await context.request(nsidRequest(RTM_NEWNSID, { fd: descriptor, nsid }));
  } finally {
    closeSync(descriptor);
  }
  return 0;
}

function parseNewId(word: string): number {
  if (word === 'auto') return NSID_UNASSIGNED;
  const nsid = parseSigned(word);
  if (nsid === undefined) throw wrongArgument(word, 'Invalid "netnsid" value');
  if (nsid < 0) throw wrongArgument(word, '"netnsid" value should be >= 0');
  return nsid;
}

/** The original does not say why it fails. */
function openQuietly(name: string): number {
  try {
    return openSync(encodeText(fileOfNamespace(name)), 'r');
  } catch {
    throw new CommandFailed();
  }
}

/** Lists ids: all, or one; those of this namespace, or those of a target next to the ids that they have here. */
export async function listIds(args: Args, context: Context): Promise<number> {
  const wanted: NsidValues = {};
  readWords(LIST_ID_GRAMMAR, wanted, args, context);
  if (!args.done) throw new UsageRequest();
  const { namespaces } = context;
  namespaces.read();
  const request = nsidRequest(RTM_GETNSID, wanted);
  const answers =
    wanted.nsid === undefined ? context.dump(request) : [await context.request(request, 'answer')];
  const out = context.output();
  out.list();
  try {
    for await (const messages of answers) {
      for (const message of messages) {
        const values = decodeNsid(message);
        if (values.nsid === undefined)
          throw new UsageError('BUG: NETNSA_NSID is missing print_nsid\nDump terminated');
        showNsid(values, out, (own, nsid) => namespaces.find(own, nsid));
      }
    }
  } finally {
    out.end();
  }
  return 0;
}

/** The keywords of `list-id`. */
export const LIST_ID_GRAMMAR: Grammar<NsidValues, Context> = {
  keywords: [idKeyword('target-nsid', 'target_nsid'), idKeyword('nsid', 'nsid')],
};

function idKeyword(word: string, member: 'target_nsid' | 'nsid'): Keyword<NsidValues, Context> {
  return reads(word, [{ synopsis: 'POSITIVE-INT', examples: ['0', '7'] }], (wanted, args) => {
    if (wanted[member] !== undefined) throw duplicateArgument(word, word);
    wanted[member] = parseId(args.next(), word);
  });
}

function parseId(word: string, keyword: string): number {
  const nsid = parseSigned(word);
  if (nsid === undefined) throw wrongArgument(word, `"${keyword}" value is invalid`);
  // The original has lost the word by then.
  if (nsid < 0) throw wrongArgument('(null)', `"${keyword}" value should be >= 0`);
  return nsid;
}
