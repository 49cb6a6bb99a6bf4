/** Tunnels where the original ends in a crash, uses memory that it did not write, or repeats itself: what ours does. */
import assert from 'node:assert/strict';
import { readMessage } from '../../support/capture/bytes.ts';
import { ours } from '../../support/capture/capture.ts';

/** The attributes of a kind that a line sends, by number. */
async function sent(line: string): Promise<Record<number, string>> {
  const run = await ours(line.split(' '));
  assert.equal(run.stderr, '');
  const request = run.sent.find(bytes => bytes.readUInt16LE(4) === 16);
  assert.ok(request);
  const info = readMessage(request).attributes.find(({ type }) => type === 18);
  const data = info?.nested?.find(({ type }) => type === 2)?.nested ?? [];
  return Object.fromEntries(data.map(({ type, payload }) => [type, payload.toString('hex')]));
}

/** What is shown of a device with these attributes of its kind. */
async function shown(kind: string, ...attributes: (readonly [number, string])[]): Promise<string> {
  const data = attribute(2, ...attributes.map(([type, hex]) => attribute(type, Buffer.from(hex, 'hex'))));
  const info = attribute(
    18,
    attribute(1, Buffer.from(`${kind}\0`)),
    ...(attributes.length > 0 ? [data] : []),
  );
  const message = Buffer.concat([Buffer.alloc(32), attribute(3, Buffer.from('t0\0')), info]);
  message.writeUInt32LE(message.length, 0);
  message.writeUInt16LE(16, 4);
  message.writeInt32LE(20, 20);
  const run = await ours(['-d', 'link', 'show', 'dev', 't0'], { replies: message });
  assert.equal(run.status, 0);
  return run.stdout.split('\n').at(-2)!.trim();
}

function attribute(type: number, ...parts: Buffer[]): Buffer {
  const payload = Buffer.concat(parts);
  const head = Buffer.alloc(4);
  head.writeUInt16LE(4 + payload.length, 0);
  head.writeUInt16LE(type, 2);
  return Buffer.concat([head, payload, Buffer.alloc(-payload.length & 3)]);
}

describe('tunnels', () => {
  it('an encapsulation without ports and flags is shown without them', async () => {
    assert.equal(
      await shown('gre', [14, '0100']),
      'gre remote any local any ttl inherit encap fou noencap-csum noencap-csum6 noencap-remcsum',
    );
  });

  it('a 6rd prefix without relay is shown alone', async () => {
    assert.equal(
      await shown('sit', [11, '20010db8000000000000000000000000'], [13, '2000']),
      'sit remote any local any ttl inherit nopmtudisc 6rd-prefix 2001:db8::/32',
    );
  });

  it('a gtp device without data is shown', async () => {
    assert.equal(await shown('gtp'), 'gtp');
  });

  it('6rd-reset sets the prefix of 6to4', async () => {
    const attributes = await sent('link add t9 type sit 6rd-prefix 2001:db8::/32 6rd-reset');
    assert.equal(attributes[11], '20020000000000000000000000000000');
    assert.equal(attributes[13], '1000');
    assert.equal(attributes[12], '00000000');
    assert.equal(attributes[14], '0000');
  });

  it('a wrong encaplimit of ip6tnl is refused as that of ip6gre is', async () => {
    for (const word of ['x', '256', '-1']) {
      const run = await ours(['link', 'add', 't9', 'type', 'ip6tnl', 'encaplimit', word]);
      assert.deepEqual([run.status, run.stderr], [255, `Error: argument "${word}" is wrong: invalid ELIM\n`]);
    }
  });

  it('the last of repeated values is sent, alone', async () => {
    assert.deepEqual(await sent('link add t9 type amt mode relay mode gateway'), { 1: '00000000' });
    assert.deepEqual(await sent('link add t9 type ovpn mode p2p mode mp'), { 1: '01' });
    assert.deepEqual(await sent('link add t9 type xfrm if_id 1 if_id 2'), { 2: '02000000' });
  });
});
