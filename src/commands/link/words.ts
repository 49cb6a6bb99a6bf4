/** The words of `ip link add`, `set`, `replace` and `delete`, up to the arguments of a kind. */
import {
  IFF_ALLMULTI,
  IFF_DYNAMIC,
  IFF_MULTICAST,
  IFF_NOARP,
  IFF_NOTRAILERS,
  IFF_PROMISC,
  IFF_UP,
} from '../../linux/interfaces.ts';
import { inet6Family, type LinkAttributes } from '../../rtnetlink/link.ts';
import { linkPorts, linkQueues, linkSettings } from '../../rtnetlink/link-settings.ts';
import {
  type Args,
  duplicateArgument,
  duplicateOrGarbage,
  isPrefixOf,
  missingArgument,
  mustBeOnOrOff,
  wrongArgument,
} from '../../schema/args.ts';
import { setAgain, type Values } from '../../schema/facets.ts';
import {
  abbreviable,
  anyWord,
  exact,
  flag,
  type Grammar,
  hidden,
  type Keyword,
  type Operand,
  reads,
  readWords,
  shortened,
  type Value,
  value,
  withoutKeyword,
} from '../../schema/keywords.ts';
import { parseLeading } from '../../schema/number.ts';
import { keywordsOf } from '../../schema/parse.ts';
import type { Context } from '../frame/context.ts';
import { isAlternativeName, isDeviceName } from '../grammar/device-names.ts';
import { LINK_ADDRESS } from '../grammar/link-address.ts';
import { DEVICE, DEVICE_NAME, named, ON_OFF, signed, VRF } from '../grammar/values.ts';
import { type LinkDraft, setFlag } from './draft.ts';
import { INET_GRAMMAR, readInetSettings } from './inet.ts';
import { openNamespace } from './namespace.ts';
import { readVfSettings, VF_GRAMMAR } from './vf.ts';
import { XDP_KEYWORDS } from './xdp.ts';

type LinkKeyword = Keyword<LinkDraft, Context>;

/** A keyword whose value becomes an attribute, each time that it is given. */
function attribute<K extends keyof LinkAttributes>(
  word: string,
  value: Value<NonNullable<LinkAttributes[K]>, Context>,
  name: K,
): LinkKeyword {
  return exact(word, value, ({ attributes }: LinkDraft, found) => {
    setAgain(attributes, name, found);
  });
}

/** `on` or `off` as a flag of the device. */
function deviceFlag(word: string, bit: number, isInverse = false): LinkKeyword {
  return exact(word, ON_OFF, (draft, isOn) => setFlag(draft, bit, isOn !== isInverse));
}

/** The keywords of attributes that are one value each. */
const SETTINGS: readonly LinkKeyword[] = keywordsOf({ ...linkSettings, ...linkQueues, ...linkPorts }).map(
  keyword => ({
    ...keyword,
    read({ attributes }, args, context, typed) {
      const warn = (text: string) => context.complain(text);
      keyword.read(attributes as Values, args, { names: context.names, isAdd: false, warn }, typed);
    },
  }),
);

const NAME = value(
  { synopsis: 'NEWNAME', examples: ['x1'] },
  word => (isDeviceName(word) ? word : undefined),
  '"name" not a valid ifname',
);

const NAMED_DEVICE = value(
  { synopsis: 'DEVICE', names: 'device' },
  word => (isAlternativeName(word) ? word : undefined),
  '"dev" not a valid ifname',
);

const INDEX = value(
  { synopsis: 'IDX', examples: ['77', '0'] },
  word => {
    const index = parseLeading(word);
    return index > 0 ? index : undefined;
  },
  'Invalid "index" value',
);

const { words: addressMode } = inet6Family.rows.addr_gen_mode;
const ADDRESS_MODE = value(
  addressMode.spelling.operand!,
  addressMode.spelling.parse,
  'Invalid address generation mode\n',
);

const NAMESPACE: Operand = { synopsis: '{ PID | NETNSNAME | NETNSFILE }', names: 'namespace' };

const LOWER_NAMESPACE = { once: duplicateArgument, duplicateOf: 'link-netns/link-netnsid' };

const PROTODOWN_REASON = named('PREASON', 'protodownReasons', 'invalid protodown reason\n');

/** `on` or `off` where the original takes beginnings of them. */
const ON_OFF_SHORTENED: Value<boolean> = value(
  ON_OFF,
  word => (isPrefixOf(word, 'on') ? true : isPrefixOf(word, 'off') ? false : undefined),
  (word, keyword) => mustBeOnOrOff(keyword, word),
);

const BROADCAST = attribute('broadcast', LINK_ADDRESS, 'broadcast');

/** `dev DEVICE`, or DEVICE alone. */
const DEV: LinkKeyword = exact('dev', NAMED_DEVICE, 'device', { once: duplicateOrGarbage });

/** The words of a line up to `type KIND`, after which the kind reads what follows. */
export const LINK_GRAMMAR: Grammar<LinkDraft, Context> = {
  keywords: [
    DEV,
    flag('up', draft => setFlag(draft, IFF_UP, true)),
    flag('down', draft => setFlag(draft, IFF_UP, false)),
    exact('name', NAME, 'name', { once: duplicateArgument }),
    exact('index', INDEX, 'index', { once: duplicateArgument, isGiven: ({ index }) => index !== 0 }),
    abbreviable('link', { ...DEVICE_NAME, synopsis: 'DEV' }, 'lower'),
    shortened(attribute('address', LINK_ADDRESS, 'address')),
    shortened(BROADCAST),
    hidden({ ...BROADCAST, word: 'brd' }),
    ...XDP_KEYWORDS,
    reads('netns', [NAMESPACE], readNamespace),
    reads(
      'vf',
      [
        { synopsis: 'NUM', examples: ['0', '1'] },
        { synopsis: '', grammar: () => VF_GRAMMAR, isNonEmpty: true },
      ],
      readVf,
    ),
    reads(
      'inet',
      [{ synopsis: '', grammar: () => INET_GRAMMAR, isNonEmpty: true }],
      ({ attributes }, args) => {
        setAgain(attributes, 'af_spec', { inet: { conf: readInetSettings(args) } });
      },
    ),
    deviceFlag('multicast', IFF_MULTICAST),
    deviceFlag('allmulticast', IFF_ALLMULTI),
    deviceFlag('promisc', IFF_PROMISC),
    deviceFlag('trailers', IFF_NOTRAILERS, true),
    deviceFlag('arp', IFF_NOARP, true),
    shortened(attribute('master', DEVICE, 'master')),
    attribute('vrf', VRF, 'master'),
    shortened(
      flag('nomaster', ({ attributes }: LinkDraft) => {
        setAgain(attributes, 'master', 0);
      }),
    ),
    shortened(deviceFlag('dynamic', IFF_DYNAMIC)),
    ...SETTINGS,
    {
      ...reads('type', [{ synopsis: 'TYPE', names: 'kind' }], () => undefined),
      abbreviable: true,
      endsReading: true,
    },
    exact(
      'group',
      named('DEVGROUP', 'groups', 'Invalid "group" value\n'),
      (draft: LinkDraft, group) => {
        draft.group = group;
        draft.attributes.group = group;
      },
      { once: duplicateArgument, isGiven: ({ group }) => group !== undefined },
    ),
    abbreviable('addrgenmode', ADDRESS_MODE, ({ attributes }: LinkDraft, mode) => {
      // The kernel reads the last IFLA_AF_SPEC only, and the original sends one for each keyword.
      setAgain(attributes, 'af_spec', { inet6: { addr_gen_mode: mode } });
    }),
    abbreviable('link-netns', anyWord({ synopsis: 'NAME', names: 'namespace' }), 'lowerNamespace', {
      ...LOWER_NAMESPACE,
      isGiven: hasLowerNamespace,
    }),
    abbreviable('link-netnsid', signed('ID', 'Invalid "link-netnsid" value\n'), 'lowerNamespaceId', {
      ...LOWER_NAMESPACE,
      isGiven: hasLowerNamespace,
    }),
    reads('protodown_reason', [PROTODOWN_REASON, ON_OFF_SHORTENED], readProtodownReason),
  ],
  ...withoutKeyword(DEV),
};

function hasLowerNamespace({ lowerNamespace, lowerNamespaceId = -1 }: LinkDraft): boolean {
  return lowerNamespace !== undefined || lowerNamespaceId >= 0;
}

function readNamespace(draft: LinkDraft, args: Args): void {
  const word = args.next();
  if (draft.namespace !== undefined) throw duplicateArgument('netns', word);
  const descriptor = openNamespace(word);
  if (descriptor === undefined) throw wrongArgument(word, 'Invalid "netns" value\n');
  draft.namespace = descriptor;
  draft.attributes.net_ns_fd = descriptor;
}

const VF_NUMBER = signed('NUM', 'Invalid "vf" value\n');

function readVf(draft: LinkDraft, args: Args, context: Context): void {
  const number = VF_NUMBER.read(args, context, 'vf') >>> 0;
  const name = draft.device ?? draft.name;
  if (name === undefined) throw missingArgument('dev');
  setAgain(draft.attributes, 'vfinfo_list', [readVfSettings(number, name, args, context)]);
}

function readProtodownReason({ attributes }: LinkDraft, args: Args, context: Context): void {
  const bit = PROTODOWN_REASON.read(args, context, 'protodown_reason');
  const isOn = ON_OFF_SHORTENED.read(args, context, 'protodown_reason');
  const mask = (1 << bit) >>> 0;
  setAgain(attributes, 'proto_down_reason', { mask, value: isOn ? mask : 0 });
}

/**
 * Reads words into `draft` to the end of the line or up to and including `type KIND`. Throws the original's complaint
 * about the first wrong word.
 */
export function readLinkWords(draft: LinkDraft, args: Args, context: Context): void {
  readWords(LINK_GRAMMAR, draft, args, context);
  if (args.done) return;
  args.skip();
  draft.kind = args.next();
}
