/** `ip mptcp monitor` and `ip ioam monitor`: events of every kind and with every attribute, as the original prints them. */
import assert from 'node:assert/strict';
import { FAMILY_IDS, original, ours } from '../../support/capture/capture.ts';
import { needs } from '../../support/requirements.ts';
import { assertDescribed } from '../../support/strict-schemas.ts';
import { bytes, message, port, u8, u16, u32 } from './messages.ts';

const { mptcp_pm: MPTCP, IOAM6 } = FAMILY_IDS;

/** MPTCP_ATTR_*, each with a value. */
const ATTRIBUTES = [
  ...[u32(1, 0x0abcdef0), u16(2, 2), u8(3, 1), u8(4, 2), bytes(5, '0a000001')],
  ...[bytes(6, 'fd000000000000000000000000000001'), bytes(7, '0a000002')],
  ...[bytes(8, 'fd000000000000000000000000000002'), port(9, 80), port(10, 81), u8(11, 1), u8(12, 5)],
  ...[u16(13, 1), u32(14, 77), u32(15, 10), u32(16, 3), u32(17, 4), u8(18, 1)],
];
/** The same without a value. */
const ZEROS = [u32(1, 0), u8(11, 0), u8(12, 0), u16(13, 0), u32(15, 0), u32(16, 0), u32(17, 0), u8(18, 0)];

const mptcpEvents = Buffer.concat([
  ...Array.from({ length: 20 }, (_, command) => message(MPTCP, command, u32(1, 5))),
  message(MPTCP, 255),
  message(MPTCP, 1),
  message(MPTCP, 1, ...ATTRIBUTES),
  ...[...ATTRIBUTES, ...ZEROS].map(attribute => message(MPTCP, 1, attribute)),
  ...[2, 3, 0xfffd, 0xffff].map(flags => message(MPTCP, 1, u16(13, flags))),
  message(MPTCP, 1, u32(15, 99)),
]);

const trace = (type: number, data: string) =>
  message(IOAM6, 1, u16(1, 123), u8(2, 4), u32(3, type), bytes(4, data));
const ioamEvents = Buffer.concat([
  ...[0, 1, 2, 3].map(command =>
    message(IOAM6, command, u16(1, 1), u8(2, 1), u32(3, 0xc0000000), bytes(4, '00ff')),
  ),
  ...[0, 1, 0x8000, 0x00800000, 0xfe800000, 0xffffffff].map(type => trace(type, '000102030405')),
  trace(0xc0000000, ''),
]);

describe('monitors of families print the events that the original prints', () => {
  before(function () {
    needs(this, 'oracle', 'compiler');
  });

  for (const [words, events] of [
    ['mptcp monitor', mptcpEvents],
    ['-j mptcp monitor', mptcpEvents],
    ['-j -p mptcp monitor', mptcpEvents],
    ['-o mptcp monitor', mptcpEvents],
    ['ioam monitor', ioamEvents],
    ['-j ioam monitor', ioamEvents],
    ['-o ioam monitor x', ioamEvents],
  ] as const) {
    it(`ip ${words}`, async () => {
      const line = words.split(' ');
      const [wanted, got] = [original(line, { events }), await ours(line, { events })];
      assert.ok(wanted.stdout.length > 100);
      assert.equal(got.stdout, wanted.stdout);
      assert.deepEqual([got.stderr, got.status], [wanted.stderr, wanted.status]);
    });
  }

  it('with the time', async () => {
    for (const [option, time] of [
      ['-ts', /^\[[\dT:.-]{26}\] /gm],
      ['-t', /^Timestamp: .* usec\n/gm],
    ] as const) {
      const line = [option, 'mptcp', 'monitor'];
      const [wanted, got] = [
        original(line, { events: mptcpEvents }),
        await ours(line, { events: mptcpEvents }),
      ];
      assert.ok((wanted.stdout.match(time)?.length ?? 0) > 20);
      assert.equal(got.stdout.replace(time, ''), wanted.stdout.replace(time, ''));
      assert.equal(got.stdout.match(time)?.length, wanted.stdout.match(time)?.length);
    }
  });

  it('as strict lines, as the schema says', async () => {
    const { stdout } = await ours(['--strict-json', 'mptcp', 'monitor'], { events: mptcpEvents });
    const lines = stdout.trim().split('\n');
    assert.ok(lines.length > 20);
    for (const line of lines) assertDescribed(line, 'mptcp-event', line);
  });

  it('pass over what lacks a part, and print strict lines', async () => {
    const events = Buffer.concat([message(IOAM6, 1), message(IOAM6, 1, u16(1, 5)), trace(1, '00')]);
    const { stdout } = await ours(['--strict-json', 'ioam', 'monitor'], { events });
    assert.deepEqual(
      stdout
        .trim()
        .split('\n')
        .filter(line => line !== '')
        .map(line => JSON.parse(line)),
      [{ event: 'TRACE', namespace: 123, nodelen: 4, type: '0x1', data: '00' }],
    );
  });
});
