/** `checks`: what must be true of the lab, as short sentences. */

import { isIP } from 'node:net';
import type { CheckModel } from '../model.ts';
import type { Draft } from './draft.ts';
import { pathText, unknownWord } from './problems.ts';
import { readMilliseconds } from './quantities.ts';
import type { LabCheck } from './shape.ts';
import { type Path, placeAt } from './tree.ts';

const VERBS = ['ping', 'tcp', 'exec'] as const;
const MAX_PORT = 65535;

/** One check; undefined if it is wrong, which is added to the problems. */
export function readCheck(said: LabCheck, path: Path, draft: Draft): CheckModel | undefined {
  const { problems, tree } = draft;
  const isText = typeof said === 'string';
  const member = isText ? undefined : said.not !== undefined ? 'not' : 'check';
  const at = member === undefined ? path : [...path, member];
  const place = placeAt(tree, at);
  const fail = (message: string): undefined => problems.add(message, pathText(at), place) as undefined;
  if (!isText && (said.check === undefined) === (said.not === undefined))
    return fail('must have either "check" or "not"');
  const text = isText ? said : (said.check ?? said.not)!;
  const [node = '', verb = '', target = '', ...rest] = text.trim().split(/\s+/);
  if (!draft.nodes.has(node)) return fail(unknownWord(node, 'a node', draft.nodes.keys()));
  if (!VERBS.includes(verb as CheckModel['kind'])) return fail(unknownWord(verb, 'a check', VERBS));
  const kind = verb as CheckModel['kind'];
  if (target === '') return fail(`${verb} of what?`);
  if (kind !== 'exec' && rest.length > 0) return fail(`"${rest[0]}" is one word too many`);
  const read = kind === 'tcp' ? portOf(target) : { host: target, port: undefined };
  if (read === undefined) return fail(`"${target}" is not of the form NODE:PORT`);
  if (kind !== 'exec' && isIP(read.host) === 0 && !draft.nodes.has(read.host))
    return fail(unknownWord(read.host, 'a node or an address', draft.nodes.keys()));
  return {
    text,
    node,
    kind,
    target: read.host,
    port: read.port,
    command: kind === 'exec' ? [target, ...rest] : [],
    isNegated: !isText && said.not !== undefined,
    within: readMilliseconds(isText ? undefined : said.within, 0),
    place,
    path: pathText(at),
  };
}

/** Host and port of `HOST:PORT` or `[ADDRESS]:PORT`. */
function portOf(text: string): { host: string; port: number } | undefined {
  const [, host, port] = /^\[?([^\]]+)\]?:(\d+)$/.exec(text) ?? [];
  if (host === undefined || Number(port) < 1 || Number(port) > MAX_PORT) return undefined;
  return { host, port: Number(port) };
}
