/** Words of the objects over generic netlink with values of every type, as in the original. */
import { linkMessages } from '../../support/capture/capture.ts';
import { grammarOf, keywordPlaces } from '../../support/grammars.ts';
import { SHORT_LOCATOR } from '../../support/random/object-lines.ts';
import { needs } from '../../support/requirements.ts';
import { assertSame, linesWith, sweepTimeout } from '../../support/sweep.ts';

const KEY = `key 01 ${'0123456789abcdef'.repeat(2)}`;

/**
 * Title -> the words that are tried, and what stands before and after them. The words are those of the grammar of a command,
 * with `:` those after some of its words, or a list where they name commands.
 */
const SWEEPS = {
  'tcp_metrics show': ['tcp_metrics show', 'tcp_metrics show', ''],
  'tcp_metrics delete': ['tcp_metrics delete', 'tcp_metrics delete', ''],
  'tcp_metrics flush': ['tcp_metrics flush', 'tcp_metrics flush', ''],
  'mptcp endpoint add': ['mptcp endpoint add', 'mptcp endpoint add 10.0.0.1', ''],
  'mptcp endpoint change': ['mptcp endpoint change', 'mptcp endpoint change id 5', ''],
  'mptcp endpoint delete': ['mptcp endpoint delete', 'mptcp endpoint delete', ''],
  'mptcp endpoint show': ['mptcp endpoint show', 'mptcp endpoint show', ''],
  'mptcp limits set': ['mptcp limits set', 'mptcp limits set', ''],
  'sr tunsrc': [['set', 'show', 'nonsense'], 'sr tunsrc', ''],
  'sr hmac': [['set', 'show', 'nonsense'], 'sr hmac', ''],
  'ioam namespace add': ['ioam namespace add', 'ioam namespace add 1', ''],
  'ioam namespace': [['add', 'del', 'show', 'set', 'nonsense'], 'ioam namespace', ''],
  'ioam namespace set': ['ioam namespace set', 'ioam namespace set 1', ''],
  'ioam schema': [['add', 'del', 'show', 'nonsense'], 'ioam schema', ''],
  'l2tp add tunnel': [
    'l2tp add',
    'l2tp add tunnel tunnel_id 1 peer_tunnel_id 2 local 10.0.0.1 remote 10.0.0.2 encap ip',
    '',
  ],
  'l2tp add tunnel over UDP': ['l2tp add', 'l2tp add tunnel', 'encap udp tunnel_id 1 peer_tunnel_id 2'],
  'l2tp add session': ['l2tp add', 'l2tp add session tunnel_id 1 session_id 2 peer_session_id 3', ''],
  'l2tp del': [['tunnel', 'session', 'nonsense'], 'l2tp del', ''],
  'l2tp del tunnel': ['l2tp delete', 'l2tp del tunnel', ''],
  'l2tp show session': ['l2tp show', 'l2tp show session', ''],
  'fou add': ['fou add', 'fou add port 5000', ''],
  'fou add for GUE': ['fou add', 'fou add', 'gue'],
  'fou del': ['fou delete', 'fou del port 5000', ''],
  'ila add': ['ila add', 'ila add loc_match 1:2:3:4 loc 5:6:7:8', ''],
  'ila del': ['ila delete', 'ila del loc_match 1:2:3:4', ''],
  'macsec add': ['macsec add', 'macsec add eth0', ''],
  'macsec add tx sa': ['macsec add: tx sa 0', 'macsec add eth0 tx sa 0', KEY],
  'macsec add rx': ['macsec add: rx', 'macsec add eth0 rx', ''],
  'macsec add rx sa': ['macsec add: rx 1 sa 0', 'macsec add eth0 rx sci 5 sa 1', `pn 1 ${KEY}`],
  'macsec set tx sa': ['macsec set: tx sa 0', 'macsec set eth0 tx sa 0', ''],
  'macsec del': ['macsec delete', 'macsec del eth0', ''],
  'macsec offload': [['off', 'phy', 'mac', 'nonsense'], 'macsec offload eth0', ''],
  'macsec show': [['eth0', 'nowhere', 'dev'], 'macsec show', ''],
} as const;

/** What no grammar of that command has: words of other commands, of older versions, of none. */
const OTHERS = ['dst', 'mtu', 'reorder_timeout', 'sa', 'on', 'off', 'nonsense'];

/** Where a word would end the line with the help text of the object. */
const EXCLUDED = new Set(['help']);

async function wordsOf(source: string | readonly string[]): Promise<readonly string[]> {
  if (typeof source !== 'string') return source;
  const [command = '', start = ''] = source.split(': ');
  const place = [...keywordPlaces(await grammarOf(command))].find(({ before }) => before.join(' ') === start);
  if (place === undefined) throw new Error(`no keywords after ${source}`);
  return [...new Set([...place.keywords, ...OTHERS])].filter(word => !EXCLUDED.has(word));
}

describe('words of objects over generic netlink have the same effect as in the original', () => {
  before(function () {
    needs(this, 'oracle', 'compiler');
  });

  for (const [title, [source, before, after]] of Object.entries(SWEEPS)) {
    it(`after ${title}`, async function () {
      this.timeout(sweepTimeout);
      const lines = linesWith(await wordsOf(source), before, after);
      await assertSame(
        lines.filter(words => !SHORT_LOCATOR.test(words.join(' '))),
        { replies: linkMessages() },
      );
    });
  }

  it('in odd forms', async function () {
    this.timeout(sweepTimeout);
    const secure = 'macsec add eth0 tx sa 0 pn 1 key';
    const session = 'tunnel_id 1 session_id 2 peer_session_id 3';
    const lines = [
      ...['a/b', '10.0.0.0/33', '.', 'abcdefghijklmnopq', 'nosuch'].map(
        name => `fou add port 5 gue dev ${name}`,
      ),
      ...['08', '010', '0x10', '0', '256', 'esp', 'nosuch'].map(word => `fou add port 5 ipproto ${word}`),
      ...['fou add port 5 gue -', 'fou del - port 5'],
      ...['', 'tunnel_id 1 peer_tunnel_id 2', session, `${session} peer_tunnel_id 4 local 10.0.0.1`].map(
        words => `l2tp add tunnel session ${words}`.trim(),
      ),
      ...['10', 'fff', '08', '-1', '0x10', '4294967295', 'zz'].map(
        ssci => `macsec set eth0 tx sa 0 xpn 5 salt 000102030405060708090a0b ssci ${ssci}`,
      ),
    ];
    const keys = [' 1', '+1', '-0', '-1', '\t1', '1 ', '0x', '1', '12 3', '+a'].map(id => [
      ...[...secure.split(' '), id],
      '0123456789abcdef0123456789abcdef',
    ]);
    await assertSame([...lines.map(text => text.split(' ')), ...keys], { replies: linkMessages() });
  });
});
