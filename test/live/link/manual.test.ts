/** The manual page of `tsip link`: correct mdoc(7), complete, and its examples do what they do in the original. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { LINK_GRAMMAR } from '../../../src/commands/link/words.ts';
import { keywordsOf } from '../../../src/schema/parse.ts';
import type { Rows } from '../../../src/schema/row.ts';
import { LINK_KINDS } from '../../rtnetlink/kinds/list.ts';
import { attributeSet } from '../../support/capture/bytes.ts';
import { linkMessages, original, ours, type Recorded, requests } from '../../support/capture/capture.ts';
import { needs, repository } from '../../support/requirements.ts';
import { words } from '../../support/sandbox.ts';
import { alone, differential } from '../../support/twin.ts';

const file = 'man/tsip-link.8';
const page = readFileSync(resolve(repository, file), 'utf8');
const RTM_GETLINK = 18;

const [, section = ''] = /^\.Sh EXAMPLES\n([\s\S]*?)^\.Sh /m.exec(page) ?? [];
const examples = [...section.matchAll(/^\.Bd .*\n([\s\S]*?)^\.Ed/gm)]
  .flatMap(([, block]) => block!.trim().split('\n'))
  .map(line => line.replace(/^tsip /, ''));

/** Devices that earlier examples have made, for those that are run without a kernel. */
const devices = linkMessages({
  20: 'v0',
  21: 'v1',
  22: 'd0',
  23: 'uplink',
  24: 'br0',
  25: 'telephones',
  26: 'v1.7',
});

/** Every word of the page, and `noWORD` where it says `[no]word`. */
const pageWords = new Set(
  page
    .replace(/^\.It Oo Cm no Oc Ns Cm (.*)$/gm, (_line, list: string) => {
      const names = list.split(/[ ,|]+/);
      return [...names, ...names.map(name => `no${name}`)].join(' ');
    })
    .replace(/Oo Cm no Oc Ns Cm (\S+)((?: , \S+)*)/g, (_text, first: string, rest: string) => {
      const names = [first, ...rest.split(/[ ,]+/)].filter(Boolean);
      return [...names, ...names.map(name => `no${name}`)].join(' ');
    })
    .split(/[\s,|]+/),
);

/** Looking a device up is each program's own business. */
const isLookup = (bytes: Buffer) => bytes.readUInt16LE(4) === RTM_GETLINK && bytes.readUInt8(16) === 0;

const said = (run: Recorded) => {
  const sent = requests(run).filter(bytes => !isLookup(bytes));
  return [sent.map(attributeSet).join('\n'), run.stdout, run.stderr, run.status];
};

describe(file, () => {
  it('passes mandoc without a warning', function () {
    needs(this, 'mandoc');
    const arguments_ = ['-T', 'lint', '-W', 'warning', file];
    assert.equal(spawnSync('mandoc', arguments_, { cwd: repository, encoding: 'utf8' }).stdout, '');
  });

  it('names every setting, and every parameter of every kind', () => {
    const missing = LINK_GRAMMAR.keywords.map(({ word }) => word).filter(word => !pageWords.has(word));
    for (const { name, table } of LINK_KINDS) {
      if (!pageWords.has(name)) missing.push(name);
      for (const { word, row } of keywordsOf(table.rows as Rows)) {
        // The page says that the words of CAN's other timings begin with d and x.
        const spellings = [word, row.words.keyword, name === 'can' ? word.replace(/^[dx]/, '') : word].flat();
        if (!spellings.some(spelling => pageWords.has(String(spelling)))) missing.push(`${name} ${word}`);
      }
    }
    assert.deepEqual(missing, []);
  });

  it('has examples that send what they send in the original', async function () {
    needs(this, 'oracle', 'compiler');
    this.timeout(30_000);
    assert.ok(examples.length > 10, section);
    for (const line of examples) {
      const [wanted, got] = [
        original(words(line), { replies: devices }),
        await ours(words(line), { replies: devices }),
      ];
      assert.deepEqual(said(got), said(wanted), line);
      assert.deepEqual([wanted.stderr, wanted.status], ['', 0], line);
    }
  });

  differential('has examples that do what they do in the original', examples);

  alone('has examples that work, as far as the kernel has the kinds', async sandbox => {
    const absent = new Set<string>();
    for (const line of examples) {
      const { stderr, status } = await sandbox.run(line);
      const devices = words(line).filter(word => /^(v1\.7|telephones|uplink|d0)$/.test(word));
      const isAbsent = /Unknown device type/.test(stderr) || devices.some(device => absent.has(device));
      if (isAbsent) for (const device of devices) absent.add(device);
      else assert.deepEqual([stderr, status], ['', 0], line);
    }
  });
});
