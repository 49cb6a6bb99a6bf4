/**
 * What nsenter and unshare have in common: a program that makes a plan of its command line and becomes it. Also
 * what goes wrong on the way is reported by a plan, because files that earlier options name are opened before.
 * Options are read by getopt.ts alone: yargs would take `-n ip` for `--net=ip`, and most of the start-up time.
 */

import { writeSync } from 'node:fs';
import { systemKernel } from '../../kernel/kernel.ts';
import { type PlanRunner, systemPlans } from '../../kernel/plans/exec.ts';
import type { Plan, Step } from '../../kernel/plans/plan.ts';
import { STDERR, STDOUT } from '../../linux/descriptors.ts';
import { encodeText } from '../../wire/text.ts';
import { COMPLETION_OPTION } from '../completion/answer.ts';
import { type CommandLine, commandLine } from '../frame/command-line.ts';
import { ProcessStreams, type Streams } from '../frame/streams.ts';
import { hintsEnabled } from '../hints/enabled.ts';
import { CommandLineError, InformationRequest } from './command-line-error.ts';
import { OptionError, readOptions } from './getopt.ts';
import type { ProgramTexts } from './help.ts';

/** The version that we stand in for; scripts read it. */
const VERSION = 'util-linux 2.42.4';

export interface Program extends ProgramTexts {
  /** Name of the original. */
  readonly name: string;
  /**
   * Makes the plan for the process `pid`. Puts into `early` the steps that happen while options are read, so that they come before
   * a complaint about a later one. Throws {@link OptionError}, {@link CommandLineError}, {@link InformationRequest}.
   */
  makePlan(line: CommandLine, early: Step[], pid: number): Plan;
}

/** Runs a program: this process becomes another, or ends. */
export async function runProgram(program: Program): Promise<undefined> {
  const line = commandLine(program.name);
  if (line.words[0] === COMPLETION_OPTION) {
    // What is seldom asked for must not be read at every start.
    await (await import('./completion.ts')).completeOptions(line.words.slice(1), program);
    return;
  }
  const { plan, operands, isComplaint } = await planOf(program, line, process.pid);
  const plans = isComplaint ? systemPlans : await planRunner(program, line);
  if (!isComplaint)
    await giveHint(plan, line.words.slice(0, line.words.length - operands), new ProcessStreams());
  try {
    process.exit(plans.exec(plan, [line.name, ...line.words.slice(0, line.words.length - operands)]));
  } catch (error) {
    writeSync(STDERR, encodeText(`${line.name}: ${(error as Error).message}\n`));
    process.exit(1);
  }
}

/** Prints what will stop the plan, where people read: afterwards this process is another one. */
export async function giveHint(plan: Plan, words: readonly string[], streams: Streams): Promise<void> {
  if (!hintsEnabled(false, streams)) return;
  const { enteringHint } = await import('../hints/entering.ts');
  const { systemView } = await import('../hints/system-view.ts');
  const text = enteringHint(plan, words, systemView(systemKernel));
  if (text !== undefined) streams.writeError(`hint: ${text}\n`);
}

/** Runs the plan, or prints it if the options ask for that, which operands may only seem to do. */
async function planRunner({ options }: Program, { words }: CommandLine): Promise<PlanRunner> {
  if (!words.some(word => word === '--trace' || word === '--dry-run')) return systemPlans;
  const given = new Set([...readOptions(words, options)].map(({ name }) => name));
  const print = (lines: readonly string[]) => {
    writeSync(STDERR, encodeText(`${lines.join('\n')}\n`));
  };
  if (given.has('dry-run')) return (await import('../../trace/dry-run.ts')).dryRunPlans(print);
  if (given.has('trace')) return (await import('../../trace/traced.ts')).tracedPlans(systemPlans, print);
  return systemPlans;
}

/** The plan of a process, and how many of the line's words are the command that it ends with. */
export async function planOf(
  program: Program,
  line: CommandLine,
  pid: number,
): Promise<{ plan: Plan; operands: number; isComplaint: boolean }> {
  const early: Step[] = [];
  try {
    const plan = program.makePlan(line, early, pid);
    const last = plan.steps.at(-1);
    return { plan, operands: last?.step === 'exec' ? last.argv.length : 0, isComplaint: false };
  } catch (error) {
    const steps = [...early, ...(await insteadOfPlan(error, program, line))];
    return { plan: { program: line.name, failure: 1, steps }, operands: 0, isComplaint: true };
  }
}

/** The steps that report what {@link Program.makePlan} threw. Rethrows what nobody foresaw. */
async function insteadOfPlan(
  error: unknown,
  program: Program,
  { name, calledAs }: CommandLine,
): Promise<Step[]> {
  if (error instanceof OptionError)
    return sayAndExit(
      STDERR,
      `${calledAs}: ${error.message}\nTry '${name} --help' for more information.\n`,
      1,
    );
  if (error instanceof CommandLineError) return sayAndExit(STDERR, `${name}: ${error.message}\n`, 1);
  if (!(error instanceof InformationRequest)) throw error;
  return sayAndExit(
    STDOUT,
    error.subject === 'version'
      ? `${name} from ${VERSION}\n`
      : await (await import('./help.ts')).helpText(name, program),
    0,
  );
}

function sayAndExit(descriptor: number, text: string, status: number): Step[] {
  return [
    { step: 'print', descriptor, text, fails: 'write error' },
    { step: 'exit', status },
  ];
}
