/** What the kernel has cached of a route: flags of IPv4, times, and what it has counted. */
import { USER_HZ } from '../../linux/clocks.ts';
import { AF_INET, AF_INET6 } from '../../linux/families.ts';
import { RTA_CACHEINFO, RTM_F_CLONED } from '../../linux/rtnetlink.ts';
import { routeCacheInfo } from '../../rtnetlink/route.ts';
import type { RouteReader } from '../../rtnetlink/route-reader.ts';
import type { Output } from '../../schema/output.ts';
import type { View } from '../../schema/view.ts';
import type { AttributeIndex } from '../../wire/attributes.ts';

/** RTCF_*: the high half of rtm_flags of a cached route. */
const CACHE_FLAGS: readonly (readonly [number, string])[] = [
  [0x80000000, 'local'],
  [0x40000000, 'reject'],
  [0x20000000, 'mc'],
  [0x10000000, 'brd'],
  [0x08000000, 'dst-nat'],
  [0x00800000, 'src-nat'],
  [0x00400000, 'masq'],
  [0x00020000, 'dst-direct'],
  [0x04000000, 'src-direct'],
  [0x00040000, 'redirected'],
  [0x01000000, 'redirect'],
  [0x00200000, 'fastroute'],
  [0x00010000, 'notify'],
  [0x00080000, 'proxy'],
];

/** The kernel's cache entry: for IPv4 a separate line with the flags, else only its times. */
export function showCache(route: RouteReader, out: Output, view: View): void {
  const { attributes, family, flags } = route;
  const isIpv4Cache = family === AF_INET && (flags & RTM_F_CLONED) !== 0;
  if (isIpv4Cache) {
    out.newline();
    out.text('    cache ');
    showCacheFlags(flags, out);
  }
  const hasCache = family === AF_INET || family === AF_INET6;
  if (hasCache && attributes.has(RTA_CACHEINFO)) showCacheInfo(attributes, out, view);
}

function showCacheFlags(flags: number, out: Output): void {
  let rest = (flags & 0xffff0000) >>> 0;
  let separator = '<';
  out.list('cache');
  for (const [bit, name] of CACHE_FLAGS) {
    if (!(rest & bit)) continue;
    rest = (rest & ~bit) >>> 0;
    out.text(separator);
    out.item(name, rest === 0 ? `${name}> ` : name);
    separator = ',';
  }
  if (rest !== 0) out.field('flags', rest.toString(16), `${separator}${rest.toString(16)}>`);
  out.end();
}

function showCacheInfo(attributes: AttributeIndex, out: Output, view: View): void {
  const at = attributes.start(RTA_CACHEINFO);
  // A shorter attribute is read with the bytes behind it, as the original reads it.
  const info = routeCacheInfo.read(attributes.bytes, at, attributes.bytes.length - at);
  if (info === undefined) return;
  const seconds = (ticks: number) => Math.trunc(ticks / USER_HZ);
  if (info.expires !== 0) {
    const expires = seconds(info.expires);
    out.field('expires', expires, `expires ${expires}sec `);
  }
  if (info.error !== 0) out.field('error', info.error, `error ${info.error} `);
  if (view.statistics > 0) {
    if (info.users !== 0) out.field('users', info.users, `users ${info.users} `);
    if (info.used !== 0) out.field('used', info.used, `used ${info.used} `);
    if (info.last_use !== 0) {
      const age = seconds(info.last_use);
      out.field('age', age, `age ${age}sec `);
    }
  }
  if (info.id !== 0) {
    const id = info.id.toString(16);
    out.field('ipid', `0x${id}`, `ipid 0x${id.padStart(4, '0')} `);
  }
  if (info.timestamp !== 0 || info.timestamp_age !== 0) {
    const timestamp = `0x${info.timestamp.toString(16)}`;
    out.field('ts', timestamp, `ts ${timestamp}`);
    out.field('tsage', info.timestamp_age, `tsage ${info.timestamp_age}sec `);
  }
}
