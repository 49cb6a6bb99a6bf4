/** `ip address add`, `change`, `replace` and `delete`: one request. */

import { showAddress } from '../../layouts/address.ts';
import { AF_INET, AF_INET6 } from '../../linux/families.ts';
import { NLM_F_CREATE, NLM_F_ECHO, NLM_F_EXCL, NLM_F_REPLACE } from '../../linux/netlink.ts';
import { RT_SCOPE_HOST, RTM_DELADDR, RTM_NEWADDR } from '../../linux/rtnetlink.ts';
import {
  ADDRESS_FLAGS,
  AddressReader,
  address,
  addressHeader,
  addressLifetimes,
  FOREVER,
} from '../../rtnetlink/address.ts';
import { type Args, UsageError } from '../../schema/args.ts';
import { readWords } from '../../schema/keywords.ts';
import * as codec from '../../wire/codec.ts';
import { isGroupAddress } from '../../wire/networks.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';
import { isReportShown } from '../frame/first-answer.ts';
import { deviceIndex } from '../grammar/values.ts';
import { attach, CHANGE_GRAMMAR, type Draft, newDraft } from './words.ts';

/** Shortest prefix whose network has no broadcast address. */
const POINT_TO_POINT = 31;

const { rows } = address;

/** Request flags by command word. */
const ADD = NLM_F_CREATE | NLM_F_EXCL;
const CHANGE = NLM_F_REPLACE;
const REPLACE = NLM_F_CREATE | NLM_F_REPLACE;

export const addAddress = (args: Args, context: Context) => change(args, context, RTM_NEWADDR, ADD);
export const changeAddress = (args: Args, context: Context) => change(args, context, RTM_NEWADDR, CHANGE);
export const replaceAddress = (args: Args, context: Context) => change(args, context, RTM_NEWADDR, REPLACE);
export const deleteAddress = (args: Args, context: Context) => change(args, context, RTM_DELADDR, 0);

function change(args: Args, context: Context, type: number, flags: number): number | Promise<number> {
  const draft = newDraft(context, type === RTM_DELADDR);
  readWords(CHANGE_GRAMMAR, draft, args, context);
  const request = encodeChange(draft, context, type, flags);
  return context.options.echo ? changeAndShow(request, context) : context.change(request);
}

/** Shows the first thing that the kernel reports of the change: a secondary address, if its primary one is deleted. */
async function changeAndShow(request: MessageWriter, context: Context): Promise<number> {
  request.flags |= NLM_F_ECHO;
  const [answer] = await context.request(request);
  const out = context.output();
  out.list();
  out.open();
  const reported = new AddressReader();
  const isDeleted = answer?.type === RTM_DELADDR;
  const isRead = (isDeleted || answer?.type === RTM_NEWADDR) && reported.read(answer);
  if (isRead && isReportShown(context.state.addressFilter, reported, isDeleted, context))
    showAddress(reported, out, context.view, { isDeleted, hasDevice: true });
  out.close();
  out.end();
  return 0;
}

function encodeChange(draft: Draft, context: Context, type: number, flags: number): MessageWriter {
  if (draft.device === undefined) throw new UsageError('Not enough information: "dev" argument is required.');
  if (draft.flags > 0xff) attach(draft, rows.flags.type, Buffer.from(Uint32Array.of(draft.flags).buffer));
  completePeer(draft, context);
  if (type !== RTM_DELADDR) completeBroadcast(draft);
  const header = {
    family: draft.family,
    prefixlen: prefixLength(draft),
    flags: draft.flags > 0xff ? 0 : draft.flags,
    scope: draft.scope ?? defaultScope(draft),
    index: deviceIndex(draft.device, context.names),
  };
  completeLifetimes(draft);
  if (draft.flags & ADDRESS_FLAGS.autojoin && !isMulticast(draft))
    throw new UsageError('autojoin needs multicast address');
  const request = new MessageWriter(type, flags);
  addressHeader.write(request, header);
  for (const { type, payload } of draft.attributes)
    request.attribute(type, codec.bytes, Buffer.from(payload));
  if (draft.valid !== undefined || draft.preferred !== undefined) {
    const { valid = FOREVER, preferred = FOREVER } = draft;
    const lifetimes = { valid, preferred, created: 0, updated: 0 };
    request.attribute(rows.cacheinfo.type, addressLifetimes, lifetimes);
  }
  return request;
}

/** The peer's length counts, or the address's own where the peer has none. */
function prefixLength({ local, peer }: Draft): number {
  return peer?.length || local?.length || 0;
}

/** Without a peer the address itself stands there, except where an IPv4 address of any length is to be deleted. */
function completePeer(draft: Draft, context: Context): void {
  const { local, peer } = draft;
  if (!local?.bytes.length || peer?.bytes.length) return;
  if (draft.isDelete && local.family === AF_INET && !local.isLengthGiven) {
    context.complain(
      [
        'Warning: Executing wildcard deletion to stay compatible with old scripts.',
        `         Explicitly specify the prefix length (${draft.localWord}/32) to avoid this warning.`,
        '         This special behaviour is likely to disappear in further releases,',
        '         fix your scripts!',
      ].join('\n'),
    );
    return;
  }
  attach(draft, rows.address.type, local.bytes);
}

/** Computes `brd +` and `brd -` from the network of the peer, or of the address. */
function completeBroadcast(draft: Draft): void {
  const { broadcast } = draft;
  if (broadcast !== '+' && broadcast !== '-') return;
  if (draft.family !== AF_INET) throw new UsageError('Broadcast can be set only for IPv4 addresses');
  const network = draft.peer?.bytes.length ? draft.peer : draft.local;
  if (network === undefined || network.length >= POINT_TO_POINT) {
    if (network === undefined) attach(draft, rows.broadcast.type, new Uint8Array());
    return;
  }
  const bytes = Uint8Array.from(network.bytes);
  for (let bit = network.length; bit < 32; bit++) {
    const mask = 0x80 >> (bit & 7);
    if (broadcast === '+') bytes[bit >> 3]! |= mask;
    else bytes[bit >> 3]! &= ~mask;
  }
  attach(draft, rows.broadcast.type, bytes);
}

function defaultScope({ isDelete, local }: Draft): number {
  const isLoopback = local?.family === AF_INET && local.bytes[0] === 127;
  return !isDelete && isLoopback ? RT_SCOPE_HOST : 0;
}

function completeLifetimes({ valid = FOREVER, preferred = FOREVER }: Draft): void {
  if (valid === 0) throw new UsageError('valid_lft is zero');
  if (valid < preferred) throw new UsageError('preferred_lft is greater than valid_lft');
}

/** Whether it is an IP address of a group; one without bytes is not. */
function isMulticast({ local }: Draft): boolean {
  if (local?.family !== AF_INET && local?.family !== AF_INET6) return false;
  return local.bytes.length > 0 && isGroupAddress(local.bytes);
}
