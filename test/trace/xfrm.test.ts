/** The trace of IPsec's messages: names as in the kernel's header, and keys nowhere. */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { NETLINK_XFRM } from '../../src/linux/netlink.ts';
import { datagramLines } from '../../src/trace/message.ts';
import { Protocols } from '../../src/trace/protocol.ts';
import { algorithm, eraseKeys } from '../../src/xfrm/algorithm.ts';
import { xfrmAttributes } from '../../src/xfrm/attributes.ts';
import { ours } from '../support/capture/capture.ts';
import {
  ATTRIBUTES,
  attributeFor,
  STRUCTS,
  structFor,
  xfrmAttribute,
  xfrmMessage,
} from '../support/capture/xfrm-messages.ts';

const KEY = 'c0ffee00c0ffee00c0ffee00c0ffee00';
const xfrm = new Protocols().of(NETLINK_XFRM);
const trace = (bytes: Buffer) => datagramLines(bytes, 'sent:', xfrm).join('\n');

/** Whether a text has the key, however it is spelt. */
function hasKey(text: string): boolean {
  return /c0\W*ff\W*ee/i.test(text);
}

async function requestOf(words: string): Promise<Buffer> {
  const { xfrm: sent, stderr } = await ours(words.split(' '));
  assert.equal(stderr, '');
  return Buffer.from(sent[0]!);
}

describe('the trace of xfrm', () => {
  it('names the message, its struct and its attributes', async () => {
    const line = 'xfrm state add src 10.0.0.1 dst 10.0.0.2 proto esp spi 1 mark 1 mask 3 if_id 4 dir in';
    const wrapped = trace(
      await requestOf(`${line} enc cbc(aes) 0x${KEY} auth-trunc hmac(sha256) 0x${KEY} 96`),
    );
    const text = wrapped.replaceAll(/\s+/g, ' ');
    for (const part of [
      'XFRM_MSG_NEWSA, REQUEST|ACK',
      'struct xfrm_usersa_info: sel={daddr=',
      'spi=1 proto=50}',
      'XFRMA_ALG_CRYPT {name=cbc(aes) keyBits=128}',
      'XFRMA_ALG_AUTH_TRUNC {name=hmac(sha256) keyBits=128 icvBits=96}',
      'XFRMA_MARK {v=1 m=3}',
      'XFRMA_IF_ID 4',
      'XFRMA_SA_DIR 1',
    ])
      assert.ok(text.includes(part), `${part} is missing in\n${text}`);
    assert.ok(!hasKey(text), text);
  });

  it('has no key of an algorithm that is cut, nor of an attribute that is not known', () => {
    const key = Buffer.from(KEY, 'hex');
    for (const type of [1, 2, 3, 18, 20, 60]) {
      const attribute = xfrmAttribute(type, Buffer.concat([key, key, key]));
      const text = trace(xfrmMessage(0x10, structFor(0x10, 'keys'), [attribute]));
      assert.ok(!hasKey(text), text);
    }
    assert.ok(!hasKey(trace(xfrmMessage(0x70, key))));
  });

  it('names every attribute, and shows any message', () => {
    for (const type of Object.keys(STRUCTS).map(Number))
      for (const attribute of Object.keys(ATTRIBUTES).map(Number)) {
        const text = trace(
          xfrmMessage(type, structFor(type, `${type}`), [attributeFor(attribute, `${type} ${attribute}`)]),
        );
        assert.match(text, /^sent: XFRM_MSG_/);
        assert.ok(text.length < 20_000);
      }
  });
});

describe('an algorithm', () => {
  const found = algorithm('cbc(aes)', Buffer.from(KEY, 'hex'));

  it('shows the length of its key alone', () => {
    assert.equal(found.key.toString('hex'), KEY);
    assert.ok(!hasKey(inspect(found, { depth: 9, showHidden: false })));
    assert.equal(JSON.stringify(found), '{"name":"cbc(aes)","keyBits":128}');
  });

  it('loses its key where that is erased from a request', async () => {
    const request = await requestOf(`xfrm state add proto esp enc cbc(aes) 0x${KEY} auth hmac(md5) 0x${KEY}`);
    assert.ok(hasKey(request.toString('hex')));
    eraseKeys(request, 16 + STRUCTS[0x10]!);
    assert.ok(!hasKey(request.toString('hex')));
    const values = xfrmAttributes.decode(request, 16 + STRUCTS[0x10]!, request.length);
    assert.deepEqual([values.alg_crypt?.name, values.alg_auth?.name], ['cbc(aes)', 'hmac(md5)']);
  });
});
