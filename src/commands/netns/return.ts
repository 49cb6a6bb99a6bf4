/**
 * `tsip netns return [NAME...]`: devices that `link set DEV netns NAME --return` has moved come back into this namespace,
 * under the names that they had. Without names it is about those that the kernel has put here because their namespace
 * has ended.
 */

import { closeSync, openSync, statSync } from 'node:fs';
import { NetlinkSession } from '../../kernel/netlink/session.ts';
import { errnoOf, SystemError } from '../../kernel/system/errors.ts';
import { OWN_NETWORK } from '../../linux/namespaces.ts';
import { RTM_DELLINKPROP, RTM_NEWLINK } from '../../linux/rtnetlink.ts';
import { findReturnMark, type Origin } from '../../namespaces/return-mark.ts';
import { fileOfNamespace } from '../../namespaces/targets.ts';
import { linkRequest } from '../../rtnetlink/request.ts';
import { type Args, EXIT_FAILURE } from '../../schema/args.ts';
import { encodeText } from '../../wire/text.ts';
import type { Context } from '../frame/context.ts';
import { failureOf } from '../frame/report.ts';
import { markRequest, readLinks } from '../link/return.ts';

/** A device with a mark. */
interface Marked {
  readonly index: number;
  readonly name: string;
  readonly mark: string;
  readonly origin: Origin;
}

/** Brings devices back; 1 if one of them could not come. */
export async function returnDevices(args: Args, context: Context): Promise<number> {
  const names = args.rest;
  const own = openSync(OWN_NETWORK, 'r');
  try {
    if (names.length === 0) return await returnFrom(undefined, own, context);
    let exitCode = 0;
    for (const name of names) exitCode = Math.max(exitCode, await returnFrom(name, own, context));
    return exitCode;
  } finally {
    closeSync(own);
  }
}

/** Those of a namespace, or of this one. */
async function returnFrom(name: string | undefined, own: number, context: Context): Promise<number> {
  const there = name === undefined ? undefined : openThere(name);
  const session = there === undefined ? await context.session() : sessionIn(there, context);
  let exitCode = 0;
  try {
    for (const device of await markedDevices(session))
      if (!(await comesBack(device, there !== undefined, session, own, context))) exitCode = EXIT_FAILURE;
  } finally {
    if (there !== undefined) {
      session.close();
      closeSync(there);
    }
  }
  return exitCode;
}

function openThere(name: string): number {
  const path = fileOfNamespace(name);
  try {
    return openSync(encodeText(path), 'r');
  } catch (error) {
    throw new SystemError(`Cannot open network namespace "${name}"`, errnoOf(error));
  }
}

function sessionIn(namespace: number, { kernel }: Context): NetlinkSession {
  return new NetlinkSession(kernel.sockets.blocking, { strict: true, namespace });
}

async function markedDevices(session: NetlinkSession): Promise<Marked[]> {
  return (await readLinks(session)).flatMap(({ header: { index }, ifname: name = '', prop_list }) => {
    const found = findReturnMark(prop_list);
    return found === undefined ? [] : [{ index, name, ...found }];
  });
}

async function comesBack(
  { index, name, mark, origin }: Marked,
  isElsewhere: boolean,
  session: NetlinkSession,
  own: number,
  context: Context,
): Promise<boolean> {
  if (origin.namespace !== statSync(OWN_NETWORK).ino) {
    context.complain(`"${name}" belongs to another namespace, net:[${origin.namespace}]: it stays`);
    return false;
  }
  try {
    const moved = isElsewhere ? { net_ns_fd: own } : {};
    if (isElsewhere || name !== origin.name)
      await session.request(linkRequest({ type: RTM_NEWLINK }, { index }, { ifname: origin.name, ...moved }));
    const here = context.names.deviceIndex(origin.name);
    if (here !== undefined) await context.request(markRequest(RTM_DELLINKPROP, here, mark));
    return true;
  } catch (error) {
    context.complain(`"${name}" cannot come back as "${origin.name}": ${failureOf(error).text}`);
    return false;
  }
}
