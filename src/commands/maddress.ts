/** `ip maddress`: the multicast groups that devices listen to. */

import { changeMembership, type Membership, readMemberships } from '../kernel/system/multicast.ts';
import { AF_INET, AF_INET6, AF_PACKET, AF_UNSPEC } from '../linux/families.ts';
import {
  type Args,
  duplicateArgument,
  duplicateOrGarbage,
  EXIT_FAILURE,
  EXIT_USAGE,
  UsageError,
  UsageRequest,
} from '../schema/args.ts';
import {
  exact,
  type Grammar,
  readWords,
  shortened,
  type Value,
  value,
  withoutKeyword,
} from '../schema/keywords.ts';
import type { Output } from '../schema/output.ts';
import { synopsisItems, synopsisLines } from '../schema/synopsis.ts';
import type { Context } from './frame/context.ts';
import { BatchEnded } from './frame/report.ts';
import type { Subcommands } from './frame/subcommands.ts';

import { isDeviceName } from './grammar/device-names.ts';
import { LINK_ADDRESS, parseLinkAddress } from './grammar/link-address.ts';
import { DEVICE_NAME } from './grammar/values.ts';

const ETHERNET_LENGTH = 6;
/** Bytes that struct sockaddr has for an address. */
const MAX_LENGTH = 14;

/** The families of groups, in the order in which they are shown. */
const FAMILIES: readonly (readonly [name: Membership['family'], family: number])[] = [
  ['link', AF_PACKET],
  ['inet', AF_INET],
  ['inet6', AF_INET6],
];

/** What the words of `show` say. */
interface Filter {
  device?: string;
}

/** What the words of `add` and `delete` say. */
interface Draft extends Filter {
  address?: Buffer;
}

const SHOWN_DEVICE = exact<Filter, unknown, string>('dev', { ...DEVICE_NAME, synopsis: 'STRING' }, 'device', {
  once: duplicateOrGarbage,
});

/** The words of `show`. */
const SHOW_GRAMMAR: Grammar<Filter, unknown> = {
  keywords: [SHOWN_DEVICE],
  ...withoutKeyword(SHOWN_DEVICE),
};

const MULTICAST_ADDRESS: Value<Buffer> = {
  ...LINK_ADDRESS,
  synopsis: 'MULTIADDR',
  examples: ['33:33:00:00:00:05'],
  read(args) {
    if (args.matches('help')) throw new UsageRequest();
    return parseAddress(args.next());
  },
};

const ADDRESS = shortened(
  exact<Draft, unknown, Buffer>('address', MULTICAST_ADDRESS, 'address', { once: duplicateArgument }),
);

const DEV = value(
  { synopsis: 'STRING', names: 'device' },
  word => (isDeviceName(word) ? word : undefined),
  '"dev" not a valid ifname',
);

/** The words of `add` and `delete`. */
const CHANGE_GRAMMAR: Grammar<Draft, unknown> = {
  keywords: [exact('dev', DEV, 'device', { once: duplicateArgument }), ADDRESS],
  ...withoutKeyword(ADDRESS),
};

const changeGrammar = async () => CHANGE_GRAMMAR;

export const MADDRESS: Subcommands = {
  program: 'ip maddr',
  default: 'show',
  usage: async () => `\
Usage: ip maddr [ add | del ] MULTIADDR dev STRING
${synopsisLines('       ip maddr show', synopsisItems(SHOW_GRAMMAR))}

MULTIADDR is a link-layer address.`,
  commands: [
    { names: ['show', 'lst', 'list'], load: async () => showGroups, grammar: async () => SHOW_GRAMMAR },
    {
      names: ['add'],
      load: async () => (args, context) => change(args, 'add', context),
      grammar: changeGrammar,
    },
    {
      names: ['delete'],
      load: async () => (args, context) => change(args, 'delete', context),
      grammar: changeGrammar,
    },
  ],
};

function showGroups(args: Args, context: Context): number {
  const filter = context.state.draft(SHOW_GRAMMAR, (): Filter => ({}));
  readWords(SHOW_GRAMMAR, filter, args, context);
  const { device } = filter;
  const groups = FAMILIES.filter(([, family]) => context.family === AF_UNSPEC || context.family === family)
    .flatMap(([name]) => readMemberships(name))
    .filter(group => device === undefined || group.device === device)
    .sort((one, other) => one.index - other.index);
  const out = context.output();
  out.list();
  for (let at = 0; at < groups.length; ) {
    const { index } = groups[at]!;
    const start = at++;
    // With -o each group names its device.
    while (!context.view.oneLine && groups[at]?.index === index) at++;
    showDevice(groups.slice(start, at), out);
  }
  out.end();
  return 0;
}

/** Prints groups of one device. */
function showDevice(groups: readonly Membership[], out: Output): void {
  const { index, device } = groups[0]!;
  out.open();
  out.field('ifindex', index, `${index}:`);
  out.field('ifname', device, `\t${device}`, 'ifname');
  out.newline();
  out.list('maddr');
  for (const group of groups) showGroup(group, out);
  out.end();
  out.close();
}

function showGroup({ family, address, users, isStatic }: Membership, out: Output): void {
  out.open();
  if (family === 'link') {
    out.text('\tlink  ');
    out.field('link', address, address, 'mac');
  } else {
    out.field('family', family, `\t${family.padEnd(5)} `);
    out.field('address', address, address, family);
  }
  if (users !== 1) out.field('users', users, ` users ${users}`);
  if (isStatic) out.field('features', 'static', ' static');
  out.text('\n');
  out.close();
}

async function change(args: Args, what: 'add' | 'delete', context: Context): Promise<number> {
  const draft: Draft = {};
  readWords(CHANGE_GRAMMAR, draft, args, context);
  const { device, address } = draft;
  if (device === undefined) {
    throw new UsageError('Not enough information: "dev" is required.', EXIT_USAGE);
  }
  const wanted = { device, address: address ?? new Uint8Array() };
  await context.changeOrEndBatch(() => {
    changeMembership(context.kernel.calls, what, wanted.device, wanted.address);
    return 0;
  });
  // The original exits here. It knows no --line-netns, so that nobody counts on it there.
  if (context.isBatch && !context.options.lineNamespaces) throw new BatchEnded(0);
  return 0;
}

/** Reads an address; a wrong one ends a batch, too. */
function parseAddress(word: string): Buffer {
  const bytes = parseLinkAddress(word);
  if (bytes === undefined || bytes.length > MAX_LENGTH) {
    throw new UsageError(`"${word}" is invalid lladdr.`, EXIT_FAILURE, true);
  }
  if (bytes.length !== ETHERNET_LENGTH) {
    const text = `Error: Invalid address length ${bytes.length} - must be ${ETHERNET_LENGTH} bytes`;
    throw new UsageError(text, EXIT_FAILURE, true);
  }
  return bytes;
}
