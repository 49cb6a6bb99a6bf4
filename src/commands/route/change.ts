/** `ip route add`, `change`, `replace`, `prepend`, `append`, `test` and `delete`: one route read and sent. */

import { showRoute } from '../../layouts/route/route.ts';
import { AF_INET, AF_INET6, AF_MPLS, AF_UNSPEC } from '../../linux/families.ts';
import { NLM_F_APPEND, NLM_F_CREATE, NLM_F_ECHO, NLM_F_EXCL, NLM_F_REPLACE } from '../../linux/netlink.ts';
import {
  RT_SCOPE_NOWHERE,
  RT_SCOPE_UNIVERSE,
  RT_TABLE_MAIN,
  RTM_DELROUTE,
  RTM_NEWROUTE,
  RTN_UNICAST,
  RTPROT_BOOT,
} from '../../linux/rtnetlink.ts';
import { encodeRawRoute } from '../../rtnetlink/route.ts';
import { defaultScope, defaultTable } from '../../rtnetlink/route-defaults.ts';
import { type Args, UsageRequest } from '../../schema/args.ts';
import { readWords } from '../../schema/keywords.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import type { Command } from '../frame/command.ts';
import type { Context } from '../frame/context.ts';
import { isReportShown } from '../frame/first-answer.ts';
import { deviceIndex } from '../grammar/values.ts';
import { readAnswer } from './answer.ts';
import { type Draft, ROUTE_GRAMMAR } from './arguments.ts';
import { readNextHops } from './next-hops.ts';
import { routeView } from './show.ts';

/** A command that reads the rest of the line and sends it as a message of `type` with `flags`. */
function change(type: number, flags: number): Command {
  return (args, context) => {
    const request = context.writer(type, flags);
    readRoute(args, context, request);
    return context.options.echo ? changeAndShow(request, context) : context.change(request);
  };
}

export const addRoute = change(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL);
export const changeRoute = change(RTM_NEWROUTE, NLM_F_REPLACE);
export const replaceRoute = change(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE);
export const prependRoute = change(RTM_NEWROUTE, NLM_F_CREATE);
export const appendRoute = change(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_APPEND);
export const testRoute = change(RTM_NEWROUTE, NLM_F_EXCL);
export const deleteRoute = change(RTM_DELROUTE, 0);

/** Shows what the kernel reports of the change; JSON has the object inside another one, as from the original. */
async function changeAndShow(request: MessageWriter, context: Context): Promise<number> {
  request.flags |= NLM_F_ECHO;
  const [answer] = await context.request(request);
  const out = context.output();
  out.list();
  out.open();
  const route = readAnswer(answer, context);
  const { routeFilter } = context.state;
  const isDeleted = answer?.type === RTM_DELROUTE;
  if (route !== undefined && isReportShown(routeFilter, route, isDeleted, context))
    showRoute(route, out, routeView(context, routeFilter?.known ?? {}));
  out.close();
  out.end();
  return 0;
}

/** Reads the rest of the line into a request. */
function readRoute(args: Args, context: Context, request: MessageWriter): void {
  const isDelete = request.type === RTM_DELROUTE;
  const draft: Draft = {
    header: {
      family: context.family,
      dst_len: 0,
      src_len: 0,
      tos: 0,
      table: RT_TABLE_MAIN,
      protocol: isDelete ? 0 : RTPROT_BOOT,
      scope: isDelete ? RT_SCOPE_NOWHERE : RT_SCOPE_UNIVERSE,
      type: isDelete ? 0 : RTN_UNICAST,
      flags: 0,
    },
    values: {},
    complain: text => context.complain(text),
    device: undefined,
    metrics: undefined,
    hasDestination: false,
    hasTable: false,
    hasType: false,
    hasScope: false,
  };
  readWords(ROUTE_GRAMMAR, draft, args, context);
  if (!draft.hasDestination) throw new UsageRequest();
  const { values } = draft;
  if (draft.device !== undefined) values.oif = deviceIndex(draft.device, context.names);
  if (draft.metrics !== undefined) values.metrics = draft.metrics;
  if (!args.done) values.multipath = readNextHops(args, draft.header, context);
  completeHeader(draft, isDelete);
  encodeRawRoute(request, draft.header, values);
}

/** Table, scope and family where they are not given. */
function completeHeader({ header, values, hasTable, hasType, hasScope }: Draft, isDelete: boolean): void {
  if (!hasTable) header.table = defaultTable(header.type);
  if (header.family === AF_INET6 || header.family === AF_MPLS) {
    if (!hasScope) header.scope = RT_SCOPE_UNIVERSE;
    if (header.family === AF_MPLS && !hasType) header.type = RTN_UNICAST;
  } else if (!hasScope) {
    header.scope = defaultScope(header, values, isDelete);
  }
  if (header.family === AF_UNSPEC) header.family = AF_INET;
}
