/** IPsec by the library: states that only have an SPI, policies, and what the kernel reports of them. */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { ArgumentError, KernelError } from '../../../src/index.ts';
import type { XfrmEvent } from '../../../src/rtnetlink.ts';
import { skip } from '../../support/requirements.ts';
import { withLab, withNetwork } from './lab.ts';

const KEY = Uint8Array.from({ length: 20 }, (_, at) => 0xa0 + at);
const HEX = Buffer.from(KEY).toString('hex');

/** Whether a text has the key, in hexadecimal, as numbers or as bytes. */
function hasKey(text: string): boolean {
  return text.replaceAll(/\W/g, '').includes(HEX.slice(0, 12)) || /160,\s*161,\s*162/.test(text);
}

async function take(events: AsyncGenerator<XfrmEvent, void>, count: number): Promise<XfrmEvent[]> {
  const found: XfrmEvent[] = [];
  while (found.length < count) {
    const next = await events.next();
    if (next.done) break;
    found.push(next.value);
  }
  return found;
}

describe('the states of a network', () => {
  it('are reserved, listed, found and deleted', () =>
    withNetwork(async ({ xfrm: { states } }) => {
      const ends = { source: '10.0.0.1', destination: '10.0.0.2' };
      const first = await states.allocate({ ...ends, protocol: 'esp', min: 256, max: 256 });
      assert.deepEqual(
        [first.family, first.source, first.destination, first.protocol, first.spi, first.mode],
        ['inet', '10.0.0.1', '10.0.0.2', 'esp', 256, 'transport'],
      );
      const v6 = { source: 'fd00::1', destination: 'fd00::2', protocol: 'ah', mode: 'tunnel' } as const;
      await states.allocate({ ...v6, reqid: 7, min: 512, max: 512 });
      await states.allocate({ ...ends, protocol: 'comp', min: 300, max: 300 });
      assert.deepEqual((await states.all()).map(({ spi }) => spi).sort(), [256, 300, 512]);
      const [second] = await states.all({ protocol: 'ah' });
      assert.deepEqual([second!.reqid, second!.mode, second!.limits.hard_add_seconds], [7, 'tunnel', 30]);
      assert.ok(second!.use.made instanceof Date);
      assert.equal((await states.get({ destination: '10.0.0.2', protocol: 'esp', spi: 256 }))?.spi, 256);
      assert.equal(await states.get({ destination: '10.0.0.2', protocol: 'esp', spi: 257 }), undefined);
      await states.delete(first);
      await assert.rejects(states.delete(first), { code: 'ESRCH' });
      await assert.rejects(states.flush({}), ArgumentError);
      assert.equal(await states.flush({ protocol: 'comp' }), 1);
      assert.equal((await states.all()).length, 1);
    }));

  it('that are refused keep their keys out of the error', () =>
    withNetwork(async ({ xfrm: { states } }) => {
      const state = {
        source: '10.0.0.1',
        destination: '10.0.0.2',
        protocol: 'esp',
        spi: 256,
        encryption: { name: 'no such cipher', key: KEY },
      } as const;
      await assert.rejects(states.add(state), error => {
        assert.ok(error instanceof KernelError);
        assert.ok(!error.request.toString('hex').includes(HEX.slice(0, 12)));
        assert.ok(!hasKey(inspect(error, { depth: 9, maxArrayLength: null, showHidden: true })));
        assert.ok(!hasKey(JSON.stringify(error)));
        assert.ok(!hasKey(`${error.stack}`));
        return true;
      });
    }));

  it('that are refused say which call it was, with what, and what may help', () =>
    withNetwork(async ({ xfrm: { states, policies } }) => {
      const state = { source: '10.0.0.1', destination: '10.0.0.2', protocol: 'esp', spi: 256 } as const;
      const authentication = { name: 'no such hash', key: KEY, icv_bits: 96 };
      await assert.rejects(states.add({ ...state, authentication }), error => {
        assert.ok(error instanceof KernelError);
        assert.equal(error.call, 'xfrm.states.add');
        assert.match(
          error.message,
          /^xfrm\.states\.add 10\.0\.0\.2 SPI 256 in a namespace without a name: ./,
        );
        assert.match(`${error.hint}`, /^The kernel has no (such protocol|algorithm)/);
        assert.deepEqual(error.arguments, [
          { ...state, authentication: { ...authentication, key: '20 bytes' } },
        ]);
        assert.match(`${error.stack}`, /xfrm\.inside/);
        return true;
      });
      await assert.rejects(states.delete(state), {
        call: 'xfrm.states.delete',
        message: 'xfrm.states.delete 10.0.0.2 SPI 256 in a namespace without a name: No such process',
      });
      await policies.add({ direction: 'in' });
      await assert.rejects(policies.add({ direction: 'in' }), {
        message: 'xfrm.policies.add in in a namespace without a name: File exists',
        hint: 'replace() of the same makes it, or changes what there is (EEXIST).',
      });
    }));

  it('whose keys stand in the wrong place or are of the wrong kind are refused without showing them', () =>
    withNetwork(async ({ xfrm: { states } }) => {
      const state = { source: '10.0.0.1', destination: '10.0.0.2', protocol: 'esp', spi: 256 } as const;
      for (const wrong of [
        { encryption: HEX },
        { encryption: { name: 'cbc(aes)', key: HEX } },
        { encryption: { name: 'cbc(aes)', key: [...KEY] } },
        { encryption: { name: 'cbc(aes)', key: Buffer.concat(Array(60).fill(KEY)) } },
        { encryption: { key: KEY } },
        { encryption: { name: 5, key: KEY } },
        { authentication: { name: 'cbc(aes)', key: KEY, icv_bits: -1 } },
        { aead: { name: 'rfc4106(gcm(aes))', key: KEY } },
        { compression: { name: 'deflate', level: 9, key: KEY } },
      ])
        await assert.rejects(states.add({ ...state, ...(wrong as object) }), error => {
          assert.ok(error instanceof ArgumentError, String(error));
          assert.match(error.argument, /^(encryption|authentication|aead|compression)\b/);
          assert.ok(!hasKey(inspect(error, { depth: 9, showHidden: true })), error.message);
          return true;
        });
    }));

  it('are refused before the kernel is asked where they cannot be meant', () =>
    withNetwork(async ({ xfrm: { states, policies } }) => {
      const state = { source: '10.0.0.1', destination: 'fd00::1', protocol: 'esp', spi: 1 } as const;
      await assert.rejects(states.add(state), { argument: 'destination' });
      const wrong = { ...state, destination: '10.0.0.2', encryption: { name: 'x', key: HEX as never } };
      await assert.rejects(states.add(wrong), error => {
        assert.ok(error instanceof ArgumentError);
        assert.equal(error.argument, 'encryption.key');
        assert.ok(!hasKey(error.message));
        return true;
      });
      await assert.rejects(policies.get({ direction: 'in' }), { argument: 'index' });
      await assert.rejects(policies.add({ direction: 'up' as never }), { argument: 'direction' });
    }));
});

describe('the policies of a network', () => {
  it('are made, listed, found, replaced and deleted', () =>
    withNetwork(async ({ xfrm: { policies } }) => {
      const selector = { source: '10.0.0.0/8', destination: '10.1.0.0/16', protocol: 6, source_port: 5 };
      const template = {
        source: '192.0.2.1',
        destination: '192.0.2.2',
        protocol: 'esp',
        mode: 'tunnel',
      } as const;
      await policies.add({ direction: 'out', selector, templates: [{ ...template, reqid: 3 }], priority: 7 });
      await assert.rejects(policies.add({ direction: 'out', selector, priority: 7 }), { code: 'EEXIST' });
      const found = await policies.get({ direction: 'out', selector });
      assert.deepEqual(found?.selector, selector);
      assert.deepEqual(found?.templates, [{ ...template, reqid: 3, optional: false }]);
      assert.deepEqual(
        [found?.action, found?.priority, found?.type, found?.of_socket],
        ['allow', 7, 'main', false],
      );
      await policies.replace({ direction: 'out', selector, action: 'block', limits: { hard_bytes: 5n } });
      const [replaced] = await policies.all({ action: 'block' });
      assert.equal(replaced?.limits.hard_bytes, 5n);
      await policies.add({ direction: 'in', mark: { value: 3, mask: 7 }, if_id: 4 });
      assert.deepEqual(
        (await policies.all({ direction: 'in' })).map(({ mark, if_id }) => [mark?.value, if_id]),
        [[3, 4]],
      );
      assert.equal(await policies.flush({ direction: 'in' }), 1);
      await policies.delete({ direction: 'out', selector });
      assert.equal(await policies.get({ direction: 'out', selector }), undefined);
      assert.deepEqual(await policies.all(), []);
    }));
});

describe('events of IPsec', () => {
  it('say what is made, changed, deleted and flushed', () =>
    withNetwork(async ({ xfrm }) => {
      await using events = xfrm.watch();
      await xfrm.policies.add({ direction: 'in', priority: 1 });
      await xfrm.policies.replace({ direction: 'in', priority: 2 });
      await xfrm.policies.delete({ direction: 'in', selector: {} });
      const state = await xfrm.states.allocate({
        source: '10.0.0.1',
        destination: '10.0.0.2',
        protocol: 'esp',
      });
      await xfrm.states.delete(state);
      const found = await take(events, 4);
      assert.deepEqual(
        found.map(event => ('object' in event ? [event.event, event.object] : [event.event])),
        [
          ['set', 'policy'],
          ['set', 'policy'],
          ['delete', 'policy'],
          ['delete', 'state'],
        ],
      );
    }));

  it('say that a policy has expired', () =>
    withNetwork(async ({ xfrm }) => {
      await using events = xfrm.watch();
      await xfrm.policies.add({ direction: 'in', limits: { hard_add_seconds: 1 } });
      const [, expired] = await take(events, 2);
      assert.ok(expired?.event === 'expire' && expired.object === 'policy' && expired.hard);
      assert.equal(expired.value.limits.hard_add_seconds, 1);
    }));

  it('say that a policy wants a state, and of which packet', () =>
    withLab(async ({ red, here }) => {
      await here.xfrm.policies.add({
        direction: 'out',
        selector: { destination: '10.0.0.2/32' },
        templates: [{ protocol: 'esp', reqid: 5 }],
      });
      await using events = here.xfrm.watch();
      // What the packet meets does not matter: it may be refused as long as there is no state.
      await red.exec('bash', ['-c', 'echo packet >/dev/udp/10.0.0.2/9 || true']);
      const [wanted] = await take(events, 1);
      assert.ok(wanted?.event === 'acquire');
      assert.deepEqual([wanted.source, wanted.destination, wanted.protocol], ['10.0.0.1', '10.0.0.2', 'esp']);
      assert.equal(wanted.policy.templates[0]?.reqid, 5);
      assert.equal(wanted.selector.destination_port, 9);
    }));

  it('end with the signal and with the network', () =>
    withNetwork(async network => {
      const controller = new AbortController();
      const events = network.xfrm.watch({ signal: controller.signal });
      const next = events.next();
      controller.abort();
      assert.equal((await next).done, true);
      const others = network.xfrm.watch().next();
      network.close();
      assert.equal((await others).done, true);
    }));
});

/** Errors of a kernel without ESP, or without one of the algorithms. */
const WITHOUT_ESP: ReadonlySet<string> = new Set(['ENOSYS', 'EPROTONOSUPPORT', 'ENOENT']);

describe('a tunnel of IPsec', () => {
  it('encrypts what two namespaces send each other', async function () {
    await withLab(async ({ red, here, there }) => {
      const [left, right] = ['10.0.0.1', '10.0.0.2'];
      const tunnel = { protocol: 'esp', mode: 'tunnel', reqid: 1 } as const;
      const aead = { name: 'rfc4106(gcm(aes))', key: KEY, icv_bits: 128 };
      for (const network of [here, there])
        for (const [source, destination, spi] of [
          [left, right, 256],
          [right, left, 512],
        ] as const)
          try {
            await network.xfrm.states.add({ source, destination, spi, ...tunnel, aead });
          } catch (error) {
            if (error instanceof KernelError && WITHOUT_ESP.has(error.code))
              skip(this, `the kernel has no ESP with AES-GCM: ${error.code}`);
            throw error;
          }
      await here.addresses.add({ device: 'lo', address: '10.1.0.1/32' });
      await there.addresses.add({ device: 'lo', address: '10.2.0.1/32' });
      for (const [network, source, destination, from, to] of [
        [here, '10.1.0.1/32', '10.2.0.1/32', left, right],
        [there, '10.2.0.1/32', '10.1.0.1/32', right, left],
      ] as const) {
        await network.links.change('lo', { up: true });
        await network.routes.add({ destination, gateway: to });
        await network.xfrm.policies.add({
          direction: 'out',
          selector: { source, destination },
          templates: [{ source: from, destination: to, ...tunnel }],
        });
        await network.xfrm.policies.add({
          direction: 'in',
          selector: { source: destination, destination: source },
          templates: [{ source: to, destination: from, ...tunnel }],
        });
      }
      await red.exec('ping', ['-c', '1', '-W', '5', '-I', '10.1.0.1', '10.2.0.1']);
      const [sent] = await here.xfrm.states.all({ source: left });
      assert.ok(sent!.use.packets > 0n);
    });
  });
});
