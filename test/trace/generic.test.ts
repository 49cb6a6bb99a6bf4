/** The trace of generic netlink: families by the controller's answers, names as in the kernel's headers, no secrets. */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { FAMILIES } from '../../src/genetlink/catalogue.ts';
import { NETLINK_GENERIC } from '../../src/linux/netlink.ts';
import { Secret } from '../../src/schema/secret.ts';
import { datagramLines, learnFrom } from '../../src/trace/message.ts';
import { isChange, Protocols } from '../../src/trace/protocol.ts';
import { splitDatagram } from '../../src/wire/message.ts';
import { FAMILY_IDS, ours } from '../support/capture/capture.ts';

const KEY = 'c0ffee00c0ffee01c0ffee02c0ffee03';
const SALT = 'badc0de1badc0de2badc0de3';

/** CTRL_CMD_NEWFAMILY as the controller answers for each of {@link FAMILY_IDS}. */
function familyAnswer(name: string, id: number): Buffer {
  const text = Buffer.from(`${name}\0`);
  const padded = Buffer.alloc((text.length + 3) & ~3);
  text.copy(padded);
  const answer = Buffer.alloc(20 + 4 + padded.length + 8);
  answer.writeUInt32LE(answer.length, 0);
  answer.writeUInt16LE(16, 4);
  answer.writeUInt8(1, 16);
  answer.writeUInt16LE(4 + text.length, 20);
  answer.writeUInt16LE(2, 22);
  padded.copy(answer, 24);
  answer.writeUInt16LE(6, answer.length - 8);
  answer.writeUInt16LE(1, answer.length - 6);
  answer.writeUInt16LE(id, answer.length - 4);
  return answer;
}

/** What is known of generic netlink once all families have been asked for. */
function known() {
  const protocol = new Protocols().of(NETLINK_GENERIC);
  for (const [name, id] of Object.entries(FAMILY_IDS)) learnFrom(familyAnswer(name, id), protocol);
  return protocol;
}

async function traceOf(line: string): Promise<string[]> {
  const { generic } = await ours(line.split(' '));
  return generic.flatMap(bytes => datagramLines(Buffer.from(bytes), 'sent:', known()));
}

/** Without the sequence number and the length, which are the run's. */
const plain = (lines: readonly string[]) => lines.map(line => line.replace(/, sequence.*/, ''));

describe('the trace of generic netlink', () => {
  it('names commands and attributes as the kernel does', async () => {
    assert.deepEqual(plain(await traceOf('mptcp endpoint add 10.0.0.1 id 7 subflow')), [
      'sent: MPTCP_PM_CMD_ADD_ADDR, REQUEST|ACK',
      '  struct genlmsghdr: cmd=1 version=1',
      '  MPTCP_PM_ATTR_ADDR',
      '    MPTCP_PM_ADDR_ATTR_ID 7',
      '    MPTCP_PM_ADDR_ATTR_FLAGS 2',
      '    MPTCP_PM_ADDR_ATTR_FAMILY 2',
      '    MPTCP_PM_ADDR_ATTR_ADDR4 hex 0a 00 00 01',
    ]);
    assert.deepEqual(plain(await traceOf('tcp_metrics')), [
      'sent: TCP_METRICS_CMD_GET, REQUEST|DUMP',
      '  struct genlmsghdr: cmd=1 version=1',
    ]);
    assert.deepEqual(plain(await traceOf('ioam namespace set 1 schema none')), [
      'sent: IOAM6_CMD_NS_SET_SCHEMA, REQUEST|ACK',
      '  struct genlmsghdr: cmd=7 version=1',
      '  IOAM6_ATTR_NS_ID 1',
      '  IOAM6_ATTR_SC_NONE',
    ]);
  });

  it('shows of keys how long they are', async () => {
    const line = `macsec add eth0 rx sci 1 sa 2 xpn 9 salt ${SALT} ssci 5 key 01 ${KEY}`;
    const lines = await traceOf(line);
    assert.deepEqual(plain(lines), [
      'sent: MACSEC_CMD_ADD_RXSA, REQUEST|ACK',
      '  struct genlmsghdr: cmd=7 version=1',
      '  MACSEC_ATTR_IFINDEX 10',
      '  MACSEC_ATTR_RXSC_CONFIG',
      '    MACSEC_RXSC_ATTR_SCI 1',
      '  MACSEC_ATTR_SA_CONFIG',
      '    MACSEC_SA_ATTR_AN 2',
      '    MACSEC_SA_ATTR_PN 9',
      '    MACSEC_SA_ATTR_SALT (12 bytes, not shown)',
      '    MACSEC_SA_ATTR_SSCI 5',
      '    MACSEC_SA_ATTR_KEYID hex 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00',
      '    MACSEC_SA_ATTR_KEY (16 bytes, not shown)',
    ]);
  });

  it('shows no key of a message that is cut, or of a family that is not known', async () => {
    const { generic } = await ours(
      `macsec add eth0 tx sa 0 xpn 1 salt ${SALT} ssci 5 key 01 ${KEY}`.split(' '),
    );
    const request = Buffer.from(generic[0]!);
    for (let length = 16; length <= request.length; length++)
      for (const protocol of [known(), new Protocols().of(NETLINK_GENERIC)]) {
        const cut = Buffer.from(request.subarray(0, length));
        if (length < request.length) cut.writeUInt32LE(length, 0);
        const text = datagramLines(cut, 'sent:', protocol).join(' ').replaceAll(' ', '');
        assert.doesNotMatch(text, /c0ffee|badc0de/, `${length} bytes`);
      }
  });

  it('knows which commands only ask', async () => {
    const sent = async (line: string) => {
      const { generic } = await ours(line.split(' '));
      return isChange(splitDatagram(Buffer.from(generic[0]!)).messages[0]!, known());
    };
    for (const line of ['mptcp limits', 'mptcp endpoint show id 1', 'tcp_metrics show 10.0.0.1', 'fou show'])
      assert.equal(await sent(line), false, line);
    for (const line of ['mptcp limits set', 'tcp_metrics flush', 'sr tunsrc set ::1', 'fou add port 1 gue'])
      assert.equal(await sent(line), true, line);
  });

  it('has names for all commands of all families, each once', () => {
    for (const { name, commands, events } of FAMILIES)
      for (const set of [commands, events?.commands ?? {}]) {
        const numbers = Object.values(set).map(([number]) => number);
        assert.equal(new Set(numbers).size, numbers.length, name);
      }
  });
});

describe('a secret', () => {
  it('shows its length and nothing else', () => {
    const secret = new Secret(Buffer.from(KEY, 'hex'));
    for (const text of [inspect(secret, { showHidden: true }), JSON.stringify({ secret }), `${secret}`]) {
      assert.match(text, /16 bytes, not shown/);
      assert.doesNotMatch(text, /c0|ff|ee/);
    }
    assert.equal(secret.bytes.toString('hex'), KEY);
  });
});
