import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Rendering, render } from '../../support/pictures/chromium.ts';
import { coloursOf } from '../../support/pictures/png.ts';
import { needs, repository } from '../../support/requirements.ts';
import { ourPrograms, quote, type Result, Sandbox } from '../../support/sandbox.ts';
import { alone } from '../../support/twin.ts';

const lab = resolve(repository, 'test/live/map/lab.sh');

/** What a map of the small lab is compared with; TSIP_RECORD=1 writes it again. */
const fixtures: readonly (readonly [words: string, file: string])[] = [
  ['', 'fixtures/map/tree'],
  ['--ascii --all', 'fixtures/map/tree-ascii-all'],
  ['--no-addresses web database', 'fixtures/map/tree-some'],
  ['--format svg', 'man/map.svg'],
  ['--format html', 'fixtures/map/map.html'],
  ['--format dot', 'fixtures/map/map.dot'],
  ['--format mermaid', 'fixtures/map/map.mermaid'],
  ['--format json', 'fixtures/map/map.json'],
];

describe('tsip map', () => {
  describe('of a fixed lab', () => {
    let sandbox: Sandbox;

    before(async function () {
      needs(this, 'namespaces');
      this.timeout(60_000);
      sandbox = await Sandbox.open(ourPrograms());
      const made = await sandbox.run(`$ bash ${quote(lab)} --inside small`, { timeoutMs: 50_000 });
      assert.equal(made.status, 0, made.stderr);
    });

    after(() => sandbox?.close());

    for (const [words, file] of fixtures)
      it(`${words === '' ? 'without options' : words} equals ${file}`, async () => {
        const pretty = words.endsWith('json') ? '-p ' : '';
        const got = await sandbox.run(`$ tsip ${pretty}map ${words}`);
        assert.deepEqual([got.status, got.stderr], [0, '']);
        const text = withoutNumbers(got.stdout);
        const path = join(repository, file);
        if (process.env.TSIP_RECORD) {
          mkdirSync(dirname(path), { recursive: true });
          writeFileSync(path, text);
        }
        assert.equal(text, readFileSync(path, 'utf8'));
      });

    it('is the same for -json as for --format json, and all of it whatever a picture leaves out', async () => {
      const [one, other] = await inTurn(sandbox, [
        'tsip -json map --no-addresses',
        'tsip map --format json --all',
      ]);
      assert.deepEqual(JSON.parse(withoutNumbers(one!.stdout)), JSON.parse(withoutNumbers(other!.stdout)));
    });

    it('finds the other end of each device from both sides', async () => {
      const { namespaces } = await readMap(sandbox);
      const find = (label: string, name: string) =>
        namespaces.find(one => one.label === label)?.links.find(({ ifname }) => ifname === name);
      let pairs = 0;
      for (const { label, links } of namespaces)
        for (const { ifname, peer } of links) {
          if (peer?.relation !== 'pair') continue;
          pairs++;
          const back = find(peer.namespace!, peer.ifname!)?.peer;
          assert.deepEqual([back?.namespace, back?.ifname], [label, ifname]);
        }
      assert.equal(pairs, 14);
      assert.deepEqual(find('host', 'br-dmz')?.uppers, [{ namespace: 'probe', ifname: 'tap0' }]);
    });

    it('chooses namespaces by name, path and process, and says when there is none', async () => {
      const [byName, byPath, byPid, none] = await inTurn(sandbox, [
        'tsip map --no-addresses empty',
        'tsip map --no-addresses /run/netns/empty',
        'tsip netns exec empty bash -c \'tsip map --no-addresses "pid:$$" | head -1\'',
        'tsip map nowhere',
      ]);
      assert.equal(byName!.stdout, 'empty\n└─ only loopback\n');
      assert.equal(byPath!.stdout, byName!.stdout);
      assert.equal(byPid!.stdout, 'empty  (this namespace)\n');
      assert.deepEqual([none!.stdout, none!.status], ['', 1]);
      assert.equal(none!.stderr, 'No network namespace is called "nowhere".\n');
    });

    it('draws several namespaces that are named, in each format, and none if one of them is not there', async () => {
      const [tree, json, svg, html, dot, mermaid, wrong] = await inTurn(sandbox, [
        'tsip map anna empty ben',
        'tsip map anna ben --format json',
        ...['svg', 'html', 'dot', 'mermaid'].map(format => `tsip map --format ${format} anna ben`),
        'tsip map anna nowhere ben',
      ]);
      assert.deepEqual(tree!.stdout.match(/^\w+/gm), ['anna', 'ben', 'empty']);
      const { namespaces } = JSON.parse(json!.stdout) as { namespaces: { label: string }[] };
      assert.deepEqual(
        namespaces.map(({ label }) => label),
        ['anna', 'ben'],
      );
      for (const { stdout } of [svg!, html!, dot!, mermaid!]) {
        assert.match(stdout, /\banna\b/);
        assert.match(stdout, /\bben\b/);
        assert.doesNotMatch(stdout, /\bcleo\b/);
      }
      assert.deepEqual([wrong!.stdout, wrong!.status], ['', 1]);
      assert.equal(wrong!.stderr, 'No network namespace is called "nowhere".\n');
    });

    it('takes the last of an option that is given several times', async () => {
      const [got] = await inTurn(sandbox, ['tsip map --format svg --format json --ascii --ascii empty']);
      assert.equal(JSON.parse(got!.stdout).namespaces.length, 1);
    });

    it('has its colours in a renderer that does not know CSS variables', async function () {
      needs(this, 'rsvg-convert');
      const { stdout } = await sandbox.run('$ tsip map --format svg');
      const { stdout: png, status } = spawnSync('rsvg-convert', ['--format', 'png'], { input: stdout });
      assert.equal(status, 0);
      const colours = coloursOf(png);
      const [most] = [...colours].sort(([, one], [, other]) => other - one);
      assert.equal(most![0], '#ffffff', 'the page');
      for (const colour of ['#f6f8fa', '#ddf4ff', '#1a7f37']) assert.ok(colours.has(colour), colour);
    });

    it('refuses options that it does not have in one line, and shows which it has', async () => {
      const wrong: readonly (readonly [words: string, complaint: RegExp])[] = [
        ['--bogus', /^Unknown argument: bogus$/],
        ['--format', /^Not enough arguments following: format$/],
        ['--format png', /^Invalid values: Argument: format, Given: "png", Choices: "tree", /],
      ];
      for (const [words, complaint] of wrong) {
        const { stdout, stderr, status } = await sandbox.run(`$ tsip map ${words}`);
        const [first = '', ...rest] = stderr.split('\n');
        assert.match(first, complaint);
        assert.deepEqual([rest, stdout, status], [['Try "ip map help".', ''], '', 255]);
      }
      const [help, long] = await inTurn(sandbox, ['tsip map help', 'tsip map --help']);
      assert.deepEqual([help!.status, help!.stderr, help!.stdout], [0, '', long!.stdout]);
      for (const option of ['format', 'ascii', 'no-addresses', 'processes', 'all'])
        assert.match(help!.stdout, new RegExp(`^ +--${option} `, 'm'));
    });

    it('is drawn by a browser so that no text meets another', async function () {
      needs(this, 'chromium');
      this.timeout(120_000);
      for (const words of ['--format svg --all --processes', '--format html']) {
        const { stdout } = await sandbox.run(`$ tsip map ${words}`);
        const rendering = render(stdout);
        assertTidy(rendering);
        assert.ok(rendering.texts > 50, `${rendering.texts} texts`);
        const isPage = words.endsWith('html');
        assert.equal(rendering.ready, isPage);
        assert.deepEqual(rendering.marked, isPage ? { found: ['empty'], lit: 1 } : { found: [], lit: 0 });
      }
    });
  });

  alone(
    'of twenty namespaces around two bridges is drawn so that no text meets another',
    async sandbox => {
      await sandbox.shell(`bash ${quote(lab)} --inside large >/dev/null 2>&1`);
      const [tree, svg, html] = await inTurn(sandbox, [
        'tsip map',
        'tsip map --format svg',
        'tsip map --format html',
      ]);
      assert.equal(tree!.stdout.match(/⇄ eth0 in (red|blue)\d+$/gm)?.length, 20);
      for (const { stdout } of [svg!, html!]) {
        const rendering = render(stdout);
        assertTidy(rendering);
        // The middle's two and forty devices, addresses, titles, the legend.
        assert.ok(rendering.texts > 120, `${rendering.texts} texts`);
      }
    },
    { needs: ['chromium'] },
  );

  alone('shows what a tunnel in another namespace stands on, or goes through', async sandbox => {
    const batch = [
      'link add br0 type bridge',
      'link add vx0 type vxlan id 1 dstport 4789 local 10.0.0.1 dev br0',
      'link add vx1 type vxlan id 2 dstport 4790 local 10.0.0.1',
      'link add vx2 type vxlan id 3 dstport 4791 local 10.0.0.1 dev br0',
      'netns add red',
      'link set vx0 netns red',
      'link set vx1 netns red',
    ];
    await sandbox.run('-batch -', { stdin: batch.join('\n') });
    const { stdout } = await sandbox.run('$ tsip map --no-addresses');
    assert.equal(
      stdout,
      [
        'host  (this namespace)',
        '├─ br0  bridge  down',
        '└─ vx2  vxlan  down  ↧ br0',
        'red  (id 0)',
        '├─ vx0  vxlan  down  ↧ br0 in host',
        '└─ vx1  vxlan  down  ↧ through host',
        '',
      ].join('\n'),
    );
  });

  alone('is drawn while namespaces come and go', async sandbox => {
    const names = Array.from({ length: 12 }, (_, at) => `n${at}`);
    const batch = [
      ...names.map(name => `netns add ${name}\nlink add name p-${name} type veth peer name e netns ${name}`),
      ...names.map(name => `netns del ${name}`),
    ].join('\n');
    await sandbox.start('others', '$ while [ ! -e done ]; do ip -force -batch batch; done >/dev/null 2>&1');
    await sandbox.shell(`printf '%s\\n' ${quote(batch)} >batch`);
    let seen = 0;
    // Until some were there when it looked, too.
    for (let round = 0; round < 8 || (seen === 0 && round < 100); round++) {
      const { stdout, stderr, status } = await sandbox.run('$ tsip -j map');
      assert.deepEqual([stderr, status], ['', 0]);
      seen += JSON.parse(stdout).namespaces.length - 1;
    }
    await sandbox.shell('touch done');
    await sandbox.stop('others', '');
    assert.ok(seen > 0, 'nothing came');
  });

  alone('shows names of any bytes harmlessly', async sandbox => {
    const devices = [
      '<b>"x',
      "a&b'<",
      '"><img>',
      '\x1b[31mred',
      '#quot;|]',
      'v\udcff\udcfe',
      '\\N`$(x)',
      '名前',
    ];
    for (const [at, name] of devices.entries())
      await must(sandbox, ['link', 'add', 'name', name, 'type', 'veth', 'peer', 'name', `p${at}`]);
    for (const name of [
      '<img src=x onerror=alert(1)>',
      'new\nline',
      '\u202ereversed',
      `${'long'.repeat(50)}`,
    ])
      await must(sandbox, ['netns', 'add', name]);
    await must(sandbox, ['link', 'set', 'p0', 'netns', '<img src=x onerror=alert(1)>']);
    await must(sandbox, ['link', 'set', 'p3', 'netns', 'new\nline']);
    await sandbox.start(
      'odd',
      '$ printf "<b>\\e[2J\\"&" >/proc/self/comm; exec 3>ready; read -t 60 </dev/zero',
    );
    for (const format of ['tree', 'svg', 'html', 'dot', 'mermaid']) {
      const { stdout, stderr, status } = await sandbox.run(`$ tsip map --processes --all --format ${format}`);
      assert.deepEqual([stderr, status], ['', 0], format);
      assert.doesNotMatch(stdout, /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\ufffd]/u, format);
      assert.ok(stdout.includes(format === 'mermaid' ? '#92;x1b' : '\\x1b'), format);
      if (format === 'svg' || format === 'html') assert.doesNotMatch(stdout, /<(b|img)\b/);
      if (format === 'dot') for (const line of stdout.split('\n')) assert.equal(quotesIn(line) % 2, 0, line);
      if (format === 'mermaid')
        assert.doesNotMatch(stdout.replaceAll('<br/>', ''), /"[^"\n]*[<&|`$\\][^"\n]*"/);
    }
    const { stdout } = await sandbox.run('$ tsip -j map');
    assert.equal(
      JSON.parse(stdout)
        .namespaces.flatMap((one: MapNamespace) => one.links)
        .filter(({ ifname }: MapLink) => devices.slice(0, 5).includes(ifname)).length,
      5,
    );
  });

  alone(
    'of names of any bytes is drawn so that nothing runs and no text meets another',
    async sandbox => {
      for (const [at, name] of ['<b>"x', '"><img>', '\x1b[31mred', 'v\udcff\udcfe', '名前は長い'].entries())
        await must(sandbox, ['link', 'add', 'name', name, 'type', 'veth', 'peer', 'name', `p${at}`]);
      for (const name of ['<img src=x onerror=alert(1)>', `${'long'.repeat(50)}`])
        await must(sandbox, ['netns', 'add', name]);
      await must(sandbox, ['link', 'set', 'p1', 'netns', 'long'.repeat(50)]);
      for (const format of ['svg', 'html']) {
        const { stdout } = await sandbox.run(`$ tsip map --all --format ${format}`);
        const rendering = render(stdout);
        assertTidy(rendering);
        assert.equal(rendering.foreign, 0);
      }
    },
    { needs: ['chromium'] },
  );
});

interface MapLink {
  readonly ifname: string;
  readonly peer?: { readonly relation: string; readonly namespace?: string; readonly ifname?: string };
  readonly uppers: readonly unknown[];
}

interface MapNamespace {
  readonly label: string;
  readonly links: readonly MapLink[];
}

async function readMap(sandbox: Sandbox): Promise<{ namespaces: readonly MapNamespace[] }> {
  const { stdout } = await sandbox.run('$ tsip -j map');
  return JSON.parse(stdout);
}

function assertTidy({ overlaps, outside, foreign }: Rendering): void {
  assert.deepEqual({ overlaps, outside, foreign }, { overlaps: [], outside: [], foreign: 0 });
}

async function must(sandbox: Sandbox, words: readonly string[]): Promise<void> {
  const { status, stderr } = await sandbox.run(words);
  assert.equal(status, 0, stderr);
}

async function inTurn(sandbox: Sandbox, lines: readonly string[]): Promise<Result[]> {
  const results: Result[] = [];
  for (const one of lines) results.push(await sandbox.run(`$ ${one}`));
  return results;
}

/** Quotation marks that are not escaped. */
function quotesIn(line: string): number {
  return line.replace(/\\./g, '').split('"').length - 1;
}

/** Numbers of processes and inodes differ between any two runs, and so does who is there. */
function withoutNumbers(text: string): string {
  return text
    .replace(/("inode"|"user_namespace"): ?\d+/g, '$1: 0')
    .replace(/"uid": ?\d+/g, '"uid": 0')
    .replace(/"processes": ?\[[^\]]*\]/g, '"processes": []');
}
