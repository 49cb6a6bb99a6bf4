/** Parts of the lines of a device that fixtures would need thousands of messages for. */

import assert from 'node:assert/strict';
import { linkAddressText } from '../../src/layouts/link/address.ts';
import { linkTypeName } from '../../src/layouts/link/device-types.ts';
import { scaled } from '../../src/layouts/link/statistics.ts';
import { RTM_NEWLINK } from '../../src/linux/rtnetlink.ts';
import { linkHeader, linkMessage } from '../../src/rtnetlink/link.ts';
import { MessageWriter } from '../../src/wire/writer.ts';
import { monitorText, original } from '../support/capture/capture.ts';
import { needs } from '../support/requirements.ts';

/** A message about a device. */
function message(attributes: Parameters<typeof linkMessage.write>[1]['attributes'], type: number): Buffer {
  const out = new MessageWriter(RTM_NEWLINK, 0);
  linkMessage.write(out, { header: { ...linkHeader.zero(), index: 5, type }, attributes });
  return Buffer.from(out.finish(0));
}

describe('a link-layer type', () => {
  it('is called what the original calls it', function () {
    needs(this, 'oracle');
    const types = Array.from({ length: 0x10000 }, (_, type) => type);
    const text = monitorText(Buffer.concat(types.map(type => message({ ifname: 'x' }, type))), []);
    const names = text.match(/(?<=^ {4}link\/)\S+/gm);
    assert.deepEqual(
      names,
      types.map(type => linkTypeName(type, false)),
    );
  });

  it('is a number where numbers are wanted', () => {
    assert.equal(linkTypeName(1, true), '[1]');
  });
});

describe('a link-layer address', () => {
  it('is spelt as the original spells it, whatever its length and type', function () {
    needs(this, 'oracle');
    const cases = [0, 1, 32, 768, 769, 772, 776, 778, 823, 65534].flatMap(type =>
      Array.from({ length: 36 }, (_, extra) => ({
        type,
        address: Buffer.from(Array.from({ length: 1 + extra }, (_, at) => (at * 37 + 7) & 0xff)),
      })),
    );
    const bytes = Buffer.concat(cases.map(({ type, address }) => message({ ifname: 'x', address }, type)));
    const shown = monitorText(bytes, []).match(/(?<=^ {4}link\/\S+ ).*/gm);
    assert.deepEqual(
      shown,
      cases.map(({ type, address }) => linkAddressText(address, type)),
    );
  });
});

describe('a scaled counter', () => {
  const values = [
    0n,
    999n,
    1000n,
    1005n,
    1023n,
    1024n,
    1025n,
    1125n,
    1375n,
    1499n,
    9994n,
    9995n,
    9999n,
    10_000n,
    12_250n,
    12_350n,
    12_750n,
    99_949n,
    99_950n,
    100_500n,
    101_500n,
    999_499n,
    999_500n,
    999_999n,
    1_000_000n,
    1_048_575n,
    1_048_576n,
    123_456_789_012n,
    999_999_999_999n,
    10n ** 15n,
    10n ** 18n,
    2n ** 64n - 1n,
  ];

  for (const [scale, options] of [
    ['si', '-s -h'],
    ['iec', '-s -h -iec'],
    ['none', '-s -iec'],
  ] as const) {
    it(`is rounded as the original rounds it (${options})`, function () {
      needs(this, 'oracle');
      const replies = values.map(rx_bytes => {
        const stats64 = Object.assign(Object.create(null), { rx_bytes });
        return message({ ifname: `x${rx_bytes}`.slice(0, 15), stats64 }, 1);
      });
      const { stdout } = original([...options.split(' '), 'link'], { replies: Buffer.concat(replies) });
      const shown = [...stdout.matchAll(/^ {4}RX: .*\n +(\S+)/gm)].map(match => match[1]);
      assert.deepEqual(
        shown,
        values.map(value => scaled(value, scale)),
      );
    });
  }
});
