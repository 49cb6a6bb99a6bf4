/** What is completed: the keywords that the help texts have and the parsers take, and nothing else. */
import assert from 'node:assert/strict';
import { questionOf, unquote } from '../../../src/commands/completion/answer.ts';
import { usageWords, wordsAfter } from '../../../src/commands/completion/completion.ts';
import { defaultOptions, OPTIONS, parseOptions } from '../../../src/commands/frame/options.ts';
import { findObject, OBJECTS } from '../../../src/commands/objects.ts';
import { keywordsOf } from '../../../src/schema/parse.ts';
import { LINK_KINDS } from '../../rtnetlink/kinds/list.ts';
import { needs } from '../../support/requirements.ts';
import { originalPrograms, quote, Sandbox } from '../../support/sandbox.ts';
import { keywordsAfter, linesOf } from './command-words.ts';

/** Words that mean nothing to any command: no name of a device, no number, no address. */
const MEANINGLESS = ['\u0001a', '\u0001b', '\u0001c', '\u0001d'];
const SEPARATOR = '==== end of a line';

/**
 * Lines that ip itself is not asked about: those that would do something or never end, most kinds of devices, and objects
 * that look for a family that this kernel lacks before they read a word (test/corpus/generic has their words).
 */
const APART =
  /^(netns|vrf|ioam monitor|l2tp|fou|ila|macsec)\b|^link add x type (?!(vlan|vxlan|gre|bond|bridge)$)/;

async function allLines(): Promise<string[]> {
  const objects = OBJECTS.filter(({ run }) => run !== undefined);
  return (await Promise.all(objects.map(({ name }) => linesOf(name)))).flat();
}

describe('completion of ip', () => {
  it('offers a keyword once, unless each of several has an effect', async () => {
    const offers = async (line: string, word: string) => (await keywordsAfter(line)).includes(word);
    assert.ok(await offers('link set lo', 'mtu'));
    assert.ok(!(await offers('link set lo mtu 1400', 'mtu')));
    assert.ok(!(await offers('route add default dev lo', 'dev')));
    assert.ok(await offers('route add default nexthop via 10.0.0.1 dev lo', 'nexthop'));
    assert.ok(!(await offers('link add x type vlan id 5', 'id')));
  });

  it('offers every parameter of every kind of device', async () => {
    const missing: string[] = [];
    for (const { name, usage, table, parse } of LINK_KINDS) {
      if (parse !== undefined) continue;
      const words = await keywordsAfter(`link add x type ${name}`);
      const known = usageWords(usage);
      for (const { word } of keywordsOf(table.rows))
        if (known.has(word) && !words.includes(word)) missing.push(`${name}: ${word}`);
    }
    assert.deepEqual(missing, []);
  });

  it('offers what ip itself takes', async function () {
    needs(this, 'namespaces', 'oracle');
    this.timeout(300_000);
    const sandbox = await Sandbox.open(originalPrograms());
    const words = new Map<string, readonly string[]>();
    for (const line of (await allLines()).filter(each => !APART.test(each)))
      words.set(line, [
        MEANINGLESS[0]!,
        ...(await keywordsAfter(line)).filter(word => word !== 'help' && !APART.test(`${line} ${word}`)),
      ]);
    try {
      // Only how a line is read is looked at: the words at its end mean nothing. Some kinds of devices show their
      // help then, whatever comes before: their lines end with the word, and the kernel refuses them.
      const others = MEANINGLESS.slice(1).map(quote).join(' ');
      const endOf = (line: string) =>
        `${line.startsWith('link add x type ') ? '' : others} 2>&1 >/dev/null </dev/null; echo '${SEPARATOR}'`;
      const script = [...words]
        .flatMap(([line, all]) => all.map(word => `ip ${line} ${word} ${endOf(line)}`))
        .join('\n');
      const { stdout, timedOut } = await sandbox.run('$ bash', { stdin: script, timeoutMs: 240_000 });
      assert.equal(timedOut, false);
      const complaints = stdout.split(`${SEPARATOR}\n`);
      const wrong: string[] = [];
      for (const [line, [meaningless, ...all]] of words) {
        const expected = complaints.shift()!;
        for (const word of all)
          if (complaints.shift() === expected.replaceAll(meaningless!, word)) wrong.push(`${line} ${word}`);
      }
      assert.deepEqual(complaints, ['']);
      assert.deepEqual(wrong, []);
    } finally {
      await sandbox.close();
    }
  });

  it('offers values where a keyword asks for one of a few words', async () => {
    const expected: Readonly<Record<string, readonly string[]>> = {
      'link set lo arp': ['off', 'on'],
      'link set lo addrgenmode': ['eui64', 'none', 'random', 'stable_secret'],
      'link add x type macvlan mode': ['bridge', 'passthru', 'private', 'source', 'vepa'],
      'link add x type vlan gvrp': ['off', 'on'],
      'tuntap add mode': ['tap', 'tun'],
      'route add default pref': ['high', 'low', 'medium'],
      'link xstats type': ['bond', 'bond_slave', 'bridge', 'bridge_slave'],
    };
    for (const [line, words] of Object.entries(expected))
      assert.deepEqual([...(await keywordsAfter(line))].sort(), words, line);
  });

  it('offers names of tables, protocols, scopes and groups where they are looked up', async () => {
    const expected: Readonly<Record<string, string>> = {
      'route add default table': 'main',
      'route add default proto': 'static',
      'address add 10.0.0.1/8 scope': 'host',
      'link set lo group': 'default',
      'rule add protocol': 'boot',
    };
    for (const [line, word] of Object.entries(expected)) {
      const [object = '', ...rest] = line.split(' ');
      const { candidates } = await wordsAfter(object, rest, '', defaultOptions());
      assert.ok(
        candidates.some(candidate => candidate.word === word),
        `${line}: ${JSON.stringify(candidates)}`,
      );
    }
  });

  it('offers no word that only abbreviates another', async () => {
    assert.deepEqual([...(await keywordsAfter('link'))].sort(), [
      'add',
      'afstats',
      'change',
      'delete',
      'help',
      'property',
      'replace',
      'set',
      'show',
      'xstats',
    ]);
  });

  it('offers words that begin longer ones', async () => {
    const words = await keywordsAfter('link set lo');
    for (const word of ['link', 'link-netns', 'xdp', 'xdpdrv', 'protodown'])
      assert.ok(words.includes(word), word);
  });

  it('knows no object by a beginning of `completion`', () => {
    assert.equal(findObject('completio'), undefined);
    assert.equal(findObject('completion')?.name, 'completion');
  });

  it('offers options that are taken', () => {
    const entered: (string | undefined)[] = [];
    for (const name of OPTIONS.flatMap(({ names }) => names)) {
      const words = [`-${name}`, name === 'family' ? 'inet' : '1'];
      assert.doesNotThrow(
        () => parseOptions(words, defaultOptions(), { enterNamespace: given => entered.push(given) }),
        `-${name}`,
      );
    }
    assert.deepEqual(entered, ['1']);
  });
});

describe('words of a shell', () => {
  it('lose their quotes, closed or not', () => {
    const words = {
      plain: 'plain',
      'a\\ b': 'a b',
      "'a b'": 'a b',
      "'a $(id)": 'a $(id)',
      '"a \\$b \\x"': 'a $b \\x',
      "$'a\\tb'": 'a\tb',
      'a"b c"d': 'ab cd',
      '"it\'s"': "it's",
      '$(touch x)': '$(touch x)',
      '\\': '',
    };
    for (const [spelt, text] of Object.entries(words)) assert.equal(unquote(spelt), text, spelt);
  });

  it('are taken as they are from zsh, and the last one unquoted from fish', () => {
    assert.deepEqual(questionOf(['zsh', "'a", "'b"]), { before: ["'a"], current: "'b" });
    assert.deepEqual(questionOf(['fish', "'a", "'b"]), { before: ["'a"], current: 'b' });
    assert.deepEqual(questionOf(['bash', "'a", "'b"]), { before: ['a'], current: 'b' });
    assert.deepEqual(questionOf(['bash']), { before: [], current: '' });
  });
});
