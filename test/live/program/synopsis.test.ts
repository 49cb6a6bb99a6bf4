/** Synopses: other programs look for the original's spelling in help texts, such as `[ metric METRIC ]`. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { OBJECTS } from '../../../src/commands/objects.ts';
import { IPV4_TUNNEL_USAGE, IPV6_TUNNEL_USAGE } from '../../../src/commands/tunnel/usage.ts';
import { needs, originals } from '../../support/requirements.ts';

/** Objects whose synopses come out of their grammars. */
const NAMES = ['neighbour', 'nexthop', 'route', 'rule'];

function originalHelp(...words: string[]): string {
  const { stdout, stderr } = spawnSync(join(originals(), 'ip'), [...words, 'help'], { encoding: 'utf8' });
  return stdout + stderr;
}

async function ourHelp(name: string): Promise<string> {
  const object = OBJECTS.find(object => object.name === name);
  return (await object!.subcommands!()).usage();
}

const isKeyword = (word: string) => /^[a-z0-9][a-z0-9_.-]*$/.test(word);
const isPlaceholder = (word: string) => /^[A-Z][A-Z_]/.test(word);

/** The keywords of a help text, and what its synopsis shows after each in its line: `metric`, `metric METRIC`. */
function spellings(help: string): Set<string> {
  const found = new Set<string>();
  for (const line of help.split('\n')) {
    const words = line.trim().split(/\s+/);
    for (const [index, word] of words.entries()) {
      if (!isKeyword(word)) continue;
      found.add(word);
      const next = words[index + 1] ?? '';
      if (isPlaceholder(next)) found.add(`${word} ${next}`);
    }
  }
  return found;
}

function assertSpelled(wanted: string, help: string): void {
  assert.ok(wanted.startsWith('Usage: ip'), wanted);
  const found = spellings(help);
  assert.deepEqual(
    [...spellings(wanted)].filter(spelling => !found.has(spelling)),
    [],
  );
}

describe('synopses spell each keyword and its value as the original', () => {
  before(function () {
    needs(this, 'oracle');
  });

  for (const name of NAMES) {
    it(`of ip ${name}`, async () => assertSpelled(originalHelp(name), await ourHelp(name)));
  }

  it('of ip tunnel over IPv4', () => assertSpelled(originalHelp('tunnel'), IPV4_TUNNEL_USAGE));
  it('of ip tunnel over IPv6', () => assertSpelled(originalHelp('-6', 'tunnel'), IPV6_TUNNEL_USAGE));
});

describe('synopses show each keyword of the grammars', () => {
  for (const name of NAMES) {
    it(`of ip ${name}`, async () => {
      const subcommands = await OBJECTS.find(object => object.name === name)!.subcommands!();
      const words = new Set((await subcommands.usage()).split(/[\s[\]{}|]+/));
      const commands = 'commands' in subcommands ? subcommands.commands : [subcommands];
      const missing: string[] = [];
      for (const { grammar } of commands) {
        for (const { word, shownAs, isHidden } of (await grammar?.())?.keywords ?? []) {
          if (!isHidden && !words.has(shownAs ?? word)) missing.push(word);
        }
      }
      assert.deepEqual(missing, []);
    });
  }
});
