import assert from 'node:assert/strict';
import { jsonOutput } from '../../src/output/json.ts';
import { type Output, RawNumber } from '../../src/schema/output.ts';
import { decodeText, encodeText } from '../../src/wire/text.ts';

function print(isPretty: boolean, write: (out: Output) => void): string {
  let text = '';
  write(jsonOutput({ write: part => (text += part), flush: () => undefined }, isPretty));
  return text;
}

function link(out: Output): void {
  out.list();
  for (const index of [1, 2]) {
    out.open();
    out.field('ifindex', index, 'not for programs');
    out.list('flags');
    out.item('UP', 'UP');
    out.item('LOOPBACK', ',LOOPBACK');
    out.end();
    out.list('none');
    out.end();
    out.open('linkinfo');
    out.data('timer', new RawNumber('0.00'));
    out.data('bytes', 2n ** 64n - 1n);
    out.data('flag', null);
    out.close();
    out.close();
  }
  out.end();
}

describe('JSON output', () => {
  it('is one line without spaces', () => {
    const one = (index: number) =>
      `{"ifindex":${index},"flags":["UP","LOOPBACK"],"none":[],"linkinfo":{"timer":0.00,"bytes":18446744073709551615,"flag":null}}`;
    assert.equal(print(false, link), `[${one(1)},${one(2)}]\n`);
  });

  it('is laid out as iproute2 lays it out with -p', () => {
    const one = (index: number) => `{
        "ifindex": ${index},
        "flags": [ "UP","LOOPBACK" ],
        "none": [ ],
        "linkinfo": {
            "timer": 0.00,
            "bytes": 18446744073709551615,
            "flag": null
        }
    }`;
    assert.equal(print(true, link), `[ ${one(1)},${one(2)} ]\n`);
  });

  it('prints an empty list', () => {
    const empty = (out: Output) => {
      out.list();
      out.end();
    };
    assert.equal(print(false, empty), '[]\n');
    assert.equal(print(true, empty), '[ ]\n');
  });

  it('escapes control characters and lets other bytes pass', () => {
    const name = decodeText(Buffer.from('a"\\\t\x01\x7f\xff', 'latin1'));
    const text = print(false, out => {
      out.open();
      out.data('name', name);
      out.close();
    });
    assert.equal(encodeText(text).toString('latin1'), '{"name":"a\\"\\\\\\t\\u0001\\u007f\xff"}\n');
  });
});
