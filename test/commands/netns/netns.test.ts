/** The grammar of `ip netns`, without privileges: nothing here reaches a namespace. */
import assert from 'node:assert/strict';
import { NETNS_USAGE } from '../../../src/commands/netns/usage.ts';
import { ours } from '../../support/capture/capture.ts';

/** Lines, what is printed on stderr, and the exit code, as the original has them. */
const complaints: readonly (readonly [string, string, number])[] = [
  ['add', 'No netns name specified', 1],
  ['delete', 'No netns name specified', 1],
  ['set', 'No netns name specified', 1],
  ['set a', 'No nsid specified', 1],
  ['set a x', 'Error: argument "x" is wrong: Invalid "netnsid" value', 255],
  ['set a -1', 'Error: argument "-1" is wrong: "netnsid" value should be >= 0', 255],
  ['attach a', 'No netns name and PID specified', 1],
  ['attach a x', 'Invalid PID: x', 1],
  ['attach a 0', 'Invalid PID: 0', 1],
  ['exec', 'No netns name specified', 1],
  ['exec a', 'No command specified', 1],
  ['pids', 'No netns name specified', 1],
  ['pids a b', 'extra arguments specified', 1],
  ['identify 1 2', 'extra arguments specified', 1],
  ['identify self', "Specified string 'self' is not a pid", 1],
  ['list-id nsid', 'Command line is not complete. Try option "help"', 255],
  ['list-id nsid x', 'Error: argument "x" is wrong: "nsid" value is invalid', 255],
  ['list-id target-nsid -1', 'Error: argument "(null)" is wrong: "target-nsid" value should be >= 0', 255],
  ['list-id nsid 1 nsid', 'Error: duplicate "nsid": "nsid" is the second value.', 255],
  ['list a/b', 'Invalid netns name "a/b"', 255],
  ['help ..', 'Invalid netns name ".."', 255],
  ['nonsense a/b', 'Invalid netns name "a/b"', 255],
  ['nonsense', 'Command "nonsense" is unknown, try "ip netns help".', 255],
  ['lists', 'Command "lists" is unknown, try "ip netns help".', 255],
];

const run = (line: string) => ours(line.split(' '));

describe('the grammar of ip netns', () => {
  for (const [line, complaint, status] of complaints)
    it(`answers "${line}" with: ${complaint}`, async () => {
      const got = await run(`netns ${line}`);
      assert.deepEqual([got.stderr, got.stdout, got.status], [`${complaint}\n`, '', status]);
      assert.deepEqual(got.sent, []);
    });

  it('abbreviates: the first command that a word begins is meant', async () => {
    const meant: Readonly<Record<string, string>> = {
      a: 'No netns name specified\n',
      'se a x': 'Error: argument "x" is wrong: Invalid "netnsid" value\n',
      'at a 0': 'Invalid PID: 0\n',
      d: 'No netns name specified\n',
      'e a': 'No command specified\n',
      'i x': "Specified string 'x' is not a pid\n",
      'p a b': 'extra arguments specified\n',
      'list- nsid x': 'Error: argument "x" is wrong: "nsid" value is invalid\n',
    };
    for (const [line, stderr] of Object.entries(meant))
      assert.equal((await run(`netns ${line}`)).stderr, stderr, line);
  });

  it('takes any first word with -all', async () => {
    assert.equal((await run('-all netns identify a/b')).stderr, "Specified string 'a/b' is not a pid\n");
    assert.equal((await run('-all netns exec')).stderr, 'No command specified\n');
  });

  it('has a help text that names every command', async () => {
    const words = [
      'list',
      'add',
      'attach',
      'set',
      'delete',
      'identify',
      'pids',
      'exec',
      'monitor',
      'list-id',
    ];
    for (const word of [...words, 'target-nsid', 'nsid', '-all', 'auto'])
      assert.match(NETNS_USAGE, new RegExp(`(^|[ [])${word}([\\] ]|$)`, 'm'), word);
    for (const line of ['help', 'h', 'list-id nothing', 'list-id nsid 1 help']) {
      const got = await run(`netns ${line}`);
      assert.deepEqual([got.stderr, got.stdout, got.status], [`${NETNS_USAGE}\n`, '', 255], line);
    }
  });
});
