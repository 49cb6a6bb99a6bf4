/**
 * How each link kind is proven. The titles are the table: kind, requests, views, live tests. No cell is empty
 * without the reason that stands below, and no reason stands that has become untrue.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { keywordsOf } from '../../src/schema/parse.ts';
import type { Rows } from '../../src/schema/row.ts';
import { LINK_KINDS } from '../rtnetlink/kinds/list.ts';
import { original } from '../support/capture/capture.ts';
import { argumentLines, fixturesFolder, requestsOf } from '../support/capture/fixtures.ts';
import { needs, repository } from '../support/requirements.ts';
import { originalPrograms, Sandbox } from '../support/sandbox.ts';

/** Kinds that the original passes on without knowing them, and that have fixtures all the same. */
const PASSED_ON = ['pfcp', 'wireguard'];

const WITHOUT_KERNEL = 'neither this kernel nor the one in the guest has it';

/** Why a kind is tried on no kernel. */
const NOT_LIVE: Readonly<Record<string, string>> = {
  amt: WITHOUT_KERNEL,
  bareudp: WITHOUT_KERNEL,
  can: 'it is made by the driver of a controller',
  dsa: 'it is made by the driver of a switch',
  hsr: WITHOUT_KERNEL,
  ipoib: 'it needs an InfiniBand device',
  netdevsim: WITHOUT_KERNEL,
  netkit: WITHOUT_KERNEL,
  ovpn: WITHOUT_KERNEL,
  pfcp: WITHOUT_KERNEL,
  rmnet: WITHOUT_KERNEL,
  team_slave: 'it has nothing to set: ports of teams are in the world of team',
  tun: 'ip tuntap makes it, in tuntap.test.ts',
  virt_wifi: WITHOUT_KERNEL,
  wwan: 'it needs a modem',
};

/** The original crashes there: tunnel-defects.test.ts has it. */
const UNRECORDED = '6rd-reset';

const VIEWS = ['text', 'oneline', 'json'];

const read = (...parts: string[]) => readFileSync(join(...parts), 'utf8');

const liveFolder = resolve(repository, 'test/live');
const liveTests = readdirSync(liveFolder, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.test.ts') && name !== 'program/completion.test.ts')
  .map(name => ({ name, text: read(liveFolder, name) }));

/** The live tests that name a kind, counters and completion aside; those in a guest are not run unasked. */
function liveTestsOf(kind: string): { always: string[]; onDemand: string[] } {
  const said = new RegExp(`(?<!xstats )\\btype ${kind}\\b`);
  const names = liveTests.filter(({ text }) => said.test(text)).map(({ name }) => name);
  const isOnDemand = (name: string) => name.startsWith('guest/');
  return { always: names.filter(name => !isOnDemand(name)), onDemand: names.filter(isOnDemand) };
}

/** The keywords of a kind that no line of its fixture has. */
function untried(rows: Rows, folder: string): string[] {
  const tried = new Set(argumentLines(folder).flatMap(({ words }) => words));
  return keywordsOf(rows)
    .map(({ word }) => word)
    .filter(word => !tried.has(word) && word !== UNRECORDED);
}

const kinds: readonly { readonly name: string; readonly rows: Rows }[] = [
  ...LINK_KINDS.map(({ name, table }) => ({ name, rows: table.rows as Rows })),
  ...PASSED_ON.map(name => ({ name, rows: {} })),
];

describe('every link kind', () => {
  for (const { name, rows } of kinds) {
    const folder = join(fixturesFolder, 'link', name);
    const has = (file: string) => existsSync(join(folder, file));
    const requests = has('arguments') ? argumentLines(folder).length : 0;
    const { always, onDemand } = liveTestsOf(name);
    const live = [...always, ...onDemand.map(test => `${test} (TSIP_GUEST)`)].join(' ') || NOT_LIVE[name];
    const cells = [`${requests} requests`, VIEWS.filter(has).join(' '), live ?? ''].map(
      cell => cell || 'EMPTY',
    );

    it(`${name.padEnd(14)} ${cells.join(' | ')}`, async function () {
      const device = name.replace(/_slave$/, '');
      assert.ok(requests > 0, `no ${folder}/arguments`);
      assert.equal(requestsOf(folder).length, requests);
      assert.deepEqual(untried(rows, folder), [], 'keywords that no line of the fixture has');
      for (const view of VIEWS) {
        assert.ok(has(view), `no ${folder}/${view}`);
        assert.match(read(folder, view), new RegExp(`\\b${device}(_slave)?\\b`), `${view} does not show it`);
      }
      assert.ok(live !== undefined, 'no live test, and no reason');
      assert.ok(always.length + onDemand.length === 0 || NOT_LIVE[name] === undefined, `it is live: ${live}`);
      if (always.length > 0) return;
      needs(this, 'namespaces', 'oracle');
      const sandbox = await Sandbox.open(originalPrograms());
      try {
        const { stderr } = await sandbox.run(`link add x0 type ${device}`);
        assert.match(stderr, /Unknown device type|not supported/, 'this kernel has it: it needs a live test');
      } finally {
        await sandbox.close();
      }
    });
  }

  it('is among them that the original names', function () {
    needs(this, 'oracle', 'compiler');
    const [, list = ''] = /TYPE := \{([^}]*)\}/.exec(original(['link', 'help']).stderr) ?? [];
    const named = list.split(/[\s|]+/).filter(Boolean);
    assert.ok(named.length > 40, list);
    assert.deepEqual(
      named.filter(name => !kinds.some(kind => kind.name === name)),
      [],
    );
  });
});
