/**
 * Every parameter of every kind with values of every type, right and wrong, past the original and ours under
 * capture: what is sent, what is said, how it ends. The keywords are those of the grammars and of the original's own help.
 * Each keyword gets a share of the values that changes from keyword to keyword; TSIP_EXHAUSTIVE=1 tries all.
 */

import { INET_GRAMMAR } from '../../src/commands/link/inet.ts';
import { VF_GRAMMAR } from '../../src/commands/link/vf.ts';
import { LINK_GRAMMAR } from '../../src/commands/link/words.ts';
import type { Grammar } from '../../src/schema/keywords.ts';
import { keywordsOf } from '../../src/schema/parse.ts';
import type { Rows } from '../../src/schema/row.ts';
import { LINK_KINDS } from '../rtnetlink/kinds/list.ts';
import { original } from '../support/capture/capture.ts';
import { needs } from '../support/requirements.ts';
import { assertSame, linesWith, sweepTimeout } from '../support/sweep.ts';

/** Words of help texts that are prose, not keywords. */
const PROSE =
  /^(get|if|not|is|the|for|values|are|first|nothing|specified|of|to|be|two|devices|given|number|or)$/;

/** Where the original crashes, or sends memory that it has not written: tunnel-defects.test.ts has what ours does. */
const DEFECTS = /6rd-reset|type ip6tnl encaplimit/;

/** The words of a help text that may be keywords, `[no][i|o]seq` standing for six. */
function helpWords(text: string): string[] {
  const spelt = text
    .replace(/\[no\]\[i\|o\](\w+)/g, '$1 i$1 o$1 no$1 noi$1 noo$1')
    .replace(/no\[i\|o\](\w+)/g, 'no$1 noi$1 noo$1')
    .replace(/\[i\|o\](\w+)/g, '$1 i$1 o$1')
    .replace(/\[no\]([\w-]+)/g, '$1 no$1');
  const words = spelt.split(/[\s[\]{}|,()":]+/).map(word => word.replace(/\.+$/, ''));
  return words.filter(
    word => /^[a-z0-9][a-z0-9_+.-]*$/.test(word) && !/^[\d.]+$/.test(word) && !PROSE.test(word),
  );
}

/** What differs in numbers of descriptors alone, and asks in other namespaces: live tests have them. */
const BY_PROCESS = / (link-)?netns \d+/;

const LINK = [...wordsOf(LINK_GRAMMAR as Grammar), 'nonsense'];

/** commands/link/vf.test.ts has what asks for the rates of the function. */
const FUNCTION = [
  ...wordsOf(VF_GRAMMAR as Grammar).filter(word => !word.endsWith('_tx_rate')),
  ...['qos', 'proto', 'port', 'nonsense'],
];

const INET = [...wordsOf(INET_GRAMMAR as Grammar), 'nonsense'];

function wordsOf({ keywords }: Grammar): string[] {
  return keywords.map(({ word }) => word);
}

describe('words of ip link', () => {
  before(function () {
    needs(this, 'oracle', 'compiler');
  });

  it('of both ends of vxlan', async () => {
    const ends = [
      ...['group 239.1.1.1 remote junk', 'group 239.1.1.1 remote', 'remote 1.1.1.1 group junk'],
      ...[
        'group 239.1.1.6 remote fd00::5',
        'remote 0.0.0.0 group 239.1.1.1',
        'remote fd00::1 local 10.0.0.1',
      ],
      ...[
        'local 10.0.0.1 remote fd00::1',
        'remote 10.0.0.1 remote fd00::1',
        'group 239.1.1.1 local 10.0.0.1',
      ],
    ];
    await assertSame(ends.map(words => `link add x0 type vxlan id 7 dstport 0 ${words}`.split(' ')));
  });

  for (const [title, keywords, before, after] of [
    ['settings of a new device', LINK, 'link add x0', 'type dummy'],
    ['settings of a device that is there', LINK, 'link set eth0', ''],
    ['settings of the peer of veth', LINK, 'link add x0 type veth peer name x1', ''],
    ['settings of the peer of vxcan', LINK, 'link add x0 type vxcan peer', ''],
    ['settings of the peer of netkit', LINK, 'link add x0 type netkit peer name x1', ''],
    ['settings of a function', FUNCTION, 'link set eth0 vf 1', ''],
    ['settings of a tagged function', FUNCTION, 'link set eth0 vf 1 vlan 5', ''],
    ['settings of IPv4', INET, 'link set eth0 inet', ''],
  ] as const) {
    const lines = linesWith(keywords, before, after).filter(words => !BY_PROCESS.test(words.join(' ')));
    it(`${title}: values of every type do what they do in the original`, async function () {
      this.timeout(sweepTimeout);
      await assertSame(lines);
    });
  }

  it('what is said to be -1 may be said again', async () => {
    const words = ['mtu', 'txqueuelen', 'txqlen', 'qlen', 'numtxqueues', 'numrxqueues', 'link-netnsid'];
    const values = words.flatMap(word => [`${word} -1 ${word} 5`, `${word} 5 ${word} -1`]);
    await assertSame(values.map(value => `link set eth0 ${value}`.split(' ')));
  });
});

describe('words after a kind of link', () => {
  before(function () {
    needs(this, 'oracle', 'compiler');
  });

  for (const { name, table } of LINK_KINDS) {
    it(`${name}: values of every type do what they do in the original`, async function () {
      this.timeout(sweepTimeout);
      const help = original(['link', 'help', name]).stdout;
      const hasOwnHelp = !help.includes('parentdev');
      const own = keywordsOf(table.rows as Rows).map(({ word }) => word);
      const keywords = new Set([...(hasOwnHelp ? helpWords(help) : []), ...own, 'nonsense']);
      const lines = [
        ...linesWith(keywords, `link add x link eth0 type ${name}`),
        ...linesWith(keywords, `link set eth0 type ${name}`),
      ];
      await assertSame(lines.filter(words => !DEFECTS.test(words.join(' '))));
    });
  }
});
