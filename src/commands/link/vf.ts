/** `vf N ...` among the arguments of `ip link`: settings of one virtual function. */

import { ETH_P_8021AD, ETH_P_8021Q } from '../../linux/families.ts';
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
import { parseUnsigned } from '../../schema/number.ts';

const MAX_VLAN = 4095;
const GUID = /^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){7}$/;

/** IFLA_VF_LINK_STATE_*, by number. */
const LINK_STATES = ['auto', 'enable', 'disable'];

/** What reading the settings may need to know of the device. */
export interface VfTools {
  /** Reads a link-layer address of the length that the device has. */
  readAddress(args: Args): Buffer;
  /** The rates that the function has now, zeros when the device has none at all. Throws when it does not tell. */
  currentRates(vf: number): { readonly min_tx_rate: number; readonly max_tx_rate: number };
}

/** What has been read so far of one function. */
interface Draft {
  readonly vf: number;
  readonly info: VfInfo;
  /** Whether rates go into IFLA_VF_RATE, which holds both of them. */
  readonly hasBothRates: boolean;
  minRate?: number;
  maxRate?: number;
}

type Keyword = readonly [word: string, read: (draft: Draft, args: Args, tools: VfTools) => void];

type SettingName = 'spoofchk' | 'rss_query_en' | 'trust';

const onOff = (word: string, name: SettingName): Keyword => [
  word,
  ({ vf, info }, args) => {
    info[name] = { vf, setting: readOffOn(args, word) };
  },
];

const guid = (word: string, name: 'ib_node_guid' | 'ib_port_guid'): Keyword => [
  word,
  ({ vf, info }, args) => {
    const value = args.next();
    if (!GUID.test(value)) throw wrongArgument(value, 'Invalid GUID format\n');
    info[name] = { vf, guid: BigInt(`0x${value.replaceAll(':', '')}`) };
  },
];

/** Settings in order of precedence; each may be abbreviated. */
const KEYWORDS: readonly Keyword[] = [
  [
    'mac',
    ({ vf, info }, args, tools) => {
      const address = tools.readAddress(args).subarray(0, VF_ADDRESS_LENGTH);
      info.mac = { vf, address };
    },
  ],
  ['vlan', readVlan],
  [
    'rate',
    ({ vf, info }, args) => {
      info.tx_rate = { vf, setting: readRate(args, 'rate') };
    },
  ],
  [
    'max_tx_rate',
    (draft, args) => {
      draft.maxRate = readRate(args, 'max tx rate');
    },
  ],
  [
    'min_tx_rate',
    (draft, args) => {
      draft.minRate = readRate(args, 'min tx rate');
    },
  ],
  onOff('spoofchk', 'spoofchk'),
  onOff('query_rss', 'rss_query_en'),
  onOff('trust', 'trust'),
  [
    'state',
    ({ vf, info }, args) => {
      const value = args.next();
      const setting = LINK_STATES.findIndex(state => isPrefixOf(value, state));
      if (setting < 0) throw wrongArgument(value, 'Invalid "state" value\n');
      info.link_state = { vf, setting };
    },
  ],
  guid('node_guid', 'ib_node_guid'),
  guid('port_guid', 'ib_port_guid'),
];

/** Reads the settings of function `vf` up to the first word that is none; there must be one at least. */
export function readVfSettings(vf: number, args: Args, tools: VfTools): VfInfo {
  const draft: Draft = { vf, info: {}, hasBothRates: args.rest.some(mayBeRate) };
  let hasAny = false;
  while (!args.done) {
    const keyword = KEYWORDS.find(([word]) => args.matches(word));
    if (keyword === undefined) break;
    args.skip();
    keyword[1](draft, args, tools);
    hasAny = true;
  }
  if (draft.hasBothRates) completeRates(draft, tools);
  if (!hasAny) throw incompleteCommand();
  return draft.info;
}

/** The original decides which attribute it uses by any word of the line that could stand for one of these two. */
function mayBeRate(word: string): boolean {
  return isPrefixOf(word, 'max_tx_rate') || isPrefixOf(word, 'min_tx_rate');
}

/** The kernel wants both rates: the one that was not given stays as it is. The old way's is the largest rate. */
function completeRates({ vf, info, minRate, maxRate = info.tx_rate?.setting }: Draft, tools: VfTools): void {
  if (minRate === undefined && maxRate === undefined) return;
  const isComplete = minRate !== undefined && maxRate !== undefined;
  const current = isComplete ? undefined : tools.currentRates(vf);
  const min = minRate ?? current?.min_tx_rate ?? 0;
  const max = maxRate ?? current?.max_tx_rate ?? 0;
  delete info.tx_rate;
  if (max !== 0 && min > max) {
    throw new UsageError(`Invalid min_tx_rate ${min} - must be <= max_tx_rate ${max}`, EXIT_FAILURE);
  }
  info.rate = { vf, min_tx_rate: min, max_tx_rate: max };
}

function readVlan({ vf, info }: Draft, args: Args): void {
  const vlan = readNumber(args, 'vlan', MAX_VLAN);
  const qos = args.acceptPrefix('qos') ? readNumber(args, 'qos', 0xffffffff) : 0;
  let protocol = ETH_P_8021Q;
  if (args.acceptPrefix('proto')) {
    const value = args.next();
    const number = etherProtocol.parse(value);
    if (number === undefined) throw wrongArgument(value, 'protocol is invalid\n');
    if (number !== ETH_P_8021Q && number !== ETH_P_8021AD) {
      throw wrongArgument(value, 'Invalid "vlan protocol" value - supported 802.1Q, 802.1ad\n');
    }
    protocol = number;
  }
  if (protocol === ETH_P_8021Q) info.vlan = { vf, vlan, qos };
  else info.vlan_list = [{ vf, vlan, qos, protocol }];
}

const readRate = (args: Args, word: string) => readNumber(args, word, 0xffffffff);

function readNumber(args: Args, word: string, max: number): number {
  const value = args.next();
  const number = parseUnsigned(value, max);
  if (number === undefined) throw wrongArgument(value, `Invalid "${word}" value\n`);
  return number;
}

function readOffOn(args: Args, word: string): number {
  const value = args.next();
  const at = ['off', 'on'].indexOf(value);
  if (at >= 0) return at;
  const text = `Error: argument of "${word}" must be one of "off", "on", not "${value}"`;
  throw new UsageError(text, EXIT_FAILURE);
}
