/** `ip link add`, `set`, `replace` and `delete`: one request each, made of the words of the line. */
import { closeSync } from 'node:fs';
import { ask } from '../kernel/ask.ts';
import { encodeKind, type LinkTools, parseKind } from '../rtnetlink/kind.ts';
import {
  decodeLink,
  type LinkAttributes,
  type LinkMessage,
  link,
  linkMessage,
  RTM_DELLINK,
  RTM_NEWLINK,
} from '../rtnetlink/link.ts';
import {
  type Args,
  duplicateArgument,
  EXIT_FAILURE,
  EXIT_USAGE,
  UsageError,
  UsageRequest,
} from '../schema/args.ts';
import { FLAG_CREATE, FLAG_EXCLUSIVE, FLAG_REPLACE } from '../wire/message.ts';
import { MessageWriter } from '../wire/writer.ts';
import type { Context } from './context.ts';
import { type LinkDraft, newDraft, readLinkArguments } from './link-arguments.ts';
import { linkGetRequest } from './link-filter.ts';
import type { Command } from './objects.ts';

const SLAVE_SUFFIX = '_slave';

interface Mode {
  readonly type: number;
  readonly flags: number;
}

const ADD: Mode = { type: RTM_NEWLINK, flags: FLAG_CREATE | FLAG_EXCLUSIVE };
const REPLACE: Mode = { type: RTM_NEWLINK, flags: FLAG_CREATE | FLAG_REPLACE };
const SET: Mode = { type: RTM_NEWLINK, flags: 0 };
const DELETE: Mode = { type: RTM_DELLINK, flags: 0 };

export const addLink: Command = (args, context) => modify(ADD, args, context);
export const replaceLink: Command = (args, context) => modify(REPLACE, args, context);
export const setLink: Command = (args, context) => modify(SET, args, context);
export const deleteLink: Command = (args, context) => modify(DELETE, args, context);

async function modify(mode: Mode, args: Args, context: Context): Promise<number> {
  const draft = newDraft();
  try {
    const message = await readMessage(draft, mode, args, context);
    const request = new MessageWriter(mode.type, mode.flags);
    linkMessage.write(request, message);
    await context.session.request(request);
  } finally {
    for (const descriptor of [draft.namespace, draft.lowerNamespace]) {
      if (descriptor !== undefined) closeSync(descriptor);
    }
  }
  return 0;
}

/** Reads the whole line. The order of the checks is that of the original's complaints. */
async function readMessage(draft: LinkDraft, mode: Mode, args: Args, context: Context): Promise<LinkMessage> {
  const isAdd = (mode.flags & FLAG_CREATE) !== 0;
  readLinkArguments(draft, args, context, isAdd);
  nameDevice(draft, isAdd);
  if (isAdd) {
    if (draft.kind === undefined) {
      throw new UsageError('Not enough information: "type" argument is required', EXIT_FAILURE);
    }
    placeAboveLower(draft, context);
    draft.header.index = draft.index;
    if (draft.name !== undefined) draft.attributes.ifname = draft.name;
  } else {
    findDevice(draft, context);
    if (draft.name !== undefined && draft.name !== draft.device) draft.attributes.ifname = draft.name;
  }
  if (draft.kind !== undefined)
    draft.attributes.linkinfo = await readKind(draft, draft.kind, args, context, isAdd);
  return draft;
}

/** Settles which of `name` and `dev` is the device and which its new name. */
function nameDevice(draft: LinkDraft, isAdd: boolean): void {
  if (draft.index !== 0 && !isAdd && draft.namespace === undefined) {
    throw new UsageError(
      'index can be used only when creating devices or when moving device to another netns.',
      EXIT_USAGE,
    );
  }
  if (isAdd) {
    if (draft.device === undefined) return;
    if (draft.name !== undefined) {
      throw new UsageError('both "name" and "dev" cannot be used when creating devices.', EXIT_USAGE);
    }
    draft.name = draft.device;
  } else if (draft.device === undefined) {
    if (draft.name !== undefined) draft.device = draft.name;
    else if (draft.group === undefined) {
      throw new UsageError('Not enough information: "dev" argument is required.', EXIT_USAGE);
    }
  }
}

function noSuchDevice(name: string): UsageError {
  return new UsageError(`Cannot find device "${name}"`, EXIT_FAILURE);
}

/** The device that a new one lies on. */
function placeAboveLower({ lower, attributes }: LinkDraft, { names }: Context): void {
  if (lower === undefined) return;
  const index = names.deviceIndex(lower);
  if (index === undefined) throw noSuchDevice(lower);
  attributes.link = index;
}

/** The device to change or delete; none when a group is. */
function findDevice(draft: LinkDraft, { names }: Context): void {
  if (draft.device === undefined) return;
  const index = names.deviceIndex(draft.device);
  if (index === undefined) throw noSuchDevice(draft.device);
  draft.header.index = index;
  if (draft.index !== 0) draft.attributes.new_ifindex = draft.index;
  const { address } = draft.attributes;
  if (address === undefined) return;
  const length = addressLengthOf(index);
  if (length !== undefined && length !== address.length) {
    const text = `Invalid address length ${address.length} - must be ${length} bytes`;
    throw new UsageError(text, EXIT_FAILURE);
  }
}

/** Length of a device's link-layer address; undefined when it has none or is gone. */
function addressLengthOf(index: number): number | undefined {
  const answer = ask(linkGetRequest({ index }, 0, 0));
  return answer === undefined ? undefined : decodeLink(answer, link.select(['address']))?.address?.length;
}

async function readKind(
  draft: LinkDraft,
  name: string,
  args: Args,
  context: Context,
  isAdd: boolean,
): Promise<LinkAttributes['linkinfo']> {
  if (args.done) return { kind: name };
  const kind = (await import('../rtnetlink/kinds/index.ts')).findKind(name);
  if (kind === undefined || kind.hasNoArguments) {
    if (args.matches('help')) throw new UsageRequest((await import('./link-usage.ts')).LINK_USAGE);
    const text = `Garbage instead of arguments "${args.peek()} ...". Try "ip link help".`;
    throw new UsageError(text, EXIT_FAILURE);
  }
  const data = encodeKind(kind, parseKind(kind, args, toolsFor(draft, name, context, isAdd)));
  return name.endsWith(SLAVE_SUFFIX) ? { kind: name, slave_data: data } : { kind: name, data };
}

function toolsFor(draft: LinkDraft, kind: string, context: Context, isAdd: boolean): LinkTools {
  return {
    names: context.names,
    isAdd,
    warn: text => context.complain(text),
    kind,
    deviceName: draft.device ?? draft.name,
    existingData() {
      const answer = ask(linkGetRequest({ index: draft.header.index }, 0, 0));
      return answer && decodeLink(answer, link.select(['linkinfo']))?.linkinfo?.data;
    },
    parsePeer(args) {
      const peer = newDraft();
      readLinkArguments(peer, args, context, isAdd);
      if (peer.kind !== undefined) throw duplicateArgument('type', peer.kind);
      nameDevice(peer, true);
      peer.header.index = peer.index;
      if (peer.name !== undefined) peer.attributes.ifname = peer.name;
      return peer;
    },
  };
}
