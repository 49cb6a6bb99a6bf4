import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { complain, encodePlan, type Plan, SLOT_COUNT } from '../../../src/kernel/plans/plan.ts';
import { repository } from '../../support/requirements.ts';

const texts = (words: readonly Buffer[]) => words.map(word => word.toString('latin1'));

describe('encodePlan', () => {
  const plan: Plan = {
    program: 'nsenter',
    failure: 1,
    steps: [
      { step: 'open', slot: 4, path: '/proc/7/ns/net', fails: 'cannot open /proc/7/ns/net' },
      { step: 'setns', slot: 4, type: 0x40000000, warns: 'not entered', if: [4], unless: [2, 3] },
      { step: 'setgroups' },
      { step: 'exec', argv: ['ls', '-l'], missing: 127, otherwise: 126, fails: 'failed to execute ls' },
    ],
  };

  it('writes the header, then name, condition, outcome and arguments of each step', () => {
    assert.deepEqual(texts(encodePlan(plan, ['nsenter', '-n'], 1024).words), [
      'NSEXEC_PLAN=22',
      ...['nsenter', '1', '1024'],
      ...['open', '', '!cannot open /proc/7/ns/net', '4', '/proc/7/ns/net'],
      ...['setns', '+4-2-3', '?not entered', '4', '1073741824'],
      ...['setgroups', '', ''],
      ...['exec', '', '!failed to execute ls', '2', '127', '126'],
    ]);
  });

  it('passes the words of the program once, after the title', () => {
    assert.deepEqual(texts(encodePlan(plan, ['nsenter', '-n']).argv), ['nsenter', '-n', 'ls', '-l']);
  });

  it('leaves the limit of descriptors empty when it is not known', () => {
    assert.equal(texts(encodePlan(plan, []).words)[3], '');
  });

  it('keeps bytes that are not UTF-8', () => {
    const words = encodePlan(
      { ...plan, steps: [{ step: 'chroot', path: '/\udcff\u00e9' }, ...complain('x', 'y')] },
      [],
    ).words;
    assert.ok(words.some(word => word.equals(Buffer.from([0x2f, 0xff, 0xc3, 0xa9]))));
  });

  it('encodes complaints as a message on stderr and an end with status 1', () => {
    const { words } = encodePlan({ ...plan, steps: complain('nsenter', 'no target PID specified') }, []);
    assert.deepEqual(texts(words).slice(4), [
      ...['print', '', '', '2', 'nsenter: no target PID specified\n'],
      ...['exit', '', '', '1'],
    ]);
  });
});

describe('nsexec', () => {
  const read = (path: string) => readFileSync(resolve(repository, path), 'utf8');

  it('knows the same steps, with arguments of the same number and kind', () => {
    const table = read('src/native/nsexec/operations.c').matchAll(/\{ "([a-z-]+)", "([a-z]*)", step_/g);
    const operations = new Map([...table].map(([, name, kinds]) => [name, kinds!.length]));
    const source = read('src/kernel/plans/plan.ts');
    const shapes = source
      .slice(source.indexOf('const shapes'))
      .matchAll(/^ {2}'?([a-z-]+)'?: \[([^\]]*)\],$/gm);
    const expected = new Map(
      [...shapes].map(([, name, fields]) => [name, fields!.split(',').filter(Boolean).length]),
    );
    expected.set('exec', 3);
    assert.ok(expected.size > 30);
    assert.deepEqual(new Map([...operations].sort()), new Map([...expected].sort()));
  });

  it('has as many slots as plans may use', () => {
    assert.equal(Number(/MOST_SLOTS = (\d+)/.exec(read('src/native/nsexec/nsexec.h'))?.[1]), SLOT_COUNT);
  });
});
