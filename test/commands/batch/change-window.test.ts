import assert from 'node:assert/strict';
import { ChangeWindow } from '../../../src/commands/batch/change-window.ts';
import type { NetlinkSession } from '../../../src/kernel/netlink/session.ts';
import type { RequestWindow } from '../../../src/kernel/netlink/window.ts';
import { KernelError, SystemError } from '../../../src/kernel/system/errors.ts';
import { MessageWriter } from '../../../src/wire/writer.ts';

const EEXIST = 17;
const ENOBUFS = 105;

/** A window over a session that refuses the messages whose type is odd, and warns of those whose type is 4. */
function window() {
  const windows: number[] = [];
  const printed: string[] = [];
  const session = {
    startWindow(requests: RequestWindow) {
      windows.push(requests.count);
      const refusals = new Map<number, KernelError>();
      const warnings = new Map<number, string>();
      for (let place = 0; place < requests.count; place++) {
        const request = requests.request(place);
        const type = request.readUInt16LE(4);
        if (type % 2 === 1) refusals.set(place, new KernelError(EEXIST, request));
        if (type === 4) warnings.set(place, 'mind that');
      }
      return { taken: Promise.resolve(), answers: () => ({ refusals, warnings }) };
    },
  } as unknown as NetlinkSession;
  const changes = new ChangeWindow(
    () => session,
    text => printed.push(text),
    line => printed.push(`line ${line} failed`),
  );
  /** Adds a change of the device `index`, by a message of this type. */
  const change = (type: number, index: number, changesNames = false) =>
    changes.add(new MessageWriter(type, 0), {
      index,
      changesNames,
      onDone: isMade => printed.push(`${index} is ${isMade ? '' : 'not '}made`),
    });
  return { changes, change, windows, printed };
}

describe('the window of a forced batch', () => {
  it('reports errors with their lines, in order with what else was to be printed', async () => {
    const { changes, printed } = window();
    for (const line of [1, 2, 3]) {
      changes.beginLine(line);
      await changes.add(new MessageWriter(line, 0));
      if (line === 2) changes.print('warning of line 2');
    }
    assert.deepEqual(printed, []);
    await changes.flush();
    assert.deepEqual(printed, [
      'RTNETLINK answers: File exists',
      'line 1 failed',
      'warning of line 2',
      'RTNETLINK answers: File exists',
      'line 3 failed',
    ]);
    assert.equal(changes.isEmpty, true);
  });

  it('reports nothing before what came earlier, though it is gathered while that is under way', async () => {
    const { changes, printed } = window();
    for (let line = 1; line <= 257; line++) {
      changes.beginLine(line);
      await changes.add(new MessageWriter(line < 256 ? 2 : 3, 0));
    }
    changes.print('warning of line 257');
    assert.equal(changes.isEmpty, false);
    await changes.flush();
    assert.deepEqual(printed, [
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
    await small.changes.flush();
    assert.deepEqual(small.windows, [256, 44]);
    const large = window();
    for (let count = 0; count < 5; count++) {
      const message = new MessageWriter(2, 0);
      message.reserve(10000);
      await large.changes.add(message);
    }
    await large.changes.flush();
    assert.deepEqual(large.windows, [3, 2]);
  });

  it('sends changes of devices 32 at a time', async () => {
    const { changes, change, windows } = window();
    for (let index = 1; index <= 40; index++) await change(2, index);
    await changes.flush();
    assert.deepEqual(windows, [32, 8]);
  });

  it('reports the end of each change of a device, with the warnings and errors in order', async () => {
    const { changes, change, printed } = window();
    for (const [line, type] of [2, 3, 4].entries()) {
      changes.beginLine(line);
      await change(type, line);
    }
    await changes.flush();
    assert.deepEqual(printed, [
      'RTNETLINK answers: File exists',
      'line 1 failed',
      'Warning: mind that.',
      '0 is made',
      '1 is not made',
      '2 is made',
    ]);
  });

  it('makes changes of devices before what depends on them is looked at, and no others', async () => {
    const { changes, change, windows } = window();
    await changes.add(new MessageWriter(2, 0));
    changes.settleDevices();
    changes.flushIfAffects(undefined);
    changes.flushIfAffects(5);
    assert.deepEqual(windows, [], 'a route');
    await change(2, 5);
    changes.flushIfAffects(undefined);
    changes.flushIfAffects(6);
    assert.deepEqual(windows, [], 'names, and another device');
    changes.flushIfAffects(5);
    assert.deepEqual(windows, [2], 'the device itself');
    await change(2, 0, true);
    changes.flushIfAffects(5);
    assert.deepEqual(windows, [2], 'a device that was there before');
    changes.flushIfAffects(undefined);
    assert.deepEqual(windows, [2, 1], 'a name that is not known');
    await change(2, 7);
    changes.settleDevices();
    assert.deepEqual(windows, [2, 1, 1], 'anything else about devices');
    assert.equal(changes.isEmpty, true);
  });

  it('looks at devices after what another thread is still sending', async () => {
    const { changes, change, windows } = window();
    for (let index = 1; index <= 33; index++) await change(2, index);
    assert.deepEqual(windows, [32]);
    changes.flushIfAffects(1);
    assert.deepEqual(windows, [32, 1]);
    assert.equal(changes.isEmpty, true);
  });

  it('reports that changes of devices are not made when nothing can be sent', async () => {
    const printed: boolean[] = [];
    const session = {
      startWindow: () => ({
        taken: Promise.resolve(),
        answers: () => {
          throw new SystemError('Cannot send to netlink', ENOBUFS);
        },
      }),
    } as unknown as NetlinkSession;
    const changes = new ChangeWindow(
      () => session,
      () => undefined,
      () => undefined,
    );
    await changes.add(new MessageWriter(2, 0), {
      index: 1,
      changesNames: true,
      onDone: isMade => printed.push(isMade),
    });
    await assert.rejects(changes.flush(), /Cannot send to netlink/);
    assert.deepEqual(printed, [false]);
    assert.equal(changes.isEmpty, true);
  });
});
