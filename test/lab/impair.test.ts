/** Values of impairments as they are written, and what is left of them when some are changed. */
import assert from 'node:assert/strict';
import { readPatch } from '../../src/lab/format/quantities.ts';
import { onlyThese, patched } from '../../src/lab/impairment/live.ts';

describe('a change of an impairment', () => {
  it('reads values as files say them', () => {
    assert.deepEqual(
      readPatch({ delay: '50ms', jitter: 2.5, loss: '0.5%', rate: '20mbit', limit: '100', corrupt: 'none' }),
      { delay: 50_000, jitter: 2500, loss: 5000, rate: 20_000_000, limit: 100, corrupt: undefined },
    );
  });

  for (const [said, message] of [
    [{ delay: '50' }, 'delay "50" is not of the form 50ms'],
    [{ delay: '-1ms' }, 'delay "-1ms" is not of the form 50ms'],
    [{ delay: '100000m' }, 'delay "100000m" is too much'],
    [{ loss: '1' }, 'loss "1" is not of the form 0.5%'],
    [{ loss: '101%' }, 'loss "101%" is too much'],
    [{ rate: '10mb' }, 'rate "10mb" is not of the form 20mbit'],
    [{ rate: '1bit' }, 'rate "1bit" is too little'],
    [{ limit: '0' }, 'limit "0" is not of the form 1000'],
    [{ limit: '4294967296' }, 'limit "4294967296" is too much'],
    [{ dealy: '1ms' }, ''],
  ] as const)
    it(`refuses ${JSON.stringify(said)}`, () => {
      assert.throws(
        () => readPatch(said as Record<string, string>),
        (error: Error) => {
          assert.ok(error instanceof RangeError);
          if (!('dealy' in said)) assert.equal(error.message, message);
          else assert.match(error.message, /dealy.*delay/s);
          return true;
        },
      );
    });

  it('keeps what it does not name', () => {
    const before = { delay: 50_000, jitter: 1000, loss: 100 };
    assert.deepEqual(patched(before, { loss: 200 }), { ...before, loss: 200 });
    assert.deepEqual(patched(before, { rate: 8000 }), { ...before, rate: 8000 });
    assert.deepEqual(patched(before, { loss: undefined }), { delay: 50_000, jitter: 1000 });
    assert.deepEqual(patched(before, { delay: undefined }), { loss: 100 });
    assert.deepEqual(patched(before, onlyThese({ loss: 1 })), { loss: 1 });
    assert.equal(patched(before, onlyThese({})), undefined);
    assert.throws(() => patched({}, { jitter: 1 }), /"jitter" has no effect without "delay"/);
  });
});
