/**
 * `tsip -all netns exec --parallel=N PROGRAM`: the program in several namespaces at once. Its lines come with the name
 * of the namespace before them; at the end a table has the statuses, with -j on standard output.
 */
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { spawnPlan } from '../../kernel/plans/child.ts';
import type { Plan } from '../../kernel/plans/plan.ts';
import { readNames } from '../../namespaces/named.ts';
import { decodeText } from '../../wire/text.ts';
import { visible } from '../../wire/visible.ts';
import type { Context } from '../frame/context.ts';

/** As shells count the status of a program that signal N killed. */
const KILLED = 128;
/** The status where a time limit ends the program. */
const EXPIRED = 124;

/** How a program has ended. */
interface End {
  readonly name: string;
  readonly status: number;
  readonly signal: NodeJS.Signals | null;
  readonly seconds: number;
  /** Whether its time was up. */
  readonly hasExpired: boolean;
}

/** Answers the worst, that is the highest, of the statuses; 0 where there is no namespace. */
export async function runAtOnce(
  { parallel, timeoutMs }: { parallel: number; timeoutMs: number | undefined },
  planFor: (name: string) => Plan,
  context: Context,
): Promise<number> {
  context.giveTerminalAway();
  const names = readNames().sort();
  const ends = new Map<string, End>();
  const running = new Set<ChildProcess>();
  const interruption = passOnInterruptions(running);
  const waiting = names.values();
  const work = async () => {
    for (const name of waiting) {
      if (interruption.signal !== undefined) return;
      const end = await run(planFor(name), running, printersOf(name, context));
      ends.set(name, { name, ...end, hasExpired: timeoutMs !== undefined && end.status === EXPIRED });
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, names.length) }, work));
  interruption.end();
  const inOrder = names.map(name => ends.get(name)).filter(end => end !== undefined);
  await report(inOrder, context);
  const worst = Math.max(0, ...inOrder.map(({ status }) => status));
  return interruption.signal === undefined ? worst : KILLED + constants.signals[interruption.signal];
}

/** Sends SIGINT and SIGTERM on to what runs; nothing more is started then. */
function passOnInterruptions(running: ReadonlySet<ChildProcess>): { signal?: NodeJS.Signals; end(): void } {
  const passOn = (signal: NodeJS.Signals) => {
    interruption.signal = signal;
    for (const child of running) child.kill(signal);
  };
  const interruption: { signal?: NodeJS.Signals; end(): void } = {
    end: () => {
      process.off('SIGINT', passOn).off('SIGTERM', passOn);
    },
  };
  process.on('SIGINT', passOn).on('SIGTERM', passOn);
  return interruption;
}

/** Where the lines of a program go. */
interface Printers {
  readonly prefix: string;
  out(text: string): void;
  error(text: string): void;
}

function printersOf(name: string, context: Context): Printers {
  const error = (text: string) => context.streams.writeError(text);
  const out = (text: string) => {
    context.sink.write(text);
    context.sink.flush();
  };
  return { prefix: `${visible(name)}: `, error, out: isDocument(context) ? error : out };
}

async function run(
  plan: Plan,
  running: Set<ChildProcess>,
  { prefix, out, error }: Printers,
): Promise<Pick<End, 'status' | 'signal' | 'seconds'>> {
  const begin = performance.now();
  const child = spawnPlan(plan, 'ip', { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  const ended = new Promise<readonly [number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', reject).once('close', (status, signal) => resolve([status, signal]));
  });
  const [[status, signal]] = await Promise.all([
    ended,
    copyLines(child.stdout!, prefix, out),
    copyLines(child.stderr!, prefix, error),
  ]);
  running.delete(child);
  const number = signal === null ? (status ?? 1) : KILLED + constants.signals[signal];
  return { status: number, signal, seconds: (performance.now() - begin) / 1000 };
}

/** Standard output is for the document about the statuses alone. */
function isDocument(context: Context): boolean {
  return context.isJson || context.strict !== undefined;
}

const NEWLINE = 0x0a;
/** A line that is longer is written in pieces. */
const LONGEST_LINE = 65_536;

/** Writes each line with a prefix; the last one gets the newline that it may lack. */
async function copyLines(stream: Readable, prefix: string, write: (text: string) => void): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of stream) {
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let text = '';
    let start = 0;
    for (;;) {
      const newline = rest.indexOf(NEWLINE, start);
      const isWhole = newline >= 0;
      if (!isWhole && rest.length - start < LONGEST_LINE) break;
      const end = isWhole ? newline : rest.length;
      text += `${prefix}${decodeText(rest.subarray(start, end))}\n`;
      start = isWhole ? newline + 1 : end;
    }
    rest = rest.subarray(start);
    if (text !== '') write(text);
  }
  if (rest.length > 0) write(`${prefix}${decodeText(rest)}\n`);
}

/** Prints how the programs have ended: as a document, or as a table on standard error. */
async function report(ends: readonly End[], context: Context): Promise<void> {
  if (isDocument(context)) {
    const out = context.output();
    out.list();
    for (const { name, status, signal, seconds, hasExpired } of ends) {
      out.open();
      out.field('name', name, visible(name));
      out.data('status', status);
      if (signal !== null) out.data('signal', signal);
      out.data('expired', hasExpired);
      out.data('seconds', Number(seconds.toFixed(3)));
      out.close();
    }
    out.end();
    return;
  }
  if (ends.length === 0) return;
  const column = (heading: string, textOf: (end: End) => string) => ({
    heading,
    cells: ends.map(end => ({ lines: [textOf(end)] })),
  });
  // Tables need a package.
  const { tableText } = await import('../../output/columns.ts');
  const table = tableText(
    [
      column('NAMESPACE', ({ name }) => visible(name)),
      column('STATUS', statusText),
      column('SECONDS', ({ seconds }) => seconds.toFixed(1)),
    ],
    undefined,
    undefined,
  );
  context.streams.writeError(table);
}

function statusText({ status, signal, hasExpired }: End): string {
  if (signal !== null) return `${status} (${signal})`;
  return hasExpired ? `${status} (time limit)` : String(status);
}
