/** The route that answers a request. */
import { RTM_DELROUTE, RTM_NEWROUTE } from '../../linux/rtnetlink.ts';
import { RouteReader } from '../../rtnetlink/route-reader.ts';
import type { Message } from '../../wire/message.ts';
import type { Context } from '../frame/context.ts';
import { notOfKind } from '../frame/first-answer.ts';

/** Whether a message is one of a route. */
export function isRouteMessage({ type }: Message): boolean {
  return type === RTM_NEWROUTE || type === RTM_DELROUTE;
}

/** Reads an answer; complains and returns undefined if it is not a route. */
export function readAnswer(answer: Message | undefined, context: Context): RouteReader | undefined {
  if (answer === undefined) return undefined;
  const route = new RouteReader();
  if (isRouteMessage(answer)) return route.read(answer) ? route : undefined;
  context.complain(notOfKind('Not a route', answer));
  return undefined;
}
