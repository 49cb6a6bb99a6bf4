/**
 * Lines that beginners type, run one after another as on a terminal, and the hint that each is given. In
 * fixtures/hints/ a line is followed by its hint, indented, if it has one. TSIP_RECORD=1 writes the hints again: read
 * them before you keep them.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../support/requirements.ts';
import type { Sandbox } from '../../support/sandbox.ts';
import { alone } from '../../support/twin.ts';

interface Typed {
  readonly line: string;
  readonly hint: string | undefined;
}

function read(path: string): Typed[] {
  const typed: { line: string; hint: string | undefined }[] = [];
  for (const text of readFileSync(path, 'utf8').split('\n')) {
    if (text.startsWith('  ')) typed.at(-1)!.hint = text.trim();
    else if (text !== '' && !text.startsWith('#')) typed.push({ line: text, hint: undefined });
  }
  return typed;
}

/** Kinds that this kernel may have or not: a line that makes one may succeed. */
const KINDS = /type (?:vlan|dummy|gre|ipvlan)/;
/** Addresses that the kernel makes of random ones. */
const RANDOM = /fe80::[\da-f:]+/g;

for (const [name, least] of [
  ['beginner-lines', 60],
  ['more-lines', 50],
] as const)
  describe(`hints to ${name}`, () => {
    const are = async (sandbox: Sandbox) => {
      const path = join(repository, 'fixtures/hints', name);
      const typed = read(path);
      let failures = 0;
      let hints = 0;
      const seen: Typed[] = [];
      for (const { line, hint } of typed) {
        const { stderr, status } = await sandbox.run(line, { env: { TSIP_HINTS: 'always' } });
        const given = /^hint: (.*)$/m.exec(stderr)?.[1]?.replaceAll(RANDOM, 'fe80::1');
        if (status !== 0) failures++;
        if (status !== 0 && given !== undefined) hints++;
        seen.push({ line, hint: given });
        if (process.env['TSIP_RECORD'] !== undefined || (status === 0 && KINDS.test(line))) continue;
        assert.equal(given, hint, line);
      }
      if (process.env['TSIP_RECORD'] !== undefined) {
        const [title] = readFileSync(path, 'utf8').split('\n');
        const blocks = seen.map(({ line, hint }) => (hint === undefined ? line : `${line}\n  ${hint}`));
        writeFileSync(path, `${[title, ...blocks].join('\n')}\n`);
      }
      assert.ok(hints >= least, `${hints} of ${failures}`);
    };
    alone('are these', are, { lines: least });
  });
