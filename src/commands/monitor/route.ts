/** Routes in a monitor, those of multicast routing tables too. */

import { showMulticastRoute } from '../../layouts/route/multicast.ts';
import { showRoute } from '../../layouts/route/route.ts';
import { RTNL_FAMILY_IP6MR, RTNL_FAMILY_IPMR } from '../../linux/families.ts';
import { RTA_IIF, RTM_F_CLONED, RTN_MULTICAST } from '../../linux/rtnetlink.ts';
import { RouteReader } from '../../rtnetlink/route-reader.ts';
import type { Context } from '../frame/context.ts';
import { hasDevice } from '../route/filter.ts';
import { type NextHopCache, routeView } from '../route/show.ts';
import type { Printer } from './printer.ts';

/** Prints route messages about `device` (0: any), except those of the cache. */
export function routePrinter(context: Context, device: number, nextHops: NextHopCache): Printer['print'] {
  const view = routeView(context, { device: device !== 0 }, nextHops);
  const route = new RouteReader();
  return (message, out, begin) => {
    if (!route.read(message)) return;
    if (route.family === RTNL_FAMILY_IPMR || route.family === RTNL_FAMILY_IP6MR) {
      if (route.type !== RTN_MULTICAST) {
        context.complain('Non multicast route received, kernel does support IP multicast?');
        return;
      }
      if (device !== 0 && route.attributes.u32(RTA_IIF) !== device) return;
      begin('MROUTE');
      showMulticastRoute(route, out, context.view);
      return;
    }
    if (route.flags & RTM_F_CLONED) return;
    if (device !== 0 && !hasDevice(route, device)) return;
    begin();
    showRoute(route, out, view);
  };
}
