/**
 * `tsip link set DEV netns NAMESPACE --return`: the device is marked before it is moved, so that `netns return` knows its
 * place and its name. The original refuses the word.
 */

import { statSync } from 'node:fs';
import type { NetlinkSession } from '../../kernel/netlink/session.ts';
import { IFF_LOOPBACK } from '../../linux/interfaces.ts';
import { OWN_NETWORK } from '../../linux/namespaces.ts';
import { NLM_F_APPEND, NLM_F_CREATE, NLM_F_EXCL } from '../../linux/netlink.ts';
import { RTEXT_FILTER_SKIP_STATS, RTM_DELLINKPROP, RTM_NEWLINKPROP } from '../../linux/rtnetlink.ts';
import { findReturnMark, returnMark } from '../../namespaces/return-mark.ts';
import { decodeLink, type Link, link } from '../../rtnetlink/link.ts';
import { linkRequest } from '../../rtnetlink/request.ts';
import { Args } from '../../schema/args.ts';
import { findKeyword } from '../../schema/keywords.ts';
import type { Command } from '../frame/command.ts';
import type { Context } from '../frame/context.ts';
import { RETURN } from './own-words.ts';
import { LINK_GRAMMAR } from './words.ts';

const decodeDevice = link.select(['ifname', 'linkinfo', 'prop_list']);

/** `command`, or where a line ends in `netns NAMESPACE --return` the same with a mark on the device. */
export function returning(command: Command): Command {
  return (args, context) => {
    const device = deviceToReturn(args.rest);
    return device === undefined ? command(args, context) : moveMarked(device, command, args, context);
  };
}

/** The device of a line that the original refuses for its last word alone; undefined of other lines. */
function deviceToReturn(words: readonly string[]): string | undefined {
  if (words.at(-1) !== RETURN || words.at(-3) !== 'netns') return undefined;
  const [first = '', second] = words;
  if (first === 'dev') return words.length > 4 ? second : undefined;
  return words.length > 3 && findKeyword(LINK_GRAMMAR.keywords, first) === undefined ? first : undefined;
}

/** Its answers are waited for, so a forced batch sends what waits before it. */
async function moveMarked(device: string, command: Command, args: Args, context: Context): Promise<number> {
  const { state } = context;
  const { window } = state;
  await window?.flush();
  state.window = undefined;
  try {
    const words = new Args(args.rest.slice(0, -1));
    const index = context.names.deviceIndex(device);
    return index === undefined ? await command(words, context) : await move(index, command, words, context);
  } finally {
    state.window = window;
  }
}

async function move(index: number, command: Command, words: Args, context: Context): Promise<number> {
  const links = await readLinks(await context.session());
  const moved = links.find(({ header }) => header.index === index);
  if (isLastPhysical(index, links))
    context.complain(
      `Warning: "${moved?.ifname}" is the last physical device here: nothing from outside reaches this namespace until it is back`,
    );
  // A device that is moved on comes back to where it was first.
  const isMarked = findReturnMark(moved?.prop_list) !== undefined;
  const mark = returnMark({ namespace: statSync(OWN_NETWORK).ino, name: moved?.ifname ?? '' });
  if (!isMarked) await context.request(markRequest(RTM_NEWLINKPROP, index, mark));
  try {
    return await command(words, context);
  } catch (error) {
    if (!isMarked) await context.request(markRequest(RTM_DELLINKPROP, index, mark));
    throw error;
  }
}

/** A request that gives a device its mark, or takes it. */
export function markRequest(
  type: typeof RTM_NEWLINKPROP | typeof RTM_DELLINKPROP,
  index: number,
  mark: string,
) {
  const flags = type === RTM_NEWLINKPROP ? NLM_F_EXCL | NLM_F_CREATE | NLM_F_APPEND : 0;
  return linkRequest({ type, flags }, { index }, { prop_list: [mark] });
}

/** All devices of the namespace of a session, with their names and kinds. */
export async function readLinks(session: NetlinkSession): Promise<Link[]> {
  const links: Link[] = [];
  for await (const batch of session.dump(linkRequest({}, {}, { ext_mask: RTEXT_FILTER_SKIP_STATS })))
    for (const message of batch) {
      const found = decodeLink(message, decodeDevice);
      if (found !== undefined) links.push(found);
    }
  return links;
}

/** Whether a device is the only one here that no program has made: those have no kind. */
export function isLastPhysical(index: number, links: readonly Pick<Link, 'header' | 'linkinfo'>[]): boolean {
  const physical = links.filter(
    ({ header: { flags }, linkinfo }) => linkinfo?.kind === undefined && (flags & IFF_LOOPBACK) === 0,
  );
  return physical.length === 1 && physical[0]?.header.index === index;
}
