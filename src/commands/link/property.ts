/** `ip link property`: alternative names of a device. */

import { NLM_F_APPEND, NLM_F_CREATE, NLM_F_EXCL } from '../../linux/netlink.ts';
import { RTM_DELLINKPROP, RTM_NEWLINKPROP } from '../../linux/rtnetlink.ts';
import { link, linkHeader } from '../../rtnetlink/link.ts';
import {
  type Args,
  duplicateOrGarbage,
  EXIT_USAGE,
  UsageError,
  UsageRequest,
  wrongArgument,
} from '../../schema/args.ts';

import { MessageWriter } from '../../wire/writer.ts';
import type { Command } from '../frame/command.ts';
import { noSuchDevice } from '../grammar/link-filter.ts';
import { isAlternativeName } from './arguments.ts';
import { LINK_USAGE } from './usage.ts';

export const changeProperties: Command = async (args, context) => {
  if (args.done) throw new UsageRequest(LINK_USAGE);
  const request = requestOf(args);
  const names: string[] = [];
  let device: string | undefined;
  while (!args.done) {
    if (args.acceptPrefix('altname')) {
      const name = args.next();
      if (!isAlternativeName(name)) throw wrongArgument(name, 'not a valid altname');
      names.push(name);
    } else if (args.matches('help')) {
      throw new UsageRequest(LINK_USAGE);
    } else {
      args.accept('dev');
      const name = args.next();
      if (device !== undefined) throw duplicateOrGarbage('dev', name);
      if (!isAlternativeName(name)) throw wrongArgument(name, '"dev" not a valid ifname');
      device = name;
    }
  }
  if (device === undefined) {
    throw new UsageError('Not enough of information: "dev" argument is required.', EXIT_USAGE);
  }
  const index = context.names.deviceIndex(device);
  if (index === undefined) throw noSuchDevice(device);
  linkHeader.write(request, { ...linkHeader.zero(), family: context.family, index });
  link.encode(request, { prop_list: names });
  await context.request(request);
  return 0;
};

function requestOf(args: Args): MessageWriter {
  if (args.acceptPrefix('add')) {
    return new MessageWriter(RTM_NEWLINKPROP, NLM_F_EXCL | NLM_F_CREATE | NLM_F_APPEND);
  }
  if (args.acceptPrefix('del')) return new MessageWriter(RTM_DELLINKPROP, 0);
  if (args.matches('help')) throw new UsageRequest(LINK_USAGE);
  throw new UsageError('Operator required', EXIT_USAGE);
}
