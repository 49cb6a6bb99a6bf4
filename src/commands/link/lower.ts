/** The device that a new one lies on, which may be in another namespace: `link`, `link-netns`, `link-netnsid`. */

import { closeSync } from 'node:fs';
import { KernelError } from '../../kernel/system/errors.ts';
import { insideNamespace } from '../../kernel/system/namespace.ts';
import { NLM_F_ACK } from '../../linux/netlink.ts';
import { RTM_GETLINK, RTM_NEWNSID } from '../../linux/rtnetlink.ts';
import { nsidOf } from '../../namespaces/inventory/nsid-names.ts';
import { linkHeader, link as linkTable } from '../../rtnetlink/link.ts';
import { NSID_UNASSIGNED, nsidRequest } from '../../rtnetlink/nsid.ts';
import { type Args, EXIT_FAILURE, UsageError, wrongArgument } from '../../schema/args.ts';

import { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';
import { kernelErrorText } from '../frame/report.ts';
import { isDeviceName, noSuchDevice } from '../grammar/device-names.ts';
import type { LinkDraft } from './draft.ts';
import { openNamespace } from './namespace.ts';

/**
 * Looks up the id of the lower device's namespace in the namespace of the device. The original complains about the
 * word after those that it has read.
 */
export function resolveLowerNamespace(draft: LinkDraft, args: Args, context: Context): void {
  const { lowerNamespace, lowerNamespaceId, attributes } = draft;
  if (lowerNamespace !== undefined) {
    const descriptor = openNamespace(lowerNamespace);
    if (descriptor === undefined) {
      throw wrongArgument(args.peek() ?? '(null)', 'Invalid "link-netns" value\n');
    }
    try {
      attributes.link_netnsid = inTarget(draft, context, () => nsidOrAssign(descriptor, context));
    } finally {
      closeSync(descriptor);
    }
  } else if (lowerNamespaceId !== undefined) {
    attributes.link_netnsid = lowerNamespaceId;
  }
}

/** Looks up the lower device; throws the complaint if there is no such device. */
export function resolveLowerDevice(draft: LinkDraft, context: Context): void {
  const { lower, attributes } = draft;
  if (lower === undefined) return;
  const nsid = attributes.link_netnsid;
  const index =
    nsid === undefined
      ? context.names.deviceIndex(lower)
      : inTarget(draft, context, () => indexInNamespace(lower, nsid, context));
  if (index === undefined) throw noSuchDevice(lower);
  attributes.link = index;
}

/** Runs `action` in the namespace that the device will be in. */
function inTarget<T>({ namespace }: LinkDraft, { kernel }: Context, action: () => T): T {
  return namespace === undefined ? action() : insideNamespace(kernel.calls, namespace, action);
}

/** The id that this namespace has for the one behind `descriptor`; the kernel chooses one if there is none. */
function nsidOrAssign(descriptor: number, context: Context): number {
  const known = nsidOf(context.ask, descriptor);
  if (known !== undefined) return known;
  const request = nsidRequest(RTM_NEWNSID, { fd: descriptor, nsid: NSID_UNASSIGNED });
  request.flags |= NLM_F_ACK;
  const answer = context.ask(request);
  if (answer instanceof KernelError) {
    throw new UsageError(kernelErrorText(answer), EXIT_FAILURE);
  }
  return nsidOf(context.ask, descriptor) ?? NSID_UNASSIGNED;
}

function indexInNamespace(name: string, nsid: number, context: Context): number | undefined {
  const request = new MessageWriter(RTM_GETLINK, 0);
  linkHeader.write(request, linkHeader.zero());
  const named = isDeviceName(name) ? { ifname: name } : { alt_ifname: name };
  linkTable.encode(request, { target_netnsid: nsid, ...named });
  const answer = context.ask(request);
  if (answer instanceof KernelError) {
    context.complain(kernelErrorText(answer));
    return undefined;
  }
  return answer === undefined
    ? undefined
    : linkHeader.read(answer.bytes, answer.payload, linkHeader.size)?.index;
}
