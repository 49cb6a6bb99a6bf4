/** `inet ...` among the words of `ip link`: the IPv4 settings of a device. Source: linux/ip.h IPV4_DEVCONF_*. */
import { type InetSettings, inetSettings } from '../../rtnetlink/link.ts';
import { type Args, incompleteCommand } from '../../schema/args.ts';
import { exact, type Grammar, type Keyword, readWords } from '../../schema/keywords.ts';
import { OFF_ON, signed } from '../grammar/values.ts';

type SettingName = keyof InetSettings;

/** Settings that are numbers, with the values that a synopsis shows; all others are `on` or `off`. */
const NUMBERS: Readonly<Partial<Record<SettingName, string>>> = {
  rp_filter: '{ 0 | 1 | 2 }',
  arp_announce: '{ 0 | 1 | 2 }',
  arp_ignore: '{ 0 | 1 | ... | 8 }',
  arp_accept: '{ 0 | 1 | 2 }',
  force_igmp_version: '{ 0 | 1 | 2 | 3 }',
  tag: 'TAG',
  medium_id: 'ID',
  igmpv2_unsolicited_report_interval: 'INTERVAL',
  igmpv3_unsolicited_report_interval: 'INTERVAL',
};

function setting(word: SettingName): Keyword<InetSettings, unknown> {
  const synopsis = NUMBERS[word];
  const value = synopsis === undefined ? OFF_ON : signed(synopsis, `Invalid "${word}" value\n`);
  return exact(word, value, word);
}

/** The settings of IPv4. */
export const INET_GRAMMAR: Grammar<InetSettings, unknown> = {
  keywords: Object.entries(inetSettings.rows)
    .filter(([, { words }]) => words.keyword !== false)
    .map(([word]) => setting(word as SettingName)),
};

/** Reads settings up to the first word that is not one; there must be one at least. */
export function readInetSettings(args: Args): InetSettings {
  const settings: InetSettings = {};
  readWords(INET_GRAMMAR, settings, args, undefined);
  if (Object.keys(settings).length === 0) throw incompleteCommand();
  return settings;
}
