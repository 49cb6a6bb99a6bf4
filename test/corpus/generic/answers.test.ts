/** What commands over generic netlink make of single answers, of refusals, and of a kernel without the family. */
import assert from 'node:assert/strict';
import { attributeSet } from '../../support/capture/bytes.ts';
import { FAMILY_IDS, original, ours } from '../../support/capture/capture.ts';
import { needs } from '../../support/requirements.ts';
import { assertDescribed } from '../../support/strict-schemas.ts';
import { attribute, bytes, message, u8, u16, u32, u64 } from './messages.ts';

const { tcp_metrics: TCP, mptcp_pm: MPTCP, SEG6, macsec: MACSEC } = FAMILY_IDS;

const endpoint = message(
  MPTCP,
  1,
  attribute(0x8001, Buffer.concat([u16(1, 2), u8(2, 7), bytes(3, '0a000001'), u32(6, 2)])),
);
const limits = message(MPTCP, 1, u32(2, 3), u32(3, 4));
const entry = message(TCP, 1, bytes(1, '0a000001'), u64(3, 5123n));

/** Command lines and the messages that answer them. */
const ANSWERED: readonly (readonly [line: string, replies: Buffer])[] = [
  ...['show 10.0.0.1', 'show addr 10.0.0.1', 'show fd00::1', 'show source 10.0.0.9 address 10.0.0.1'].flatMap(
    words => [`tcp_metrics ${words}`, `-j tcp_metrics ${words}`].map(line => [line, entry] as const),
  ),
  ['-6 tcp_metrics show fd00::1', entry],
  ...['show id 1', 'show 10.0.0.1', 'show dev eth0', 'show signal', 'show port 80'].flatMap(words =>
    ['', '-j ', '-o '].map(options => [`${options}mptcp endpoint ${words}`, endpoint] as const),
  ),
  ['mptcp endpoint show id 1', message(MPTCP, 1)],
  ['-j mptcp endpoint show id 1', message(MPTCP, 1)],
  ['mptcp endpoint', message(MPTCP, 1)],
  ['-j mptcp endpoint', message(MPTCP, 1)],
  ...['limits', 'limits show', 'l', 'limits show subflows 3'].flatMap(words =>
    ['', '-j ', '-o ', '-j -p '].map(options => [`${options}mptcp ${words}`, limits] as const),
  ),
  ['mptcp limits', message(MPTCP, 1)],
  ['mptcp limits', message(MPTCP, 1, u32(3, 4))],
  ...['', '-j ', '-o ', '-j -p '].map(
    options =>
      [`${options}sr tunsrc show`, message(SEG6, 4, bytes(1, 'fd000000000000000000000000000001'))] as const,
  ),
  ['sr tunsrc show', message(SEG6, 3, bytes(1, 'fd000000000000000000000000000001'))],
  ['macsec show', message(MACSEC, 0, u32(1, 10))],
  ['-j macsec show', message(MACSEC, 0, u32(1, 10))],
  ['macsec show eth0', message(MACSEC, 1, u32(1, 10))],
];

const LOOKED_UP = [
  ...['tcp_metrics', 'tcp_metrics flush', 'tcp_metrics show x', 'tcp_metrics x', 'tcp_metrics help'],
  ...['mptcp', 'mptcp help', 'mptcp x', 'mptcp endpoint', 'mptcp endpoint add x', 'mptcp monitor x'],
  ...['sr', 'sr x', 'sr hmac', 'sr hmac show', 'sr hmac set x sha1', 'sr tunsrc set x', 'sr tunsrc show'],
  ...['ioam', 'ioam x', 'ioam namespace', 'ioam namespace add x', 'ioam schema show', 'ioam monitor'],
  ...['l2tp', 'l2tp help', 'l2tp x', 'l2tp add', 'l2tp show tunnel', 'fou', 'fou x', 'fou add port x'],
  ...['fou show', 'ila', 'ila x', 'ila list x', 'macsec', 'macsec x', 'macsec show nowhere', 'macsec add'],
];

const withoutUsage = (text: string) => text.replace(/^Usage:[\s\S]*/m, 'Usage\n');

describe('commands over generic netlink', () => {
  before(function () {
    needs(this, 'oracle', 'compiler');
  });

  it('print single answers as the original does', async function () {
    this.timeout(60_000);
    for (const [line, replies] of ANSWERED) {
      const words = line.split(' ');
      const [wanted, got] = [original(words, { replies }), await ours(words, { replies })];
      assert.deepEqual(got.generic.map(attributeSet), wanted.generic.map(attributeSet), line);
      assert.deepEqual(
        [got.stdout, got.stderr, got.status],
        [wanted.stdout, wanted.stderr, wanted.status],
        line,
      );
    }
  });

  it('print strict documents as their schemas say', async () => {
    for (const [line, replies, schema] of [
      ['tcp_metrics show 10.0.0.1', entry, 'tcp-metrics'],
      ['mptcp endpoint show id 1', endpoint, 'mptcp-endpoint'],
      ['mptcp limits', limits, 'mptcp-limits'],
      ['sr tunsrc show', message(SEG6, 4, bytes(1, 'fd000000000000000000000000000001')), 'sr-tunsrc'],
    ] as const) {
      const { stdout, stderr } = await ours(['--strict-json', ...line.split(' ')], { replies });
      assertDescribed(stdout, schema, line);
      assert.equal(stderr, '');
    }
  });

  it('say as the original that the kernel has no such family, or first what is wrong with the line', async function () {
    this.timeout(60_000);
    for (const line of LOOKED_UP) {
      const words = line.split(' ');
      const [wanted, got] = [original(words, { families: {} }), await ours(words, { families: {} })];
      const seen = (run: typeof got) => [withoutUsage(run.stdout), withoutUsage(run.stderr), run.status];
      assert.deepEqual(seen(got), seen(wanted), line);
    }
  });

  it('report refusals, of dumps at their end too, as the original does', async function () {
    this.timeout(60_000);
    const refused = Object.fromEntries(Object.values(FAMILY_IDS).map(id => [id, 1]));
    for (const line of [
      ...['tcp_metrics', 'tcp_metrics show 10.0.0.1', 'tcp_metrics flush 10.0.0.0/8', 'mptcp endpoint'],
      ...['-j mptcp endpoint', 'mptcp endpoint show id 1', '-j mptcp endpoint show id 1', 'mptcp limits'],
      ...['-j mptcp limits', 'mptcp endpoint flush', 'sr hmac show', '-j sr hmac show', 'sr tunsrc show'],
      ...['-j sr tunsrc show', 'ioam namespace show', '-j ioam schema show', 'ioam schema del 1'],
      ...['l2tp show tunnel', '-j l2tp show session', 'fou show', '-j fou show', 'fou add port 1 gue'],
      ...['ila list', '-j ila list', 'macsec show', '-j macsec show', 'macsec del eth0 tx sa 1'],
    ])
      for (const options of [{ refusals: refused }, { lateRefusals: refused }]) {
        const words = line.split(' ');
        const [wanted, got] = [original(words, options), await ours(words, options)];
        assert.deepEqual(
          [got.stdout, got.stderr, got.status],
          [wanted.stdout, wanted.stderr, wanted.status],
          `${line} ${Object.keys(options)}`,
        );
      }
  });

  it('read the secret of a key as the original does', async function () {
    this.timeout(30_000);
    const words = 'sr hmac set 5 sha1'.split(' ');
    const secrets = ['', '\n', 'secret', 'secret\n', 'a\nb\n', 'a\0b\n', 'a\r\n', `${'x'.repeat(300)}\n`];
    for (const stdin of secrets) {
      const [wanted, got] = [original(words, { stdin }), await ours(words, { stdin })];
      assert.deepEqual(
        got.generic.map(attributeSet),
        wanted.generic.map(attributeSet),
        JSON.stringify(stdin),
      );
      assert.deepEqual([got.stderr, got.status], [wanted.stderr, wanted.status]);
    }
  });

  it('flush what a list shows, and stop if it stays', async () => {
    const words = 'tcp_metrics flush 10.0.0.0/8'.split(' ');
    const got = await ours(words, { replies: entry });
    assert.equal(got.status, 1);
    assert.ok(got.generic.length > 2 && got.generic.length <= 200, `${got.generic.length} requests`);
  });
});
