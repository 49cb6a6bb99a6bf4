/**
 * What impairments of a lab do to packets, measured in a kernel that has netem (support/guest). With TSIP_GUEST=1 only:
 * it takes minutes.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInGuest } from '../../support/guest/guest.ts';
import { needs, needsGuest } from '../../support/requirements.ts';
import { ourPrograms } from '../../support/sandbox.ts';

const GUEST_SECONDS = 400;

const LAB = `lab: slow
nodes: {a: {}, b: {}}
links:
  - ends: [a:eth0 10.0.0.1/24, b:eth0 10.0.0.2/24]
`;

/** Answers every packet until the test ends; prints the time between the first and the last of a burst. */
const PEER = `
import socket, time
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.setsockopt(socket.SOL_SOCKET, 33, 1 << 22)  # SO_RCVBUFFORCE
sock.bind(('10.0.0.2', 7))
print('ready', flush=True)
first, octets = None, 0
while True:
    data, peer = sock.recvfrom(2048)
    if data[:4] == b'echo': sock.sendto(data, peer)
    elif data[:4] == b'more':
        now = time.monotonic()
        if first is None: first = now
        # The first packet is there when the measurement begins.
        else: octets += len(data) + 42
        last = now
    elif data[:4] == b'what':
        sock.sendto(b'%f %d' % ((last - first) if first else 0, octets), peer)
        first, octets = None, 0
`;

/** Takes one kind of measurement for each line "NAME KIND [COUNT]" and prints "NAME VALUE". */
const MEASURE = `
import os, socket, subprocess, sys, time
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.setsockopt(socket.SOL_SOCKET, 33, 1 << 22)  # SO_RCVBUFFORCE
sock.connect(('10.0.0.2', 7))

def round_trips(count):
    times = []
    sock.settimeout(5)
    for number in range(count):
        begin = time.monotonic()
        sock.send(b'echo%d' % number)
        sock.recv(2048)
        times.append(1000 * (time.monotonic() - begin))
    return sorted(times)

def received(count):
    for number in range(count): sock.send(b'echo%d' % number)
    found = []
    sock.settimeout(3)
    try:
        while True: found.append(int(sock.recv(2048)[4:]))
    except socket.timeout: pass
    return found

def rate(count):
    for _ in range(count): sock.send(b'more' + bytes(996))
    sock.settimeout(60)
    # It waits behind the packets.
    sock.send(b'what')
    seconds, octets = sock.recv(2048).split()
    return 8 * int(octets) / float(seconds)

for line in sys.stdin:
    name, words = line.rstrip('\\n').split(': ')
    if words.startswith('tsip '):
        subprocess.run(words, shell=True, check=True, stdout=subprocess.DEVNULL)
        continue
    kind, count = words.split()
    if kind == 'least': value = round_trips(int(count))[0]
    elif kind == 'spread':
        times = round_trips(int(count)); value = '%f %f' % (times[0], times[len(times) // 2])
    elif kind == 'received': value = len(received(int(count)))
    elif kind == 'late':
        found = received(int(count)); value = sum(1 for a, b in zip(found, found[1:]) if b < a)
    elif kind == 'rate': value = rate(int(count))
    print(name, value, flush=True)
`;

/** What is measured, in turn: of delays the least, since the processor that runs the guest adds to others; every line with `tsip` changes the impairment of a's end. */
const STEPS = [
  'unimpaired: least 51',
  ': tsip lab impair slow a:eth0 delay 100ms',
  'delay: least 21',
  'delay of an unchanged loss: received 100',
  ': tsip lab impair slow a:eth0 delay 300ms',
  'changed delay: least 11',
  ': tsip lab impair slow a:eth0 --only delay 100ms jitter 50ms',
  'jitter: spread 60',
  ': tsip lab impair slow a:eth0 --only loss 25%',
  'loss: received 2000',
  ': tsip lab impair slow a:eth0 loss 100%',
  'all lost: received 50',
  ': tsip lab impair slow a:eth0 --only duplicate 100%',
  'duplicate: received 500',
  ': tsip lab impair slow a:eth0 --only delay 100ms reorder 50%',
  'reorder: late 200',
  ': tsip lab impair slow a:eth0 --only rate 2mbit delay 1ms',
  'rate of netem: rate 200',
  ': tsip lab impair slow a:eth0 rate 5mbit',
  'changed rate of netem: rate 500',
  ': tsip lab impair slow a:eth0 --only rate 2mbit',
  'rate of tbf: rate 400',
  ': tsip lab impair slow a:eth0 none',
  'unimpaired again: received 500',
];

describe('impairments measured in a kernel that has them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tsip-impair-'));
  let values: ReadonlyMap<string, string>;

  before(function () {
    needsGuest(this);
    needs(this, 'root');
    this.timeout(GUEST_SECONDS * 1000 + 60_000);
    const files = {
      'slow.yaml': LAB,
      'peer.py': PEER,
      'measure.py': MEASURE,
      steps: `${STEPS.join('\n')}\n`,
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const programs = ourPrograms();
    const script = `
      set -e
      cd ${folder}
      mkdir bin && ln -s ${join(programs.folder, programs.files.tsip!)} bin/tsip && PATH=${folder}/bin:$PATH
      tsip lab apply slow.yaml >&2
      coproc tsip lab exec slow b -- python3 peer.py
      read -r -u "\${COPROC[0]}" ready
      tsip lab exec slow a -- python3 measure.py <steps >values
      kill "$COPROC_PID"
      tsip lab destroy slow >&2
    `;
    const { status, stderr } = runInGuest(['bash', '-c', script], { seconds: GUEST_SECONDS });
    assert.equal(status, 0, stderr);
    const lines = readFileSync(join(folder, 'values'), 'utf8').trim().split('\n');
    values = new Map(
      lines.map(line => [line.replace(/( [\d.]+)+$/, ''), /( [\d.]+)+$/.exec(line)![0].trim()]),
    );
  });

  after(() => rmSync(folder, { recursive: true }));

  const numbers = (name: string) => values.get(name)!.split(' ').map(Number);
  const value = (name: string) => numbers(name)[0]!;

  function assertWithin(name: string, wanted: number, share: number, base = 0): void {
    const found = value(name) - base;
    assert.ok(
      Math.abs(found - wanted) <= share * wanted,
      `${name}: ${found}, not within ${share} of ${wanted}`,
    );
  }

  it('a delay is kept within 5 %, and changed while packets flow', () => {
    const base = value('unimpaired');
    assertWithin('delay', 100, 0.05, base);
    assertWithin('changed delay', 300, 0.05, base);
    assert.equal(value('delay of an unchanged loss'), 100);
  });

  it('jitter spreads the delay around it', () => {
    // The processor that runs the guest adds to a delay and takes nothing away.
    const [least, middle] = numbers('jitter');
    const base = value('unimpaired');
    assert.ok(least! >= 50 && least! < 85 + base, `least ${least}`);
    assert.ok(middle! > 80 && middle! < 130 + base, `in the middle ${middle}`);
  });

  it('packets are lost, doubled and reordered in the number that was asked for', () => {
    // Of 2,000 packets 1,500 come, give or take five standard deviations.
    assert.ok(Math.abs(value('loss') - 1500) < 5 * Math.sqrt(2000 * 0.25 * 0.75), values.get('loss'));
    assert.equal(value('all lost'), 0);
    assert.equal(value('duplicate'), 1000);
    assert.ok(value('reorder') > 0, 'none came late');
  });

  it('a rate is kept within 10 %, by netem and by tbf', () => {
    assertWithin('rate of netem', 2e6, 0.1);
    assertWithin('changed rate of netem', 5e6, 0.1);
    assertWithin('rate of tbf', 2e6, 0.1);
  });

  it('nothing is left when it is taken away', () => assert.equal(value('unimpaired again'), 500));
});
