/** Where a route goes whose table or scope is not given, as iproute2 decides. */
import {
  RT_SCOPE_HOST,
  RT_SCOPE_LINK,
  RT_SCOPE_UNIVERSE,
  RT_TABLE_LOCAL,
  RT_TABLE_MAIN,
  RTN_ANYCAST,
  RTN_BROADCAST,
  RTN_LOCAL,
  RTN_MULTICAST,
  RTN_NAT,
  RTN_UNICAST,
} from '../linux/rtnetlink.ts';
import type { RouteHeader } from './route.ts';

/** The routing table of routes of this type (rtm_type). */
export function defaultTable(type: number): number {
  const isLocal = type === RTN_LOCAL || type === RTN_BROADCAST || type === RTN_NAT || type === RTN_ANYCAST;
  return isLocal ? RT_TABLE_LOCAL : RT_TABLE_MAIN;
}

/** The scope of an IPv4 route; that of the header where its type implies none, or where it is to be deleted. */
export function defaultScope(
  { type, scope }: Pick<RouteHeader, 'type' | 'scope'>,
  values: Partial<Record<'gateway' | 'via' | 'multipath' | 'nh_id', unknown>>,
  isDelete: boolean,
): number {
  if (type === RTN_LOCAL || type === RTN_NAT) return RT_SCOPE_HOST;
  if (type === RTN_BROADCAST || type === RTN_MULTICAST || type === RTN_ANYCAST) return RT_SCOPE_LINK;
  if (type !== RTN_UNICAST || isDelete) return scope;
  const isDirect =
    values.gateway === undefined &&
    values.via === undefined &&
    values.multipath === undefined &&
    !values.nh_id;
  return isDirect ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
}
