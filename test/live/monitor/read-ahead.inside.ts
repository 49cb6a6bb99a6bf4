import assert from 'node:assert/strict';
import { openBlockingSocket } from '../../../src/kernel/netlink/blocking-socket.ts';
import { ENOBUFS } from '../../../src/linux/errno.ts';
import { RTM_NEWLINK } from '../../../src/linux/rtnetlink.ts';
import { linkRequest } from '../../../src/rtnetlink/request.ts';
import { load16 } from '../../../src/wire/integers.ts';

const RTNLGRP_LINK = 1;
const LOOPBACK = 1;
/** Requests that fit in one datagram, each of which is answered by a notification of a thousand bytes. */
const AT_ONCE = 200;

/** Has the kernel report `AT_ONCE` changes before it returns. */
function changeMtu(send: (bytes: Buffer) => void): void {
  const requests = Array.from({ length: AT_ONCE }, (_, number) =>
    linkRequest({ type: RTM_NEWLINK, flags: 0 }, { index: LOOPBACK }, { mtu: 1400 + number }).finish(0),
  );
  send(Buffer.concat(requests));
}

describe('a socket that listens', () => {
  it('reads all that is there whenever it reports something, so that nothing is lost', () => {
    const ROUNDS = 40;
    let reported = 0;
    const errors: number[] = [];
    const events = {
      message: (bytes: Buffer) => {
        if (load16(bytes, 4) === RTM_NEWLINK) reported++;
      },
      truncated: () => errors.push(0),
      error: (errno: number) => errors.push(errno),
    };
    const sender = openBlockingSocket({}, events);
    const listener = openBlockingSocket({}, events);
    listener.join(RTNLGRP_LINK);
    for (let round = 0; round < ROUNDS; round++) {
      changeMtu(bytes => sender.send(bytes, () => undefined));
      listener.receive!(false);
    }
    assert.equal(reported, ROUNDS);
    while (listener.receive!(false));
    assert.deepEqual([reported, errors], [ROUNDS * AT_ONCE, []]);
    sender.close();
    listener.close();
  });

  it('reports what it could not read, after what came before, and continues', () => {
    const seen: (number | 'change')[] = [];
    const events = {
      message: () => seen.push('change'),
      truncated: () => seen.push(0),
      error: (errno: number) => seen.push(errno),
    };
    const sender = openBlockingSocket({}, events);
    const listener = openBlockingSocket({ receiveBuffer: 4096 }, events);
    listener.join(RTNLGRP_LINK);
    changeMtu(bytes => sender.send(bytes, () => undefined));
    while (listener.receive!(false));
    assert.equal(seen.filter(item => item === ENOBUFS).length, 1);
    const before = seen.length;
    changeMtu(bytes => sender.send(bytes, () => undefined));
    listener.receive!(false);
    assert.equal(seen.length, before + 1);
    sender.close();
    listener.close();
  });
});
