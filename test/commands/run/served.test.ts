/** Which calls the engine of `tsip run` makes: said for each object of ip, for every abbreviation of its commands. */
import assert from 'node:assert/strict';
import { findSubcommand } from '../../../src/commands/frame/subcommands.ts';
import { OBJECTS } from '../../../src/commands/objects.ts';
import type { Caller } from '../../../src/commands/run/caller.ts';
import { isServed, SERVICES } from '../../../src/commands/run/served.ts';

/** Commands, by their first names, for which a process is started; the engine makes the others. */
const BY_PROCESS: Readonly<Record<string, readonly string[]>> = {
  address: ['save', 'restore', 'showdump'],
  route: ['save', 'restore', 'showdump'],
  rule: ['save', 'restore'],
  mrule: ['save', 'restore'],
  tuntap: ['show'],
  tap: ['show'],
  xfrm: ['monitor'],
  netns: ['identify', 'pids', 'monitor', 'prune', 'return'],
  vrf: ['identify', 'pids', 'exec'],
  mptcp: ['monitor'],
  ioam: ['monitor'],
};

const caller: Caller = {
  pid: process.pid,
  parent: process.ppid,
  network: '',
  folder: '',
  hasSameMounts: true,
};

describe('the service of tsip run', () => {
  it('is said for each object of ip', () => {
    assert.deepEqual(Object.keys(SERVICES).sort(), OBJECTS.map(({ name }) => name).sort());
  });

  for (const { name, subcommands } of OBJECTS)
    it(`follows the commands of ip ${name}`, async () => {
      const commands = await subcommands!();
      if (!('commands' in commands)) {
        assert.equal(isServed([name], caller), SERVICES[name] === 'engine');
        return;
      }
      const byProcess = BY_PROCESS[name] ?? [];
      const unknown = new Set(byProcess);
      const words = commands.commands.flatMap(({ names }) =>
        names.flatMap(each => Array.from(each, (_, length) => each.slice(0, length + 1))),
      );
      for (const word of words) {
        const command: string | undefined = findSubcommand(commands, word)?.names[0];
        if (command === undefined) continue;
        unknown.delete(command);
        assert.equal(
          isServed([name, word, 'red'], caller),
          !byProcess.includes(command),
          `${name} ${word}, which is ${command}`,
        );
      }
      assert.deepEqual([...unknown], []);
      const bare = findSubcommand(commands, 'show')?.names[0] ?? 'list';
      assert.equal(isServed([name], caller), !byProcess.includes(bare), `${name} without a word`);
    });

  it('is not that of objects of ours', () => {
    for (const words of [['map'], ['lab', 'up'], ['run', 'true'], ['why', '192.0.2.1'], ['link', '--help']])
      assert.equal(isServed(words, caller), false, words.join(' '));
  });
});
