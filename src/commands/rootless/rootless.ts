/**
 * `tsip rootless`: the process that keeps a user's namespaces for `--rootless`, which calls start as they need it. The
 * original has no such object.
 */
import { readFileSync } from 'node:fs';
import { errnoOf, SystemError } from '../../kernel/system/errors.ts';
import { ESRCH } from '../../linux/errno.ts';
import type { NamespaceProcess } from '../../namespaces/inventory/processes.ts';
import { readDirectory } from '../../namespaces/named.ts';
import { RootlessError, type RootlessFolder, rootlessFolder } from '../../namespaces/rootless/folder.ts';
import {
  endHolder,
  type Holder,
  isAlive,
  processesInside,
  recordedHolder,
  startIfAbsent,
} from '../../namespaces/rootless/holder.ts';
import { type Args, EXIT_FAILURE, EXIT_USAGE, UsageError } from '../../schema/args.ts';
import type { Output } from '../../schema/output.ts';
import { visible } from '../../wire/visible.ts';
import type { Command } from '../frame/command.ts';
import type { Context } from '../frame/context.ts';
import { signalNumber } from '../frame/signal.ts';

const USAGE = `\
Usage: ip [ -json ] rootless [ status ]
       ip rootless start [ --ids { one | many } ]
       ip rootless stop [ --kill[=SIGNAL] ]

'tsip --rootless OBJECT ...' works in network namespaces of your own, without root. A process keeps
them between calls; it is started by the first one. status prints what there is, with exit code 1 if
there is nothing; stop ends the process, and with --kill the programs inside first.`;

const SIGTERM = 15;

type Action = (args: Args, context: Context) => number;

const ACTIONS: Readonly<Record<string, Action>> = { status, start, stop };

export const rootless: Command = (args, context) => {
  const word = args.done ? 'status' : args.next();
  if (word === 'help' || word === '--help') {
    context.sink.write(`${USAGE}\n`);
    return 0;
  }
  const action = Object.hasOwn(ACTIONS, word) ? ACTIONS[word]! : wrong(word);
  try {
    return action(args, context);
  } catch (error) {
    if (!(error instanceof RootlessError)) throw error;
    context.complain(`tsip rootless: ${error.message}`);
    return EXIT_FAILURE;
  }
};

/** What may come after `before`. */
export function rootlessCandidates(before: readonly string[]): readonly string[] {
  const [action] = before;
  if (action === undefined) return [...Object.keys(ACTIONS), 'help'];
  if (action === 'stop' && before.length === 1) return ['--kill'];
  if (action === 'start') return before.length === 1 ? ['--ids'] : before.length === 2 ? ['one', 'many'] : [];
  return [];
}

function wrong(word: string): never {
  throw new UsageError(`rootless: "${word}" is not known here.\n${USAGE}`, EXIT_USAGE);
}

function endOf(args: Args): void {
  if (!args.done) wrong(args.next());
}

function start(args: Args, context: Context): number {
  let ids: 'one' | 'many' | undefined;
  if (!args.done && args.peek() === '--ids') {
    args.skip();
    const word = args.done ? '' : args.next();
    if (word !== 'one' && word !== 'many') wrong(word === '' ? '--ids' : word);
    ids = word;
  }
  endOf(args);
  const started = startIfAbsent(rootlessFolder(true)!, ids, line =>
    context.complain(`tsip rootless: ${line}`),
  );
  if (started === undefined) context.complain('The namespaces are there already.');
  return 0;
}

function stop(args: Args, context: Context): number {
  let signal: number | undefined;
  if (!args.done) {
    const word = args.next();
    const [, given] = /^--kill(?:=(.*))?$/s.exec(word) ?? wrong(word);
    signal = given === undefined ? SIGTERM : (signalNumber(given) ?? wrong(word));
  }
  endOf(args);
  const folder = rootlessFolder(false);
  const holder = livingHolder(folder);
  if (folder === undefined || holder === undefined) {
    context.complain('There are no namespaces of --rootless.');
    return EXIT_FAILURE;
  }
  const inside = processesInside(holder);
  if (inside.length > 0 && signal === undefined) {
    const programs = inside.map(({ pid, command }) => `${command}[${pid}]`).join(' ');
    context.complain(
      `${programs} ${inside.length === 1 ? 'is' : 'are'} inside; --kill ends ${inside.length === 1 ? 'it' : 'them'}.`,
    );
    return EXIT_FAILURE;
  }
  for (const { pid } of inside) kill(pid, signal!, context);
  endHolder(folder);
  return 0;
}

function kill(pid: number, signal: number, context: Context): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno !== ESRCH) context.complain(new SystemError(`Cannot end process ${pid}`, errno).message);
  }
}

function status(args: Args, context: Context): number {
  endOf(args);
  const folder = rootlessFolder(false);
  const holder = livingHolder(folder);
  if (folder === undefined || holder === undefined) {
    if (context.isJson) showData(undefined, context);
    else context.textOutput().text('not running\n');
    return EXIT_FAILURE;
  }
  const state: State = {
    holder,
    folder,
    users: idsOf(holder, 'uid_map'),
    groups: idsOf(holder, 'gid_map'),
    namespaces: namesIn(folder),
    processes: processesInside(holder),
  };
  if (context.isJson) showData(state, context);
  else showText(state, context);
  return 0;
}

function livingHolder(folder: RootlessFolder | undefined): Holder | undefined {
  const holder = folder === undefined ? undefined : recordedHolder(folder);
  return holder !== undefined && isAlive(holder) ? holder : undefined;
}

interface State {
  readonly holder: Holder;
  readonly folder: RootlessFolder;
  readonly users: readonly Ids[];
  readonly groups: readonly Ids[];
  readonly namespaces: readonly string[];
  readonly processes: readonly NamespaceProcess[];
}

/** A line of a map of ids. */
interface Ids {
  readonly inside: number;
  readonly outside: number;
  readonly count: number;
}

function idsOf({ pid }: Holder, file: 'uid_map' | 'gid_map'): readonly Ids[] {
  return readFileSync(`/proc/${pid}/${file}`, 'latin1')
    .trimEnd()
    .split('\n')
    .map(line => {
      const [inside = 0, outside = 0, count = 0] = line.trim().split(/ +/).map(Number);
      return { inside, outside, count };
    });
}

function namesIn({ names }: RootlessFolder): readonly string[] {
  try {
    return readDirectory(names).sort();
  } catch {
    return [];
  }
}

function showText({ holder, folder, users, groups, namespaces, processes }: State, context: Context): void {
  const out = context.textOutput();
  const programs = processes.map(({ pid, command }) => `${command}[${pid}]`);
  out.text(`running: process ${holder.pid}\n`);
  out.text(`directory: ${visible(folder.path)}\n`);
  out.text(`users: ${users.map(idText).join(', ')}\n`);
  out.text(`groups: ${groups.map(idText).join(', ')}\n`);
  out.text(`namespaces: ${visible(namespaces.join(' ') || 'none')}\n`);
  out.text(`programs: ${visible(programs.join(' ') || 'none')}\n`);
}

function idText({ inside, outside, count }: Ids): string {
  if (count === 1) return `${inside} is ${outside} outside`;
  return `${inside}-${inside + count - 1} are ${outside}-${outside + count - 1}`;
}

function showData(state: State | undefined, context: Context): void {
  const out = context.output();
  out.list();
  out.open();
  out.data('running', state !== undefined);
  if (state !== undefined) {
    out.data('pid', state.holder.pid);
    out.data('directory', state.folder.path);
    showIds('users', state.users, out);
    showIds('groups', state.groups, out);
    out.words('namespaces', state.namespaces, '');
    out.list('programs');
    for (const { pid, command } of state.processes) {
      out.open();
      out.data('pid', pid);
      out.data('command', command);
      out.close();
    }
    out.end();
  }
  out.close();
  out.end();
}

function showIds(key: string, ids: readonly Ids[], out: Output): void {
  out.list(key);
  for (const { inside, outside, count } of ids) {
    out.open();
    out.data('inside', inside);
    out.data('outside', outside);
    out.data('count', count);
    out.close();
  }
  out.end();
}
