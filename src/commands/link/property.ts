/** `ip link property`: alternative names of a device. */

import { NLM_F_APPEND, NLM_F_CREATE, NLM_F_EXCL } from '../../linux/netlink.ts';
import { RTM_DELLINKPROP, RTM_NEWLINKPROP } from '../../linux/rtnetlink.ts';
import { link, linkHeader } from '../../rtnetlink/link.ts';
import { type Args, duplicateOrGarbage, EXIT_USAGE, UsageError, UsageRequest } from '../../schema/args.ts';
import { abbreviable, exact, type Grammar, readWords, value, withoutKeyword } from '../../schema/keywords.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { Command } from '../frame/command.ts';
import { isAlternativeName, noSuchDevice } from '../grammar/device-names.ts';

/** What the words say. */
interface Draft {
  readonly names: string[];
  device?: string;
}

/** A name that a device may have. */
const name = (operand: { readonly synopsis: string; readonly names?: 'device' }, complaint: string) =>
  value(operand, word => (isAlternativeName(word) ? word : undefined), complaint);

const DEV = exact<Draft, unknown, string>(
  'dev',
  name({ synopsis: 'DEVICE', names: 'device' }, '"dev" not a valid ifname'),
  'device',
  { once: duplicateOrGarbage },
);

/** The words after `add` and `del`. */
export const PROPERTY_GRAMMAR: Grammar<Draft, unknown> = {
  keywords: [
    DEV,
    {
      ...abbreviable(
        'altname',
        name({ synopsis: 'NAME' }, 'not a valid altname'),
        ({ names }: Draft, found) => {
          names.push(found);
        },
      ),
      repeats: true,
    },
  ],
  ...withoutKeyword(DEV),
};

/** `ip link property add` and `del`. */
export const changeProperties: Command = async (args, context) => {
  if (args.done) throw new UsageRequest();
  const request = requestOf(args);
  const draft: Draft = { names: [] };
  readWords(PROPERTY_GRAMMAR, draft, args, context);
  const { device, names } = draft;
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
  if (args.matches('help')) throw new UsageRequest();
  throw new UsageError('Operator required', EXIT_USAGE);
}
