import assert from 'node:assert/strict';
import { jsonOutput } from '../../src/output/json.ts';
import { textOutput } from '../../src/output/text.ts';
import { Args, UsageError } from '../../src/schema/args.ts';
import type { Values } from '../../src/schema/facets.ts';
import type { Output } from '../../src/schema/output.ts';
import { keywordsOf, parseRow } from '../../src/schema/parse.ts';
import * as row from '../../src/schema/row.ts';
import { showRows } from '../../src/schema/show.ts';
import { named, onOff } from '../../src/schema/spelling.ts';
import { table } from '../../src/schema/table.ts';
import { MessageWriter } from '../../src/wire/writer.ts';

const inner = table({ protocol: row.be16(1, { spelling: named({ 33024: '802.1Q' }, { max: 0xffff }) }) });

const sample = table({
  ttl: row.u8(3, { abbreviable: true }),
  learning: row.u8(1, { spelling: onOff, complaint: 'learning must be "on" or "off"' }),
  local: row.ip(4, { label: 'from' }),
  count: row.u64(6, { keyword: false }),
  external: row.flag(7),
  data: row.nest(5, inner, {
    keyword: ['vlan', 'proto'],
    parse: args => ({ protocol: Number(args.next()) }),
  }),
});

const names = { deviceIndex: () => undefined, host: (address: string) => address };
const tools = { isAdd: true, warn: () => undefined, names: names as never };
const view = { names } as never;

function parse(...words: string[]): Values {
  const args = new Args(words);
  const draft: Values = {};
  while (!args.done) assert.ok(parseRow(sample.rows, args, draft, tools), `no keyword: ${args.peek()}`);
  return draft;
}

function print(
  values: row.ValuesOf<typeof sample.rows>,
  make: (write: (text: string) => void) => Output,
): string {
  let text = '';
  const out = make(part => {
    text += part;
  });
  out.open();
  showRows(sample.rows, values, out, view);
  out.close();
  return text;
}

describe('a table', () => {
  it('reads arguments, encodes and decodes them to the same values, on a buffer that held other bytes', () => {
    const draft = parse('ttl', '64', 'learning', 'off', 'local', '::1', 'external', 'proto', '33024');
    const out = new MessageWriter(0, 0, Buffer.alloc(256, 0xff));
    sample.encode(out, draft);
    assert.equal(
      out.bytes.subarray(16, out.length).toString('hex'),
      '0500030040000000' +
        '0500010000000000' +
        '1400040000000000000000000000000000000001' +
        '04000700' +
        '0c000580' +
        '0600010081000000',
    );
    const decoded = sample.decode(out.bytes, 16, out.length);
    assert.deepEqual(decoded, { ...draft, external: true });
  });

  it('decodes only the rows selected, and lists the attributes that no row names', () => {
    const out = new MessageWriter(0, 0);
    sample.encode(out, { ttl: 1, local: '10.0.0.1' });
    out.attribute(99, row.u8(0).codec, 5);
    assert.deepEqual(sample.select(['local'])(out.bytes, 16, out.length), { local: '10.0.0.1' });
    assert.deepEqual(
      sample.unknown(out.bytes, 16, out.length).map(({ type, payload }) => [type, payload.toString('hex')]),
      [[99, '05']],
    );
  });

  it('leaves a value out whose payload is too short', () => {
    const bytes = Buffer.from('0500040001000000' + '04000600', 'hex');
    assert.deepEqual(sample.decode(bytes, 0, bytes.length), { local: undefined, count: undefined });
  });

  it('survives every truncation and every flipped bit', () => {
    const out = new MessageWriter(0, 0);
    sample.encode(out, {
      ttl: 1,
      learning: 1,
      local: '::2',
      count: 5n,
      external: true,
      data: { protocol: 5 },
    });
    const bytes = Buffer.from(out.bytes.subarray(16, out.length));
    for (let end = 0; end <= bytes.length; end++) sample.decode(bytes, 0, end);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      sample.decode(flipped, 0, flipped.length);
      sample.unknown(flipped, 0, flipped.length);
    }
  });

  it('prints its values in row order for people and for programs', () => {
    const values = { learning: 1, ttl: 64, count: 2n ** 63n, local: '10.0.0.1', external: true as const };
    const text = print(values, write =>
      textOutput({ write, flush: () => undefined }, { oneLine: false, palette: undefined }),
    );
    assert.equal(text, 'ttl 64 learning on from 10.0.0.1 count 9223372036854775808 external ');
    const json = print(values, write => jsonOutput({ write, flush: () => undefined }, false));
    assert.equal(
      json,
      '{"ttl":64,"learning":true,"local":"10.0.0.1","count":9223372036854775808,"external":true}\n',
    );
  });
});

describe('arguments of a table', () => {
  const refused = (words: string[], message: string) =>
    assert.throws(
      () => parse(...words),
      (error: UsageError) =>
        error instanceof UsageError && error.message === message && error.exitCode === 255,
    );

  it('take abbreviations only where a row allows them', () => {
    assert.deepEqual(parse('tt', '1'), { ttl: 1 });
    assert.equal(parseRow(sample.rows, new Args(['learn', 'on']), {}, tools), false);
    assert.equal(parseRow(sample.rows, new Args([]), {}, tools), false);
  });

  it('are complained about in the words of the row', () => {
    refused(['ttl', '256'], 'Error: argument "256" is wrong: invalid ttl');
    refused(['learning', 'maybe'], 'Error: argument "maybe" is wrong: learning must be "on" or "off"');
    refused(['ttl'], 'Command line is not complete. Try option "help"');
  });
});

describe('facets of rows', () => {
  const rows = {
    mode: row.u8(1, {
      ...row.oneOf(['slow', 'fast'], { isAbbreviable: true }),
      standalone: { dead: 2 },
      keyword: 'mode',
    }),
    port: row.u16(2, {
      keyword: ['port', 'p'],
      range: { min: 1, max: 10, complaint: 'port must be 1 to 10' },
    }),
    flags: row.u16(3, { bits: row.bitWords({ seq: 1, csum: 2 }), show: false }),
    states: row.switches(4, { up: 1, loud: 4 }, { complaint: 'on or off' }),
    quiet: row.u8(5, { ...row.toggle('quiet'), textWhen: value => value === 0 }),
    serial: row.u32(6, {
      word: 'number',
      keyword: ['number', 'serial'],
      isUnique: true,
      absent: { datum: null, text: 'none' },
    }),
    ends: row.value<number>(7, row.u32(7).codec, {
      keyword: 'both',
      operands: [{ synopsis: 'NUMBER' }],
      patch: (args, _keyword, draft: { port?: number }) => ({
        port: Number(args.next()) + (draft.port ?? 0),
      }),
    }),
  };

  const read = (...words: string[]) => {
    const args = new Args(words);
    const draft: Values = {};
    while (!args.done) assert.ok(parseRow(rows, args, draft, tools), `no keyword: ${args.peek()}`);
    return draft;
  };

  it('read words that stand alone, bits, switches, and values that set other rows', () => {
    assert.deepEqual(read('dead'), { mode: 2 });
    assert.deepEqual(read('mode', 'f'), { mode: 1 });
    assert.deepEqual(read('seq', 'csum', 'noseq'), { flags: 2 });
    assert.deepEqual(read('up', 'on', 'loud', 'off'), { states: { flags: 1, mask: 5 } });
    assert.deepEqual(read('noquiet'), { quiet: 0 });
    assert.deepEqual(read('port', '3', 'both', '4'), { port: 7 });
  });

  it('complain about numbers out of bounds, other words than on and off, and what may be given once', () => {
    assert.throws(() => read('port', '11'), {
      message: 'Error: argument "11" is wrong: port must be 1 to 10',
    });
    assert.throws(() => read('port', '0'), { message: 'Error: argument "0" is wrong: port must be 1 to 10' });
    assert.throws(() => read('up', 'maybe'), { message: 'Error: argument "maybe" is wrong: on or off' });
    assert.throws(() => read('serial', '1', 'number', '2'), {
      message: 'Error: either "number" is duplicate, or "2" is garbage.',
    });
  });

  it('print what is absent, and what only programs see', () => {
    const printed = (values: row.ValuesOf<typeof rows>, make: (write: (text: string) => void) => Output) => {
      let text = '';
      const out = make(part => {
        text += part;
      });
      out.open();
      showRows(rows, values, out, view);
      out.close();
      return text;
    };
    const asText = (write: (text: string) => void) =>
      textOutput({ write, flush: () => undefined }, { oneLine: false, palette: undefined });
    const asJson = (write: (text: string) => void) => jsonOutput({ write, flush: () => undefined }, false);
    assert.equal(printed({ quiet: 1, flags: 3 }, asText), 'number none ');
    assert.equal(printed({ quiet: 0, serial: 5 }, asText), 'noquiet number 5 ');
    assert.equal(printed({ quiet: 1, flags: 3 }, asJson), '{"quiet":true,"serial":null}\n');
  });

  it('are keywords with their operands, synonyms hidden', () => {
    const described = keywordsOf(rows).map(({ word, operands, isHidden }) => [
      word,
      operands.map(({ synopsis }) => synopsis).join(' '),
      isHidden,
    ]);
    assert.deepEqual(described, [
      ['mode', '{ slow | fast }', false],
      ['dead', '', false],
      ['port', 'NUMBER', false],
      ['p', 'NUMBER', true],
      ['seq', '', false],
      ['noseq', '', false],
      ['csum', '', false],
      ['nocsum', '', false],
      ['up', '{ on | off }', false],
      ['loud', '{ on | off }', false],
      ['quiet', '', false],
      ['noquiet', '', false],
      ['number', 'NUMBER', false],
      ['serial', 'NUMBER', true],
      ['both', 'NUMBER', false],
    ]);
  });
});
