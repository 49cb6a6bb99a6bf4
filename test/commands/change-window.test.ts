import assert from 'node:assert/strict';
import { ChangeWindow } from '../../src/commands/change-window.ts';
import type { Conversation } from '../../src/kernel/conversation.ts';
import { KernelError } from '../../src/kernel/errors.ts';
import type { RequestWindow } from '../../src/kernel/request-window.ts';
import { MessageWriter } from '../../src/wire/writer.ts';

const EEXIST = 17;

/** A window over a session that refuses the messages whose type is odd. */
function window() {
  const windows: number[] = [];
  const told: string[] = [];
  const session = {
    async requestWindow(requests: RequestWindow) {
      windows.push(requests.count);
      const refusals = new Map<number, KernelError>();
      for (let place = 0; place < requests.count; place++) {
        const request = requests.request(place);
        if (request.readUInt16LE(4) % 2 === 1) refusals.set(place, new KernelError(EEXIST, request));
      }
      return refusals;
    },
  } as unknown as Conversation;
  const changes = new ChangeWindow(
    () => session,
    text => told.push(text),
    line => told.push(`line ${line} failed`),
  );
  return { changes, windows, told };
}

describe('the window of a forced batch', () => {
  it('tells errors with their lines, in order with what else was to be printed', async () => {
    const { changes, told } = window();
    for (const line of [1, 2, 3]) {
      changes.beginLine(line);
      await changes.add(new MessageWriter(line, 0));
      if (line === 2) changes.print('warning of line 2');
    }
    assert.deepEqual(told, []);
    await changes.settle();
    assert.deepEqual(told, [
      'RTNETLINK answers: File exists',
      'line 1 failed',
      'warning of line 2',
      'RTNETLINK answers: File exists',
      'line 3 failed',
    ]);
    assert.equal(changes.isEmpty, true);
  });

  it('tells nothing before what came earlier, though it is gathered while that is under way', async () => {
    const { changes, told } = window();
    for (let line = 1; line <= 257; line++) {
      changes.beginLine(line);
      await changes.add(new MessageWriter(line < 256 ? 2 : 3, 0));
    }
    changes.print('warning of line 257');
    assert.equal(changes.isEmpty, false);
    await changes.settle();
    assert.deepEqual(told, [
      'RTNETLINK answers: File exists',
      'line 256 failed',
      'RTNETLINK answers: File exists',
      'line 257 failed',
      'warning of line 257',
    ]);
  });

  it('sends at most 256 changes and 32 KiB at a time', async () => {
    const small = window();
    for (let count = 0; count < 300; count++) await small.changes.add(new MessageWriter(2, 0));
    await small.changes.settle();
    assert.deepEqual(small.windows, [256, 44]);
    const large = window();
    for (let count = 0; count < 5; count++) {
      const message = new MessageWriter(2, 0);
      message.reserve(10000);
      await large.changes.add(message);
    }
    await large.changes.settle();
    assert.deepEqual(large.windows, [3, 2]);
  });
});
