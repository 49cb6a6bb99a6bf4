/** Words of the objects over generic netlink with values of every type, as in the original. */
import { linkMessages } from '../../support/capture/capture.ts';
import { needs } from '../../support/requirements.ts';
import { assertSame, linesWith, sweepTimeout } from '../../support/sweep.ts';

const FLAGS = ['signal', 'subflow', 'backup', 'nobackup', 'fullmesh', 'nofullmesh', 'laminar', 'implicit'];
const ENDPOINT = ['id', 'dev', 'port', ...FLAGS, 'nonsense'];
const SELECTOR = ['address', 'addr', 'dst', 'source', 'src', 'nonsense'];
const TUNNEL = [
  ...['tunnel_id', 'peer_tunnel_id', 'remote', 'local', 'encap', 'udp_sport', 'udp_dport', 'udp_csum'],
  ...['udp6_csum_rx', 'udp6_csum_tx', 'name', 'nonsense'],
];
const SESSION = [
  ...['session_id', 'peer_session_id', 'tunnel_id', 'cookie', 'peer_cookie', 'offset', 'peer_offset'],
  ...['l2spec_type', 'name', 'seq', 'mtu', 'reorder_timeout', 'nonsense'],
];
const PORT = ['port', 'ipproto', 'gue', 'local', 'peer', 'peer_port', 'dev', '-6', 'nonsense'];
const ASSOCIATION = ['pn', 'xpn', 'salt', 'ssci', 'on', 'off', 'key', 'nonsense'];
const KEY = `key 01 ${'0123456789abcdef'.repeat(2)}`;

const SWEEPS = {
  'tcp_metrics show': [SELECTOR, 'tcp_metrics show', ''],
  'tcp_metrics delete': [SELECTOR, 'tcp_metrics delete', ''],
  'tcp_metrics flush': [SELECTOR, 'tcp_metrics flush', ''],
  'mptcp endpoint add': [ENDPOINT, 'mptcp endpoint add 10.0.0.1', ''],
  'mptcp endpoint change': [ENDPOINT, 'mptcp endpoint change id 5', ''],
  'mptcp endpoint delete': [ENDPOINT, 'mptcp endpoint delete', ''],
  'mptcp endpoint show': [ENDPOINT, 'mptcp endpoint show', ''],
  'mptcp limits set': [['subflows', 'add_addr_accepted', 'nonsense'], 'mptcp limits set', ''],
  'sr tunsrc': [['set', 'show', 'nonsense'], 'sr tunsrc', ''],
  'sr hmac': [['set', 'show', 'nonsense'], 'sr hmac', ''],
  'ioam namespace add': [['data', 'wide', 'nonsense'], 'ioam namespace add 1', ''],
  'ioam namespace': [['add', 'del', 'show', 'set', 'nonsense'], 'ioam namespace', ''],
  'ioam namespace set': [['schema', 'nonsense'], 'ioam namespace set 1', ''],
  'ioam schema': [['add', 'del', 'show', 'nonsense'], 'ioam schema', ''],
  'l2tp add tunnel': [
    TUNNEL,
    'l2tp add tunnel tunnel_id 1 peer_tunnel_id 2 local 10.0.0.1 remote 10.0.0.2 encap ip',
    '',
  ],
  'l2tp add tunnel over UDP': [TUNNEL, 'l2tp add tunnel', 'encap udp tunnel_id 1 peer_tunnel_id 2'],
  'l2tp add session': [SESSION, 'l2tp add session tunnel_id 1 session_id 2 peer_session_id 3', ''],
  'l2tp del': [['tunnel', 'session', 'nonsense'], 'l2tp del', ''],
  'l2tp del tunnel': [TUNNEL, 'l2tp del tunnel', ''],
  'l2tp show session': [SESSION, 'l2tp show session', ''],
  'fou add': [PORT, 'fou add port 5000', ''],
  'fou add for GUE': [PORT, 'fou add', 'gue'],
  'fou del': [PORT, 'fou del port 5000', ''],
  'ila add': [['csum-mode', 'ident-type', 'dev', 'nonsense'], 'ila add loc_match 1:2:3:4 loc 5:6:7:8', ''],
  'ila del': [['csum-mode', 'ident-type', 'dev', 'nonsense'], 'ila del loc_match 1:2:3:4', ''],
  'macsec add': [['tx', 'rx', 'nonsense'], 'macsec add eth0', ''],
  'macsec add tx sa': [ASSOCIATION, 'macsec add eth0 tx sa 0', KEY],
  'macsec add rx': [['port', 'address', 'sci', 'on', 'off', 'sa', 'nonsense'], 'macsec add eth0 rx', ''],
  'macsec add rx sa': [ASSOCIATION, 'macsec add eth0 rx sci 5 sa 1', `pn 1 ${KEY}`],
  'macsec set tx sa': [ASSOCIATION, 'macsec set eth0 tx sa 0', ''],
  'macsec del': [['tx', 'rx', 'nonsense'], 'macsec del eth0', ''],
  'macsec offload': [['off', 'phy', 'mac', 'nonsense'], 'macsec offload eth0', ''],
  'macsec show': [['eth0', 'nowhere', 'dev'], 'macsec show', ''],
} as const;

describe('words of objects over generic netlink have the same effect as in the original', () => {
  before(function () {
    needs(this, 'oracle', 'compiler');
  });

  for (const [title, [keywords, before, after]] of Object.entries(SWEEPS)) {
    const lines = linesWith(keywords, before, after);
    it(`after ${title}`, async function () {
      this.timeout(sweepTimeout);
      await assertSame(lines, { replies: linkMessages() });
    });
  }
});
