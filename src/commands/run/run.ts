/**
 * `tsip run`: a command inside which every call of ip, nsenter and unshare is made by this process. The original has no such
 * object.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setVariable } from '../../kernel/system/environment.ts';
import { nativeFolder, packageRoot } from '../../kernel/system/native.ts';
import { STDERR } from '../../linux/descriptors.ts';
import { type Args, EXIT_USAGE } from '../../schema/args.ts';
import { encodeText } from '../../wire/text.ts';
import type { Context } from '../frame/context.ts';
import { bindPrograms } from './bind.ts';
import type { RunIp } from './call.ts';
import { endAs, runCommand } from './child.ts';
import { Engine, type EngineOptions, type MadeCall } from './engine.ts';
import { type RunOptions, readRunOptions, runHelp, WrongRunOption } from './options.ts';
import type { Recorder } from './record.ts';
import { type Inventory, Summary, traceOf } from './report.ts';
import { shellCommand } from './shell.ts';

/** The folder with the programs under the names of the originals. */
const programs = () => join(nativeFolder(), 'run');

/** Runs `tsip run ...`. Calls of ip are made by `runIp`. */
export async function run(args: Args, context: Context, runIp: RunIp): Promise<number> {
  try {
    const options = readRunOptions(args.rest);
    if (options === undefined) {
      context.sink.write(await runHelp());
      return 0;
    }
    return await runWith(options, context, runIp);
  } catch (error) {
    if (!(error instanceof WrongRunOption)) throw error;
    context.complain(`ip run: ${error.message}\nTry "ip run --help".`);
    return EXIT_USAGE;
  }
}

async function runWith(options: RunOptions, context: Context, runIp: RunIp): Promise<number> {
  const trace = reportTo(options.traceTo, options.trace || options.dryRun);
  const report = reportTo(options.summaryTo, options.summary);
  const summary = new Summary();
  const lab = reportTo(options.record, false);
  const recorder = lab === undefined ? undefined : await beginRecord();
  const before = report === undefined ? undefined : await inventory();
  const onCall = (call: MadeCall) => {
    summary.add(call);
    trace?.write(traceOf(call, context.isJson));
  };
  if (options.bind) bindPrograms(programs());
  const engine = new Engine({
    runIp,
    ...(trace === undefined ? {} : { observe: await observer(options) }),
    ...(trace === undefined && report === undefined ? {} : { onCall }),
  });
  try {
    setVariable('TSIP_RUN', engine.variable(packageRoot()));
    setVariable('PATH', `${programs()}:${process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'}`);
    context.giveTerminalAway();
    const end = await runCommand(options.command.length > 0 ? options.command : shellCommand(), 'tsip run');
    engine.close();
    if (before !== undefined) report?.write(summary.text(before, await inventory(), context.isJson));
    if (options.record !== undefined && recorder !== undefined) {
      const { text, lost } = await recorder.end(options.record);
      lab?.write(text);
      for (const line of lost) context.complain(`not carried over: ${line}`);
    }
    return endAs(end);
  } finally {
    engine.close();
    trace?.close();
    report?.close();
    lab?.close();
  }
}

/** What there is; loaded only for a summary. */
async function inventory(): Promise<Inventory> {
  return (await import('./inventory.ts')).readInventory();
}

/** Loaded only for a record: a lab knows all objects. */
async function beginRecord(): Promise<Recorder> {
  return (await import('./record.ts')).Recorder.begin();
}

/** Reports what calls send, or with `dryRun` what they would send. Loaded only for that: it knows all messages. */
async function observer({ dryRun }: RunOptions): Promise<NonNullable<EngineOptions['observe']>> {
  const { observed } = await import('../../trace/observe.ts');
  const options = { trace: !dryRun, dryRun };
  return print => kernel => observed(kernel, options, print);
}

interface Report {
  write(text: string): void;
  close(): void;
}

/** Where a report goes: into a file, or if it is wanted without one to standard error. */
function reportTo(file: string | undefined, isWanted: boolean): Report | undefined {
  if (file === undefined && !isWanted) return undefined;
  const descriptor = file === undefined ? STDERR : openReport(file);
  return {
    write: text => {
      writeSync(descriptor, encodeText(text));
    },
    close: () => {
      if (descriptor !== STDERR) closeSync(descriptor);
    },
  };
}

function openReport(file: string): number {
  try {
    return openSync(encodeText(file), 'w');
  } catch (error) {
    throw new WrongRunOption(
      `${file}: ${(error as Error).message.replace(/^\w+: /, '').replace(/,.*/s, '')}`,
    );
  }
}
