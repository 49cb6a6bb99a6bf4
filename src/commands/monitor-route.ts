/** Routes in a monitor. */
import { showRoute } from '../layouts/route.ts';
import { ROUTE_CLONED, RouteReader, RTA_OIF } from '../rtnetlink/route.ts';
import type { Context } from './context.ts';
import type { Printer } from './monitor-printer.ts';
import { routeView } from './route-list.ts';

/** Prints route messages about `device` (0: any), except those of the cache. */
export function routePrinter(context: Context, device: number): Printer['print'] {
  const view = routeView(context, {});
  const route = new RouteReader();
  return (message, out, begin) => {
    if (!route.read(message) || route.flags & ROUTE_CLONED) return;
    if (device !== 0 && (route.attributes.u32(RTA_OIF) ?? device) !== device) return;
    begin();
    showRoute(route, out, view);
  };
}
