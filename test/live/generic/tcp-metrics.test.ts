/** `ip tcp_metrics` in namespaces: what TCP remembers of connections over loopback. */
import { join } from 'node:path';
import { repository } from '../../support/requirements.ts';
import { differential, line, type Mask } from '../../support/twin.ts';

const connect = `$ python3 ${join(repository, 'test/live/generic/connections.py')}`;

const measured: readonly Mask[] = [
  { pattern: /age [\d.]+sec|"age": ?[\d.e-]+/g, because: 'time passes' },
  {
    pattern: /(cwnd|ssthresh|reordering) \d+|"(cwnd|ssthresh|reordering)": ?\d+/g,
    because: 'it is measured',
  },
  { pattern: / rtt(var)? \d+us|,?\s*"rtt(var)?": ?[\d.e-]+/g, because: 'it is measured' },
];

/** Entries are in no order: the table is hashed with a random seed. */
const show = (words: string) => line(words, { mask: measured, unordered: 'hashed with a random seed' });

describe('ip tcp_metrics', () => {
  differential('shows, deletes and flushes what TCP remembers', [
    'link set lo up',
    'tcp_metrics',
    '-j tcp_metrics',
    'tcp_metrics flush',
    'tcp_metrics flush 127.0.0.0/8',
    'tcp_metrics delete 127.0.0.9',
    connect,
    ...['tcp_metrics', '-o tcp_metrics', 'tcp_metrics show 127.0.0.0/30'].map(show),
    ...['-6 tcp_metrics', '-4 tcp_metrics', 'tcp_metrics show source 127.0.0.3'].map(show),
    ...['tcp_metrics show ::1', '-j tcp_metrics show ::1', '-6 -j tcp_metrics'].map(show),
    'tcp_metrics show src ::2 ::/8 src 127.0.0.1',
    'tcp_metrics show 127.0.0.1 x addr ::1',
    'tcp_metrics show 127.0.0.1 x address ::1',
    'tcp_metrics flush source ::2 ::/8 src 127.0.0.1',
    'tcp_metrics flush src ::2 ::/8 source 127.0.0.1',
    'tcp_metrics show 127.0.0.77',
    '-j tcp_metrics show 127.0.0.77',
    'tcp_metrics delete 127.0.0.2',
    show('tcp_metrics'),
    'tcp_metrics flush 127.0.0.0/8',
    show('tcp_metrics'),
    '-6 tcp_metrics flush',
    'tcp_metrics',
    '-j tcp_metrics',
  ]);

  differential('takes lines of a batch', [
    line('-batch -', { stdin: 'tcp_metrics\ntcp_metrics flush\ntcp_metrics show x\nlink show lo\n' }),
    line('-force -batch -', { stdin: 'tcp_metrics del 10.0.0.1\ntcp_metrics\ntcp_metrics del 10.0.0.2\n' }),
    line('-batch -', { stdin: 'tcp_metrics del 10.0.0.1\nlink show lo\n' }),
  ]);
});
