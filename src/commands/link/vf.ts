/** `vf N ...` among the words of `ip link`: settings of one virtual function. */

import { answerTo } from '../../kernel/netlink/request-sync.ts';
import { ETH_P_8021AD, ETH_P_8021Q } from '../../linux/families.ts';
import { RTEXT_FILTER_VF } from '../../linux/rtnetlink.ts';
import { decodeLink, link } from '../../rtnetlink/link.ts';
import { VF_ADDRESS_LENGTH, type VfInfo } from '../../rtnetlink/link-vf.ts';
import { etherProtocol } from '../../rtnetlink/names/ether-protocol.ts';
import {
  type Args,
  EXIT_FAILURE,
  incompleteCommand,
  isPrefixOf,
  UsageError,
  wrongArgument,
} from '../../schema/args.ts';
import { EARLIER, earlierValues, setAgain } from '../../schema/facets.ts';
import {
  abbreviable,
  findKeyword,
  type Grammar,
  type Keyword,
  type Operand,
  readKeyword,
  reads,
  readWords,
  shortened,
  value,
} from '../../schema/keywords.ts';
import { keywordSynopsis } from '../../schema/synopsis.ts';
import type { Context } from '../frame/context.ts';
import { linkGetRequest } from '../grammar/device-request.ts';
import { checkAddressLength, LINK_ADDRESS } from '../grammar/link-address.ts';
import { number, OFF_ON } from '../grammar/values.ts';

const MAX_VLAN = 4095;
const GUID = /^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){7}$/;

/** IFLA_VF_LINK_STATE_*, by number. */
const LINK_STATES = ['auto', 'enable', 'disable'];

/** What has been read of one function. */
interface VfDraft {
  readonly vf: number;
  readonly info: VfInfo;
  /** The device, and its index; 0 if there is no such device. */
  readonly device: string;
  readonly index: number;
  minRate?: number;
  maxRate?: number;
}

type VfKeyword = Keyword<VfDraft, Context>;

const MAC = shortened<VfDraft, Context>(
  reads('mac', [LINK_ADDRESS], ({ vf, info, index }, args, context) => {
    const address = LINK_ADDRESS.read(args, context, 'mac');
    if (index !== 0) checkAddressLength(address, index, context);
    setAgain(info, 'mac', { vf, address: address.subarray(0, VF_ADDRESS_LENGTH) });
  }),
);

function onOff(word: string, name: 'spoofchk' | 'rss_query_en' | 'trust'): VfKeyword {
  return abbreviable(word, OFF_ON, ({ vf, info }: VfDraft, setting) => {
    setAgain(info, name, { vf, setting });
  });
}

const rate = (word: string) => number('TXRATE', `Invalid "${word}" value\n`);

const STATE = value(
  { synopsis: '{ auto | enable | disable }', words: LINK_STATES },
  word => {
    const state = LINK_STATES.findIndex(name => isPrefixOf(word, name));
    return state < 0 ? undefined : state;
  },
  'Invalid "state" value\n',
);

const EUI64 = value(
  { synopsis: 'EUI64', examples: ['02:00:00:00:00:00:00:01'] },
  word => (GUID.test(word) ? BigInt(`0x${word.replaceAll(':', '')}`) : undefined),
  'Invalid GUID format\n',
);

function guid(word: string, name: 'ib_node_guid' | 'ib_port_guid'): VfKeyword {
  return abbreviable(word, EUI64, ({ vf, info }: VfDraft, guid) => {
    setAgain(info, name, { vf, guid });
  });
}

const VLAN = number('VLANID', 'Invalid "vlan" value\n', MAX_VLAN);
const QOS = number('VLAN-QOS', 'Invalid "qos" value\n');
const PROTOCOL = value<number, Context>(
  { synopsis: 'VLAN-PROTO', words: ['802.1Q', '802.1ad'] },
  word => etherProtocol.parse(word),
  'protocol is invalid\n',
);

/** What may follow the number of a VLAN, in this order. */
interface VlanDraft {
  qos: number;
  protocol: number;
}

const VLAN_QOS = abbreviable<VlanDraft, Context, number>('qos', QOS, 'qos');
const VLAN_PROTOCOL = shortened<VlanDraft, Context>(
  reads('proto', [PROTOCOL], (draft, args, context) => {
    const word = args.peek();
    draft.protocol = PROTOCOL.read(args, context, 'proto');
    if (draft.protocol === ETH_P_8021Q || draft.protocol === ETH_P_8021AD) return;
    throw wrongArgument(word!, 'Invalid "vlan protocol" value - supported 802.1Q, 802.1ad\n');
  }),
);

/** A keyword that may stand at its place. */
function optional(keyword: Keyword<VlanDraft, Context>): Operand {
  const grammar = () => ({ keywords: [keyword] });
  return { synopsis: keywordSynopsis(keyword), grammar, isChoice: true, isOptional: true };
}

/** The settings of a virtual function, in order of precedence. */
export const VF_GRAMMAR: Grammar<VfDraft, Context> = {
  keywords: [
    MAC,
    shortened(reads('vlan', [VLAN, optional(VLAN_QOS), optional(VLAN_PROTOCOL)], readVlan)),
    abbreviable('rate', rate('rate'), ({ vf, info }: VfDraft, setting) => {
      setAgain(info, 'tx_rate', { vf, setting });
    }),
    abbreviable('max_tx_rate', rate('max tx rate'), 'maxRate'),
    abbreviable('min_tx_rate', rate('min tx rate'), 'minRate'),
    onOff('spoofchk', 'spoofchk'),
    onOff('query_rss', 'rss_query_en'),
    onOff('trust', 'trust'),
    abbreviable('state', STATE, ({ vf, info }: VfDraft, setting) => {
      setAgain(info, 'link_state', { vf, setting });
    }),
    guid('node_guid', 'ib_node_guid'),
    guid('port_guid', 'ib_port_guid'),
  ],
};

function readVlan({ vf, info }: VfDraft, args: Args, context: Context): void {
  const vlan = VLAN.read(args, context, 'vlan');
  const draft: VlanDraft = { qos: 0, protocol: ETH_P_8021Q };
  readKeyword([VLAN_QOS], draft, args, context);
  readKeyword([VLAN_PROTOCOL], draft, args, context);
  const { qos, protocol } = draft;
  if (protocol === ETH_P_8021Q) setAgain(info, 'vlan', { vf, vlan, qos });
  else setAgain(info, 'vlan_list', [{ vf, vlan, qos, protocol }]);
}

/** Reads the settings of function `vf` up to the first word that is not one; there must be one at least. */
export function readVfSettings(vf: number, device: string, args: Args, context: Context): VfInfo {
  const draft: VfDraft = {
    vf,
    info: { [EARLIER]: {} } as VfInfo,
    device,
    index: context.names.deviceIndex(device) ?? 0,
  };
  const hasBothRates = args.rest.some(mayBeRate);
  const first = args.peek();
  if (first === undefined || findKeyword(VF_GRAMMAR.keywords, first) === undefined) throw incompleteCommand();
  readWords(VF_GRAMMAR, draft, args, context);
  if (hasBothRates) completeRates(draft, context);
  return draft.info;
}

/** The original decides which attribute it uses by any word of the line that could stand for one of these two. */
function mayBeRate(word: string): boolean {
  return isPrefixOf(word, 'max_tx_rate') || isPrefixOf(word, 'min_tx_rate');
}

/**
 * IFLA_VF_RATE holds both rates: the one that was not given stays as it is. `rate` is the largest rate of the older
 * attribute.
 */
function completeRates(draft: VfDraft, context: Context): void {
  const { vf, info, minRate, maxRate = info.tx_rate?.setting } = draft;
  if (minRate === undefined && maxRate === undefined) return;
  const isComplete = minRate !== undefined && maxRate !== undefined;
  const current = isComplete ? undefined : currentRates(draft, context);
  const min = minRate ?? current?.min_tx_rate ?? 0;
  const max = maxRate ?? current?.max_tx_rate ?? 0;
  delete info.tx_rate;
  delete earlierValues(info)?.['tx_rate'];
  if (max !== 0 && min > max) {
    throw new UsageError(`Invalid min_tx_rate ${min} - must be <= max_tx_rate ${max}`, EXIT_FAILURE);
  }
  info.rate = { vf, min_tx_rate: min, max_tx_rate: max };
}

/** The rates of the function; zeros if the device has no functions. */
function currentRates(
  { vf, device, index }: VfDraft,
  { ask }: Context,
): { readonly min_tx_rate: number; readonly max_tx_rate: number } {
  if (index === 0) throw new UsageError(`Device ${device} does not exist`, EXIT_FAILURE);
  const answer = answerTo(ask, linkGetRequest({ index }, RTEXT_FILTER_VF, 0));
  const found = answer && decodeLink(answer, link.select(['vfinfo_list']))?.vfinfo_list;
  if (found === undefined) return { min_tx_rate: 0, max_tx_rate: 0 };
  for (const { rate } of found) {
    if (rate === undefined) throw new UsageError('VF min/max rate API not supported', EXIT_FAILURE);
    if (rate.vf === vf) return rate;
  }
  throw new UsageError(`Cannot find VF ${vf | 0}`, EXIT_FAILURE);
}
