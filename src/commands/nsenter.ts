/** The program `tsnsenter`: runs a program in namespaces of other processes. */
import { existsSync, statSync } from 'node:fs';
import { errnoOf, strerror } from '../kernel/system/errors.ts';
import { enterPlan, type Look } from '../namespaces/plans/enter.ts';
import { NSENTER_OPTIONS, readNsenterOptions } from './enter/nsenter-options.ts';
import { type Program, runProgram } from './enter/program.ts';

const SUMMARY = `Runs a program, or else your login shell, in namespaces of other processes.
A namespace option names a FILE (--net=FILE, -nFILE) or an identity number (--net=:ID, -n:ID);
without that it takes the namespace of the target process.`;

/** What nsenter does with its command line. */
export const nsenter: Program = {
  name: 'nsenter',
  page: 'tsnsenter(1)',
  summary: SUMMARY,
  groups: ['Target', 'Namespaces', 'Identity', 'Surroundings', 'Information'],
  options: NSENTER_OPTIONS,
  makePlan: ({ name, words }, early, pid) =>
    enterPlan(readNsenterOptions(name, words, early, hasSelinux), pid, look),
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
