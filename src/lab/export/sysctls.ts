/** Settings below /proc/sys/net that are otherwise than in a new namespace, in an order in which they can be made. */

import type { Kernel } from '../../kernel/kernel.ts';
import type { FoundNode } from './read.ts';
import { openScratch, readSysctls, type Scratch } from './scratch.ts';

/** What a namespace has otherwise. */
export interface FoundSysctls {
  /** Whether it forwards packets of both families. */
  readonly isForwarding: boolean;
  readonly values: ReadonlyMap<string, string>;
}

const FORWARDING = ['net/ipv4/ip_forward', 'net/ipv6/conf/all/forwarding'] as const;

/** What is drawn at random, counts, follows from other settings, or stands there twice. */
const NEVER =
  /^net\/(ipv4\/tcp_fastopen_key|ipv6\/conf\/[^/]+\/(mtu|stable_secret)|(ipv4|ipv6)\/neigh\/[^/]+\/(base_reachable_time|retrans_time)|netfilter\/nf_conntrack_count|(ipv4|ipv6)\/route\/flush)$/;
/** Settings of one device, and of which devices of a new one has the values. */
const OF_DEVICE = /^(net\/(?:ipv4|ipv6)\/(?:conf|neigh)\/)([^/]+)\/([^/]+)$/;

/** Finds them; nothing is found where this process may make no namespaces. */
export function findSysctls(
  { descriptor, live }: FoundNode,
  kernel: Kernel,
  fresh: ReadonlyMap<string, string> | undefined,
): FoundSysctls {
  const none = { isForwarding: false, values: new Map<string, string>() };
  if (fresh === undefined) return none;
  const there = readSysctls(kernel, descriptor);
  const general = [...there].filter(
    ([name, value]) => !NEVER.test(name) && deviceOf(name) === undefined && fresh.get(name) !== value,
  );
  const isForwarding = FORWARDING.every(name => there.get(name) === '1');
  const values = new Map<string, string>();
  let defaults = fresh;
  if (general.length > 0 || isForwarding) {
    const scratch = openScratch(kernel);
    if (scratch === undefined) return none;
    try {
      if (isForwarding) for (const name of FORWARDING) scratch.setSysctl(name, '1');
      for (const [name, value] of general.sort(byReach)) tryValue(name, value, scratch, values);
      defaults = scratch.sysctls();
    } finally {
      scratch.close();
    }
  }
  for (const [name, value] of there) {
    const device = deviceOf(name);
    if (device === undefined || NEVER.test(name) || !live.links.has(device)) continue;
    const [, lead, , last] = OF_DEVICE.exec(name)!;
    const usual = defaults.get(device === 'lo' ? name : `${lead}default/${last}`);
    if (usual !== undefined && usual !== value) values.set(name, value);
  }
  return { isForwarding, values };
}

/** Sets a value in the scratch namespace unless it has followed from others already. */
function tryValue(name: string, value: string, scratch: Scratch, values: Map<string, string>): void {
  if (scratch.sysctl(name) === value) return;
  if (scratch.setSysctl(name, value) === value) values.set(name, value);
}

/** The device that a setting is of; undefined for those of `all` and `default`. */
function deviceOf(name: string): string | undefined {
  const device = OF_DEVICE.exec(name)?.[2];
  return device === 'all' || device === 'default' ? undefined : device;
}

/** What changes others comes before them. */
function byReach([one]: readonly [string, string], [other]: readonly [string, string]): number {
  const rank = (name: string) =>
    (FORWARDING as readonly string[]).includes(name)
      ? 0
      : /\/all\//.test(name)
        ? 1
        : /\/default\//.test(name)
          ? 3
          : 2;
  return rank(one) - rank(other) || (one < other ? -1 : 1);
}
