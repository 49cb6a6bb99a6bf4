/** Address translation of nodes: what it is to be, what the kernel has, and the change between them. */

import type { Kernel } from '../kernel/kernel.ts';
import { NetlinkSession } from '../kernel/netlink/session.ts';
import { RequestWindow } from '../kernel/netlink/window.ts';
import { KernelError, SystemError } from '../kernel/system/errors.ts';
import { NETLINK_NETFILTER } from '../linux/netlink.ts';
import { type NatRule, natDeletion, natDump, natRequests, natRuleText, natTexts } from '../nftables/nat.ts';
import type { MessageWriter } from '../wire/writer.ts';
import type { Change } from './change.ts';
import type { NatModel } from './model.ts';

/** The change that a namespace needs; `live` are the rules that its table has, undefined if it was not read. */
export function natChange(
  node: string,
  table: string,
  wanted: readonly NatModel[],
  former: readonly NatModel[],
  live: readonly string[] = [],
): Change | undefined {
  const change = { node, kind: 'nat', path: `nodes.${node}.nat`, isPart: false } as const;
  if (wanted.length === 0) {
    if (former.length === 0 || live.length === 0) return undefined;
    const steps = [{ phase: 'delete objects', node, act: { nat: () => natDeletion(table) } }] as const;
    return { ...change, action: 'destroy', name: natText(former), reasons: [], place: undefined, steps };
  }
  const rules = wanted.map(ruleOf);
  const texts = natTexts(table, rules);
  if ([...texts].sort().join('\n') === [...live].sort().join('\n')) return undefined;
  const isThere = live.length > 0 || former.length > 0;
  const steps = [{ phase: 'nat', node, act: { nat: () => natRequests(table, rules, isThere) } }] as const;
  const { place, path } = wanted[0]!;
  return {
    ...change,
    action: live.length > 0 ? 'change' : 'create',
    name: natText(wanted),
    reasons: live.length > 0 ? ['other rules'] : [],
    place,
    path,
    steps,
  };
}

function ruleOf({ device, mapping, to, source }: NatModel): NatRule {
  return {
    device,
    source: source === undefined ? undefined : packed(source),
    masquerade: mapping === 'symmetric' ? 'random' : 'same port',
    destination: to === undefined ? undefined : packed(to),
  };
}

function packed(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number));
}

function natText(rules: readonly NatModel[]): string {
  return rules
    .map(({ device, mapping, to, source }) =>
      [
        ...(source === undefined ? [device] : ['from', source]),
        ...(mapping === 'port-restricted' ? [] : [mapping]),
        ...(to === undefined ? [] : ['to', to]),
      ].join(' '),
    )
    .join(', ');
}

/** The rules that a table has, empty where there is none, or the kernel has no nf_tables. */
export async function readNat(kernel: Kernel, namespace: number, table: string): Promise<string[]> {
  const found: string[] = [];
  let session: NetlinkSession | undefined;
  try {
    session = new NetlinkSession(kernel.sockets.blocking, { protocol: NETLINK_NETFILTER, namespace });
    for await (const batch of session.dump(natDump(table)))
      for (const message of batch) {
        const text = natRuleText(table, message);
        if (text !== undefined) found.push(text);
      }
  } catch (error) {
    if (!(error instanceof KernelError || error instanceof SystemError)) throw error;
  } finally {
    session?.close();
  }
  return found;
}

/** Sends a transaction: all of it is made, or nothing. Throws {@link KernelError}, {@link SystemError}. */
export function sendNat(kernel: Kernel, namespace: number, messages: readonly MessageWriter[]): void {
  const session = new NetlinkSession(kernel.sockets.blocking, { protocol: NETLINK_NETFILTER, namespace });
  try {
    const window = new RequestWindow();
    for (const message of messages) window.add(message);
    const [first] = [...session.requestUnacknowledged(window)].sort(([one], [other]) => one - other);
    if (first !== undefined) throw first[1];
  } finally {
    session.close();
  }
}
