/** What flushes send: the very deletions of the original, none of which asks for an acknowledgement. */
import assert from 'node:assert/strict';
import { attributeSet } from '../support/capture/bytes.ts';
import {
  FAMILY_IDS,
  linkMessages,
  original,
  ours,
  type Recorded,
  requests,
} from '../support/capture/capture.ts';
import { needs } from '../support/requirements.ts';
import { words } from '../support/sandbox.ts';
import { attribute, bytes, message } from './generic/messages.ts';

const EPERM = 1;
const KNOWN = [
  ...['10.0.0.1/8', '10.0.0.2/8', '11.0.0.1/32', 'fd00::1/64'].map(prefix => `addr add ${prefix} dev eth0`),
  ...['1', '2', '3 group'].map(
    id => `nexthop add id ${id.replace('group', 'group 1')}${id === '3 group' ? '' : ' dev eth0'}`,
  ),
  'neigh add 10.0.0.1 lladdr 02:00:00:00:00:01 dev eth0 nud reachable',
  'neigh add 10.0.0.2 lladdr 02:00:00:00:00:02 dev eth0 nud stale',
  'rule add pref 5 table 77',
  'rule add from 1.2.3.4 pref 6 table 77',
  'route add 10.0.0.0/8 dev eth0 table 77',
  'route add 10.0.0.0/8 dev eth0 proto kernel',
  'route add unreachable fd00::/8 metric 5',
  ...['fd00::/8', 'fc00::/8'].map(prefix => `addrlabel add prefix ${prefix} label 5`),
];

/** Command lines by the deletions that the kernel refuses, so that there is one round. */
const LINES: Readonly<Record<number, readonly string[]>> = {
  21: [
    'addr flush dev eth0',
    '-s addr flush dev eth0',
    '-6 addr flush to fd00::/8',
    'addr flush scope global',
  ],
  25: [
    'route flush table all',
    'route flush table 77',
    '-6 route flush table all',
    '-s route flush proto kernel',
  ],
  29: ['neigh flush dev eth0', '-s neigh flush nud stale', 'neigh flush to 10.0.0.1'],
  33: ['rule flush', 'rule flush table 77'],
  73: ['addrlabel flush'],
  105: ['nexthop flush', 'nexthop flush id 1', 'nexthop flush groups'],
};

const METRICS = Buffer.concat(
  ['0a000001', '0a000002'].map(address =>
    message(FAMILY_IDS.tcp_metrics, 1, bytes(1, address), attribute(3, Buffer.alloc(8))),
  ),
);

describe('a flush', () => {
  let replies: Buffer;

  before(function () {
    needs(this, 'oracle', 'compiler');
    const messages = KNOWN.flatMap(line => requests(original(words(line))));
    replies = Buffer.concat([linkMessages(), ...messages]);
  });

  for (const [type, lines] of Object.entries(LINES))
    it(`sends what the original sends: ${lines[0]}`, async () => {
      for (const line of lines) await assertSame(line, { replies, refusals: { [type]: EPERM } });
    });

  it('sends what the original sends: tcp_metrics flush', async () => {
    await assertSame('tcp_metrics flush', { replies: METRICS });
  });
});

async function assertSame(line: string, options: Parameters<typeof original>[1]): Promise<void> {
  const [wanted, got] = [original(words(line), options), await ours(words(line), options)];
  const seen = ({ stdout, stderr, status, ...recorded }: Recorded) => ({
    stdout,
    stderr,
    status,
    changes: changes(recorded),
  });
  assert.notEqual(changes(wanted).length, 0, line);
  assert.deepEqual(seen(got), seen(wanted), line);
}

/** Type, flags and attributes of all that is not a dump. */
function changes({ sent, generic }: Pick<Recorded, 'sent' | 'generic'>) {
  const isChange = (request: Buffer) => {
    const type = request.readUInt16LE(4);
    return type > 0xff ? (request.readUInt16LE(6) & 0x300) === 0 : (type & 3) !== 2;
  };
  return [...sent, ...generic]
    .filter(isChange)
    .map(request => [request.readUInt16LE(4), request.readUInt16LE(6), attributeSet(request)]);
}
