/** Where a route goes whose table or scope is not told, as iproute2 decides. */
import {
  type RouteHeader,
  SCOPE_GLOBAL,
  SCOPE_HOST,
  SCOPE_LINK,
  TABLE_LOCAL,
  TABLE_MAIN,
  TYPE_ANYCAST,
  TYPE_BROADCAST,
  TYPE_LOCAL,
  TYPE_MULTICAST,
  TYPE_NAT,
  TYPE_UNICAST,
} from './route.ts';

/** The routing table of routes of this type (rtm_type). */
export function defaultTable(type: number): number {
  const isLocal =
    type === TYPE_LOCAL || type === TYPE_BROADCAST || type === TYPE_NAT || type === TYPE_ANYCAST;
  return isLocal ? TABLE_LOCAL : TABLE_MAIN;
}

/** The scope of an IPv4 route; that of the header where its type implies none, or where it is to be deleted. */
export function defaultScope(
  { type, scope }: Pick<RouteHeader, 'type' | 'scope'>,
  values: Partial<Record<'gateway' | 'via' | 'multipath' | 'nh_id', unknown>>,
  isDelete: boolean,
): number {
  if (type === TYPE_LOCAL || type === TYPE_NAT) return SCOPE_HOST;
  if (type === TYPE_BROADCAST || type === TYPE_MULTICAST || type === TYPE_ANYCAST) return SCOPE_LINK;
  if (type !== TYPE_UNICAST || isDelete) return scope;
  const isDirect =
    values.gateway === undefined &&
    values.via === undefined &&
    values.multipath === undefined &&
    !values.nh_id;
  return isDirect ? SCOPE_LINK : SCOPE_GLOBAL;
}
