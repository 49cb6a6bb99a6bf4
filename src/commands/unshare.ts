/** The program `tsunshare`: runs a program in new namespaces. */
import { unsharePlan } from '../namespaces/plans/unshare.ts';
import { type Program, runProgram } from './enter/program.ts';
import { readUnshareOptions, UNSHARE_OPTIONS } from './enter/unshare-options.ts';

const SUMMARY = `Runs a program, or else your login shell, in new namespaces.
A long namespace option may name a FILE (--net=FILE) that keeps the namespace when the program has ended.`;

/** What unshare does with its command line. */
export const unshare: Program = {
  name: 'unshare',
  page: 'tsunshare(1)',
  summary: SUMMARY,
  groups: ['Namespaces', 'Processes', 'Files', 'Users', 'Clocks', 'Information'],
  options: UNSHARE_OPTIONS,
  makePlan({ name, words }, _early, pid) {
    const caller = { pid, user: process.geteuid!(), group: process.getegid!() };
    return unsharePlan(readUnshareOptions(name, words, caller), caller);
  },
};

/** Runs the program with the words it was called with. */
export function run(): Promise<undefined> {
  return runProgram(unshare);
}
