/** The program `tsnsenter`: runs a program in namespaces of other processes. */
import { existsSync, statSync } from 'node:fs';
import { errnoOf, strerror } from '../kernel/system/errors.ts';
import { enterPlan, type Look } from '../namespaces/plans/enter.ts';
import { NSENTER_RULES, readNsenterOptions } from './enter/nsenter-options.ts';
import { type Program, runProgram } from './enter/program.ts';

/** What nsenter does with its command line. */
export const nsenter: Program = {
  name: 'nsenter',
  rules: NSENTER_RULES,
  makePlan: ({ name, words }, early, pid) =>
    enterPlan(readNsenterOptions(name, words, early, hasSelinux), pid, look),
  // What is seldom asked for must not be read at every start.
  help: async name => (await import('./enter/nsenter-help.ts')).nsenterHelp(name),
  complete: async words => (await import('./enter/nsenter-help.ts')).completeNsenter(words),
};

const look: Look = path => {
  try {
    const { dev, ino } = statSync(path);
    return { dev, ino };
  } catch (error) {
    return strerror(errnoOf(error));
  }
};

function hasSelinux(): boolean {
  return existsSync('/sys/fs/selinux/status');
}

/** Runs the program with the words it was called with. */
export function run(): Promise<undefined> {
  return runProgram(nsenter);
}
