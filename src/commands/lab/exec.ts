/** `tsip lab exec`: a command in one node, in place of this process, or in several, each line with its node. */

import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { NamedLab } from '../../lab/lab.ts';
import { spawnIn, withFiles } from '../../lab/program.ts';
import { netnsExecPlan } from '../../namespaces/plans/named-plan.ts';
import { programSteps } from '../../namespaces/plans/program-steps.ts';
import type { Context } from '../frame/context.ts';
import { compileGlob } from '../grammar/glob.ts';
import { type LabOptions, WrongLabOption } from './options.ts';
import { EXIT } from './report.ts';
import { appliedLab } from './source.ts';

/** What shells add to the number of a signal that ended a program. */
const SIGNALLED = 128;

/** Runs the command after `--` in the nodes named. */
export async function exec(options: LabOptions, context: Context): Promise<number> {
  const { lab } = appliedLab(options.lab, context);
  const nodes = chosen(options, lab.nodes());
  if (options.command.length === 0)
    throw new WrongLabOption('a command is missing: exec LAB NODE... -- COMMAND');
  const [only] = nodes;
  if (nodes.length === 1 && options.timeout === undefined)
    return become(lab, only!, options.command, context);
  return runInAll(lab, nodes, options, context);
}

/** The nodes that words name, which may be patterns. */
function chosen({ nodes: words, all }: LabOptions, known: readonly string[]): string[] {
  if (all) return [...known];
  if (words.length === 0) throw new WrongLabOption('name nodes, or --all');
  const found = new Set<string>();
  for (const word of words) {
    const matches = known.filter(compileGlob(word));
    if (matches.length === 0)
      throw new RangeError(`no node is called "${word}": there are ${known.join(', ')}`);
    for (const node of matches) found.add(node);
  }
  return [...found];
}

/** Replaces this process by the command. */
function become(lab: NamedLab, node: string, command: readonly string[], context: Context): number {
  const plan = netnsExecPlan(lab.store.nameOf(node), [], command);
  const entering = plan.steps.filter(({ step }) => step !== 'exec');
  const steps = [...withFiles(entering, lab.files(node)), ...programSteps(command)];
  context.giveTerminalAway();
  return context.kernel.plans.exec({ program: 'tsip lab', failure: EXIT.wrong, steps }, ['tsip', 'lab']);
}

async function runInAll(
  lab: NamedLab,
  nodes: readonly string[],
  options: LabOptions,
  context: Context,
): Promise<number> {
  const codes = new Map<string, number>();
  const waiting = [...nodes];
  const width = Math.max(...nodes.map(node => node.length));
  const work = async () => {
    for (let node = waiting.shift(); node !== undefined; node = waiting.shift())
      codes.set(
        node,
        await runIn(lab, node, nodes.length > 1 ? `${node.padEnd(width)} | ` : '', options, context),
      );
  };
  await Promise.all(Array.from({ length: Math.min(options.parallel, nodes.length) }, work));
  const failed = nodes.filter(node => codes.get(node) !== 0);
  if (nodes.length > 1)
    for (const node of failed) context.complain(`${node.padEnd(width)}   exit code ${codes.get(node)}`);
  return failed.length === 0 ? EXIT.done : codes.get(failed[0]!)!;
}

async function runIn(
  lab: NamedLab,
  node: string,
  prefix: string,
  { command, timeout }: LabOptions,
  context: Context,
): Promise<number> {
  const child = spawnIn(lab.place(node), command, {
    stdio: [prefix === '' ? 'inherit' : 'ignore', 'pipe', 'pipe'],
  });
  printLines(child.stdout!, prefix, text => {
    context.sink.write(text);
    context.sink.flush();
  });
  printLines(child.stderr!, prefix, text => context.streams.writeError(text));
  let isOver = false;
  const timer =
    timeout === undefined
      ? undefined
      : setTimeout(() => {
          isOver = true;
          child.kill('SIGKILL');
        }, timeout);
  const code = await endOf(child);
  clearTimeout(timer);
  return isOver ? EXIT.timeout : code;
}

/** Prints what a stream yields, line by line. */
function printLines(stream: NodeJS.ReadableStream, prefix: string, print: (text: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const line of lines) print(`${prefix}${line}\n`);
  });
  stream.on('end', () => rest !== '' && print(`${prefix}${rest}\n`));
}

/** The exit code of a child, as shells report it. */
export function endOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? SIGNALLED + constants.signals[signal!]));
  });
}
