/** `inet ...` among the arguments of `ip link`: the IPv4 settings of a device. Source: linux/ip.h IPV4_DEVCONF_*. */
import { type InetSettings, inetSettings } from '../../rtnetlink/link.ts';
import { type Args, EXIT_FAILURE, incompleteCommand, UsageError, wrongArgument } from '../../schema/args.ts';
import { parseSigned } from '../../schema/number.ts';

/** Settings that are numbers; all others are `on` or `off`. */
const NUMBERS: ReadonlySet<string> = new Set([
  'rp_filter',
  'tag',
  'medium_id',
  'force_igmp_version',
  'arp_announce',
  'arp_ignore',
  'arp_accept',
  'igmpv2_unsolicited_report_interval',
  'igmpv3_unsolicited_report_interval',
]);

/** Reads settings up to the first word that names none; there must be one at least. */
export function readInetSettings(args: Args): InetSettings {
  const settings: Record<string, number> = {};
  let hasAny = false;
  for (let word = args.peek(); word !== undefined && isSetting(word); word = args.peek()) {
    args.skip();
    settings[word] = NUMBERS.has(word) ? readNumber(args, word) : readOffOn(args, word);
    hasAny = true;
  }
  if (!hasAny) throw incompleteCommand();
  return settings;
}

function isSetting(word: string): boolean {
  if (!Object.hasOwn(inetSettings.rows, word)) return false;
  return inetSettings.rows[word as keyof InetSettings].words.keyword !== false;
}

function readNumber(args: Args, word: string): number {
  const value = args.next();
  const number = parseSigned(value);
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
