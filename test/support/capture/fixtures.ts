/** The fixtures: command lines with the bytes they send, and bytes with what is shown of them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { repository } from '../requirements.ts';
import { words } from '../sandbox.ts';
import { parseHex } from './bytes.ts';
import { linkMessages } from './capture.ts';

export const fixturesFolder = resolve(repository, 'fixtures');

/** A way to show the replies of a fixture: the file that holds the original's output, and the words for `ip`. */
export interface View {
  readonly file: string;
  readonly words: readonly string[];
}

/** The words that show all replies of a kind of object, by its folder or the one around it. */
const shows: Readonly<Record<string, readonly string[]>> = {
  link: ['link', 'show'],
  address: ['addr', 'show'],
  route: ['route', 'show', 'table', 'all'],
  neighbour: ['neigh', 'show', 'nud', 'all'],
  rule: ['rule', 'show'],
  nexthop: ['nexthop', 'show'],
  nsid: ['netns', 'list-id'],
  tcp_metrics: ['tcp_metrics', 'show'],
  mptcp: ['mptcp', 'endpoint', 'show'],
  sr: ['sr', 'hmac', 'show'],
  'ioam/namespace': ['ioam', 'namespace', 'show'],
  'ioam/schema': ['ioam', 'schema', 'show'],
  'l2tp/tunnel': ['l2tp', 'show', 'tunnel'],
  'l2tp/session': ['l2tp', 'show', 'session'],
  fou: ['fou', 'show'],
  ila: ['ila', 'list'],
  macsec: ['macsec', 'show'],
};

/** A fixture has the first three, and those of the others that it has a file for. */
const views: Readonly<Record<string, readonly string[]>> = {
  text: ['-d'],
  oneline: ['-d', '-o'],
  json: ['-d', '-j'],
  plain: [],
  brief: ['-br'],
  statistics: ['-d', '-s', '-s'],
  'statistics.json': ['-d', '-s', '-s', '-j'],
};

/** The views of the fixture in `folder`. */
export function viewsOf(folder: string): readonly View[] {
  const name = relative(fixturesFolder, folder);
  const show = shows[name] ?? shows[name.split('/')[0]!];
  if (show === undefined) return [];
  return Object.entries(views)
    .filter(([file], index) => index < 3 || existsSync(join(folder, file)))
    .map(([file, options]) => ({ file, words: [...options, ...show] }));
}

/** Every folder that holds a fixture. */
export function fixtureFolders(): string[] {
  return readdirSync(fixturesFolder, { recursive: true, encoding: 'utf8' })
    .filter(path => /(^|\/)(arguments|reply\.hex)$/.test(path))
    .map(path => join(fixturesFolder, dirname(path)))
    .filter((name, index, all) => all.indexOf(name) === index)
    .sort();
}

/** The command lines of a fixture, with their words. */
export function argumentLines(folder: string): { line: string; words: string[] }[] {
  return readFileSync(join(folder, 'arguments'), 'utf8')
    .split('\n')
    .filter(line => line.trim() !== '' && !line.startsWith('#'))
    .map(line => ({ line, words: words(line) }));
}

/** What a command line sent, or how it was refused. */
export interface RecordedRequest {
  readonly line: string;
  readonly bytes: Buffer;
  readonly status: number;
  readonly stderr: string;
  readonly stdout: string;
}

/** The recorded requests of a fixture, one for each of its command lines. */
export function requestsOf(folder: string): RecordedRequest[] {
  const path = join(folder, 'request.hex');
  if (!existsSync(path)) throw new Error(`not recorded: ${relative(repository, path)}`);
  const [, ...blocks] = parseHex(readFileSync(path, 'utf8'));
  return blocks.map(({ comments: [line = '', ...facts], bytes }) => {
    const fact = (name: string) => facts.find(text => text.startsWith(`${name} `))?.slice(name.length + 1);
    const text = (name: string): string => JSON.parse(fact(name) ?? '""');
    return { line, bytes, status: Number(fact('exit') ?? 0), stderr: text('stderr'), stdout: text('stdout') };
  });
}

/** The replies of a fixture as bytes. Addresses are shown with their devices, which come before them. */
export function repliesOf(folder: string): Buffer {
  const own = parseHex(readFileSync(join(folder, 'reply.hex'), 'utf8')).map(({ bytes }) => bytes);
  const needsDevices =
    relative(fixturesFolder, folder).startsWith('address/') && !existsSync(join(folder, 'world'));
  return Buffer.concat(needsDevices ? [linkMessages(), ...own] : own);
}
