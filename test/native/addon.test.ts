import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import { native } from '../../src/kernel/system/native.ts';

import type { CheckingAddon } from '../../src/start/code-cache.ts';
import { encodeText } from '../../src/wire/text.ts';
import { needs } from '../support/requirements.ts';

const { errno } = constants;
const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOL_SOCKET = 1;
const SO_TYPE = 3;
const CLONE_NEWNET = 0x40000000;
/** A message type of netlink's core that does not exist. */

describe('the addon', () => {
  const text = encodeText;

  it('answers errors of the kernel as negative numbers', () => {
    assert.equal(native.setns(-1, 0), -errno.EBADF);
    assert.equal(native.umount2(text('/nonexistent'), 0) < 0, true);
    assert.equal(native.fsopen(text('nosuch')) < 0, true);
    assert.equal(native.fsconfigCreate(-1) < 0, true);
    assert.equal(native.fsmount(-1) < 0, true);
    assert.equal(native.flock(-1, 2), -errno.EBADF);
    assert.equal(native.ioctl(-1, 0, 0), -errno.EBADF);
    assert.equal(native.socket(-1, 0, 0) < 0, true);
    assert.equal(native.fcntl(-1, 1, 0), -errno.EBADF);
    assert.equal(native.getsockopt(0, SOL_SOCKET, SO_TYPE) < 0, true);
    assert.equal(native.inotifyAddWatch(-1, text('/'), 1), -errno.EBADF);
    assert.equal(native.prctl(-1, 0, 0, 0, 0), -errno.EINVAL);
    assert.equal(native.execve(text('/nonexistent'), [], []), -errno.ENOENT);
    assert.equal(native.spawn(text('/nonexistent'), [], []), -errno.ENOENT);
    assert.equal(native.waitpid(2 ** 30, 0), -errno.ECHILD);
  });

  it('names interfaces, users and groups both ways', () => {
    assert.equal(native.ifNameToIndex(text('lo')), 1);
    assert.deepEqual(native.ifIndexToName(1), text('lo'));
    assert.equal(native.ifNameToIndex(text('nonexistent')), -errno.ENODEV);
    assert.equal(native.ifIndexToName(99_999), -errno.ENXIO);
    assert.equal(native.userId(text('root')), 0);
    assert.equal(native.groupId(text('root')), 0);
    assert.deepEqual(native.userName(0), text('root'));
    assert.equal(native.userId(text('no such user')), -errno.ENOENT);
    assert.equal(native.groupId(text('no such group')), -errno.ENOENT);
    assert.equal(native.userName(0xfffffff0), -errno.ENOENT);
    const account = native.userAccount(0);
    assert.match(String(account), /^root:0:\/[^:]*:\/[^:]*$/);
    assert.equal(native.userAccount(0xfffffff0), -errno.ENOENT);
    const groups = native.userGroups(text('root'), 0);
    assert.ok(typeof groups !== 'number' && groups.length >= 4 && groups.length % 4 === 0);
    assert.equal(groups.readUInt32LE(0), 0);
    assert.deepEqual(native.hostName(Buffer.from([127, 0, 0, 1])), text('localhost'));
    assert.equal(native.hostName(Buffer.alloc(3)), -errno.ENOENT, 'no address');
  });

  it('sees every change of a bit, and of the length, by a checksum', () => {
    // The start of the programs calls it, before anything of ours is loaded.
    const { checksum } = native as unknown as CheckingAddon;
    for (const length of [0, 1, 7, 8, 31, 32, 33, 64, 100, 128, 163]) {
      const bytes = Buffer.from(Array.from({ length }, (_, at) => (at * 37) & 0xff));
      const whole = checksum(bytes);
      assert.ok(Number.isSafeInteger(whole) && whole >= 0);
      for (let at = 0; at < length; at++)
        for (const bit of [1, 0x80]) {
          bytes[at]! ^= bit;
          assert.notEqual(checksum(bytes), whole, `byte ${at} of ${length}`);
          bytes[at]! ^= bit;
        }
      assert.notEqual(checksum(Buffer.concat([bytes, Buffer.alloc(1)])), whole);
      if (length > 0) assert.notEqual(checksum(bytes.subarray(0, -1)), whole);
    }
  });

  it('finds out about sockets', () => {
    const socket = native.socket(AF_NETLINK, SOCK_RAW, 0);
    try {
      assert.ok(socket > 2);
      assert.equal(native.getsockopt(socket, SOL_SOCKET, SO_TYPE), SOCK_RAW);
      assert.equal(native.fcntl(socket, 1, 0), 1, 'close-on-exec');
      assert.equal(native.netlinkPort(socket), 0, 'not bound yet');
      assert.ok(native.send(socket, Buffer.alloc(16), 0) >= 0);
      assert.ok(native.netlinkPort(socket) > 0);
    } finally {
      closeSync(socket);
    }
    const file = openSync('/dev/null', 'r');
    assert.equal(native.netlinkPort(file), -errno.ENOTSOCK);
    closeSync(file);
  });

  it('receives datagrams in another thread', async () => {
    const receiveAhead = (socket: number, bytes: Buffer, records: Buffer) =>
      new Promise<number>(resolve => {
        assert.equal(native.receiveAhead(socket, bytes, records, resolve), 0);
      });
    const bytes = Buffer.alloc(65_536);
    const records = Buffer.alloc(8 * 12);
    assert.equal(await receiveAhead(-1, bytes, records), -errno.EBADF);
    const socket = native.socket(AF_NETLINK, SOCK_RAW, 0);
    try {
      assert.equal(native.netlinkBind(socket), 0);
      // RTM_GETLINK with NLM_F_REQUEST and NLM_F_DUMP.
      const request = Buffer.alloc(32);
      request.writeUInt32LE(request.length, 0);
      request.writeUInt16LE(18, 4);
      request.writeUInt16LE(0x301, 6);
      assert.equal(native.send(socket, request, 0), request.length);
      assert.ok((await receiveAhead(socket, bytes, records)) >= 1);
      assert.equal(bytes.readUInt16LE(4), 16, 'RTM_NEWLINK');
      assert.ok(records.readInt32LE(0) >= bytes.readUInt32LE(0));
      assert.deepEqual(
        [records.readInt32LE(4), records.readInt32LE(8)],
        [0, -1],
        'from the kernel, from here',
      );
    } finally {
      closeSync(socket);
    }
    const other = native.socket(AF_NETLINK, SOCK_RAW, 0);
    try {
      // The answer about lo is longer than the room for it, and still there.
      const request = Buffer.alloc(32);
      request.writeUInt32LE(request.length, 0);
      request.writeUInt16LE(18, 4);
      request.writeUInt16LE(1, 6);
      request.writeInt32LE(1, 20);
      assert.equal(native.send(other, request, 0), request.length);
      assert.equal(await receiveAhead(other, bytes.subarray(0, 64), records), -errno.EMSGSIZE);
      assert.equal(await receiveAhead(other, bytes, records), 1);
    } finally {
      closeSync(other);
    }
  });

  it('reads and writes capabilities as three sets of 64 bits', () => {
    const sets = Buffer.alloc(24);
    assert.equal(native.capget(sets), 0);
    assert.equal(native.capset(sets), 0);
    assert.equal(native.capget(Buffer.alloc(23)), -errno.EINVAL);
  });

  it('runs programs and reports how they ended', () => {
    const run = (script: string) => {
      const child = native.spawn(text('/bin/sh'), ['sh', '-c', script].map(text), []);
      return native.waitpid(child, 0);
    };
    assert.equal(run('exit 3'), 3 << 8);
    assert.equal(run('kill -TERM $$'), constants.signals.SIGTERM);
    assert.equal(native.setenv(text('TSIP_SET'), text('a b')), 0);
    assert.equal(run('test "$TSIP_SET" = "a b"'), 0);
    assert.equal(native.setenv(text('A=B'), text('')), -errno.EINVAL);
  });

  it('moves this thread to another network namespace and back', function () {
    needs(this, 'root');
    const own = openSync('/proc/thread-self/ns/net', 'r');
    try {
      assert.equal(native.unshare(CLONE_NEWNET), 0);
      assert.equal(native.ifNameToIndex(text('lo')), 1);
    } finally {
      assert.equal(native.setns(own, CLONE_NEWNET), 0);
      closeSync(own);
    }
  });

  it('throws for arguments of the wrong type, and for strings that C would cut', () => {
    const wrong = native as unknown as Record<string, (...values: unknown[]) => unknown>;
    const calls: [string, ...unknown[]][] = [
      ['setns'],
      ['setns', '1', 0],
      ['umount2', '/x', 0],
      ['umount2', text('/x\0y'), 0],
      ['umount2', null, 0],
      ['mount', 1, text('/x'), null, 0, null],
      ['mount', null, null, null, 0, null],
      ['execve', text('/bin/true'), 'x', []],
      ['execve', text('/bin/true'), ['x'], []],
      ['execve', text('/bin/true'), [text('a\0b')], []],
      ['execve', text('/bin/true'), [], undefined],
      ['capget', {}],
      ['recv', 0, 'x', 0],
      ['receiveAhead', 0, Buffer.alloc(8), Buffer.alloc(12)],
      ['receiveAhead', 0, 'x', Buffer.alloc(12), () => undefined],
    ];
    for (const [name, ...values] of calls)
      assert.throws(() => wrong[name]!(...values), { code: 'ERR_INVALID_ARG_TYPE' }, `${name} ${values}`);
  });
});
