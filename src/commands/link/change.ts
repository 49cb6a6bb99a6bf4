/** `ip link add`, `set`, `replace` and `delete`: one request each, made of the words of the line. */

import { answerTo } from '../../kernel/netlink/request-sync.ts';
import { AF_UNSPEC } from '../../linux/families.ts';
import { NLM_F_CREATE, NLM_F_ECHO, NLM_F_EXCL, NLM_F_REPLACE } from '../../linux/netlink.ts';
import { RTM_DELLINK, RTM_NEWLINK } from '../../linux/rtnetlink.ts';
import { encodeKind, type LinkTools, parseKind, takesArguments } from '../../rtnetlink/kind.ts';
import { loadKind } from '../../rtnetlink/kinds/load.ts';
import { decodeLink, type LinkAttributes, link, linkMessage } from '../../rtnetlink/link.ts';
import { linkReader } from '../../rtnetlink/link-reader.ts';
import { type Args, EXIT_FAILURE, EXIT_USAGE, UsageError, UsageRequest } from '../../schema/args.ts';
import type { Message } from '../../wire/message.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { DeviceChange } from '../batch/change-window.ts';
import type { Command } from '../frame/command.ts';
import type { Context } from '../frame/context.ts';

import { noSuchDevice } from '../grammar/device-names.ts';
import { linkGetRequest } from '../grammar/device-request.ts';
import { checkAddressLength } from '../grammar/link-address.ts';
import { linkLayout } from '../grammar/link-listing.ts';
import { closeDraft, type LinkDraft, newDraft } from './draft.ts';
import { resolveLowerDevice, resolveLowerNamespace } from './lower.ts';
import { printLink } from './print.ts';
import { readLinkWords } from './words.ts';

const SLAVE_SUFFIX = '_slave';

interface Mode {
  readonly type: number;
  readonly flags: number;
}

const ADD: Mode = { type: RTM_NEWLINK, flags: NLM_F_CREATE | NLM_F_EXCL };
const REPLACE: Mode = { type: RTM_NEWLINK, flags: NLM_F_CREATE | NLM_F_REPLACE };
const SET: Mode = { type: RTM_NEWLINK, flags: 0 };
const DELETE: Mode = { type: RTM_DELLINK, flags: 0 };

export const addLink: Command = (args, context) => modify(ADD, args, context);
export const replaceLink: Command = (args, context) => modify(REPLACE, args, context);
export const setLink: Command = (args, context) => modify(SET, args, context);
export const deleteLink: Command = (args, context) => modify(DELETE, args, context);

async function modify(mode: Mode, args: Args, context: Context): Promise<number> {
  const { echo } = context.options;
  let drafts: LinkDraft[] = [];
  try {
    const draft = await readDraft(drafts, mode, args, context);
    const request = new MessageWriter(mode.type, echo ? mode.flags | NLM_F_ECHO : mode.flags);
    draft.header.family = context.family;
    linkMessage.write(request, draft);
    const { window } = context.state;
    if (window !== undefined) {
      const change = changeOf(mode, draft, drafts, context);
      drafts = [];
      await window.add(request, change);
      return 0;
    }
    const answers = await context.request(request);
    context.devices.forget(draft.header.index);
    if (echo && !context.options.dryRun) await showEcho(answers, context);
  } finally {
    for (const draft of drafts) closeDraft(draft);
  }
  return 0;
}

/** A pending change. Only changes of names, of namespaces and of groups influence how devices are found. */
function changeOf(
  mode: Mode,
  { header: { index }, attributes }: LinkDraft,
  drafts: readonly LinkDraft[],
  { devices }: Context,
): DeviceChange {
  const { ifname, net_ns_fd: namespace } = attributes;
  const isMoved = ifname !== undefined || namespace !== undefined;
  return {
    index,
    changesNames: mode !== SET || isMoved || index === 0,
    onDone(isMade) {
      for (const draft of drafts) closeDraft(draft);
      if (isMade) devices.forget(index);
    },
  };
}

/** Reads the whole line. `drafts` gets every draft, which may hold open descriptors. */
async function readDraft(drafts: LinkDraft[], mode: Mode, args: Args, context: Context): Promise<LinkDraft> {
  const isAdd = (mode.flags & NLM_F_CREATE) !== 0;
  const draft = newDraft();
  drafts.push(draft);
  readLinkWords(draft, args, context);
  const { kind } = draft;
  completeDraft(draft, isAdd, args, context);
  if (!isAdd && draft.device === undefined) return draft; // The kind of a group's devices is ignored.
  if (kind === undefined) {
    if (!isAdd) return draft;
    throw new UsageError('Not enough information: "type" argument is required', EXIT_FAILURE);
  }

  const tools: LinkTools = {
    names: context.names,
    isAdd,
    warn: text => context.complain(text),
    kind,
    deviceName: draft.device ?? draft.name,
    existingData() {
      const answer = answerTo(context.ask, linkGetRequest({ index: draft.header.index }, 0, 0));
      return answer && decodeLink(answer, link.select(['linkinfo']))?.linkinfo?.data;
    },
    parsePeer(rest) {
      const peer = newDraft();
      drafts.push(peer);
      try {
        readLinkWords(peer, rest, context);
        completeDraft(peer, isAdd, rest, context);
      } catch (error) {
        // Here the kind fails, and its own exit code counts.
        if (!(error instanceof UsageError) || error.endsBatch) throw error;
        throw new UsageError(error.message, EXIT_FAILURE);
      }
      return peer;
    },
  };
  draft.attributes.linkinfo = await readKind(kind, args, tools);
  return draft;
}

/** Turns what was read into a header and attributes. The order of the checks is that of the original's complaints. */
function completeDraft(draft: LinkDraft, isAdd: boolean, args: Args, context: Context): void {
  if (draft.index !== 0 && !isAdd && draft.namespace === undefined) {
    throw new UsageError(
      'index can be used only when creating devices or when moving device to another netns.',
      EXIT_USAGE,
    );
  }
  if (draft.group !== undefined && (draft.device ?? draft.name) === undefined) {
    completeForGroup(draft, isAdd, args);
    return;
  }
  resolveLowerNamespace(draft, args, context);
  if (isAdd) completeForNew(draft, context);
  else completeForExisting(draft, context);
}

/** The settings are for all devices of a group. */
function completeForGroup({ attributes, lowerNamespaceId }: LinkDraft, isAdd: boolean, args: Args): void {
  if (!args.done) throw new UsageError(garbageText(args), EXIT_USAGE);
  if (isAdd) throw new UsageError('group cannot be used when creating devices.', EXIT_USAGE);
  if (lowerNamespaceId !== undefined) attributes.link_netnsid = lowerNamespaceId;
}

function completeForNew(draft: LinkDraft, context: Context): void {
  const { device, header, attributes } = draft;
  if (device !== undefined) {
    if (draft.name !== undefined && draft.name !== device) {
      throw new UsageError('both "name" and "dev" cannot be used when creating devices.', EXIT_USAGE);
    }
    draft.name = device;
  }
  resolveLowerDevice(draft, context);
  header.index = draft.index;
  if (draft.name !== undefined) attributes.ifname = draft.name;
}

function completeForExisting(draft: LinkDraft, context: Context): void {
  const { name, header, attributes } = draft;
  const device = draft.device ?? name;
  if (device === undefined) {
    throw new UsageError('Not enough information: "dev" argument is required.', EXIT_USAGE);
  }
  draft.device = device;
  const index = context.names.deviceIndex(device);
  if (index === undefined) throw noSuchDevice(device);
  header.index = index;
  if (draft.index !== 0) attributes.new_ifindex = draft.index;
  if (name !== undefined && name !== device) attributes.ifname = name;
  if (attributes.address !== undefined) checkAddressLength(attributes.address, index, context);
}

function garbageText(args: Args): string {
  return `Garbage instead of arguments "${args.peek()} ...". Try "ip link help".`;
}

/** Reads the arguments of the kind to the end of the line; the kinds are loaded only if there are any. */
async function readKind(name: string, args: Args, tools: LinkTools): Promise<LinkAttributes['linkinfo']> {
  if (args.done) return { kind: name };
  const kind = await loadKind(name);
  if (kind === undefined || !takesArguments(kind)) {
    if (args.matches('help')) throw new UsageRequest();
    throw new UsageError(garbageText(args), EXIT_FAILURE);
  }
  const data = encodeKind(kind, parseKind(kind, args, tools));
  return name.endsWith(SLAVE_SUFFIX) ? { kind: name, slave_data: data } : { kind: name, data };
}

/** -echo: prints the first thing that the kernel reports of the change; it reports nothing of most changes. */
async function showEcho([answer]: readonly Message[], context: Context): Promise<void> {
  const { view } = context;
  const layout = await linkLayout(context, 'monitor', AF_UNSPEC);
  const found = linkReader();
  const out = context.output();
  out.list();
  out.open();
  const isLink = (answer?.type === RTM_NEWLINK || answer?.type === RTM_DELLINK) && found.read(answer);
  if (isLink && (context.state.linkFilter?.(found) ?? true)) {
    if (answer.type === RTM_DELLINK) out.field('deleted', true, 'Deleted ');
    printLink(found, out, view, layout, context);
  }
  out.close();
  out.end();
}
