/** The program `tsunshare`: runs a program in new namespaces. */
import { unsharePlan } from '../namespaces/plans/unshare.ts';
import { type Program, runProgram } from './enter/program.ts';
import { readUnshareOptions, UNSHARE_RULES } from './enter/unshare-options.ts';

/** What unshare does with its command line. */
export const unshare: Program = {
  name: 'unshare',
  rules: UNSHARE_RULES,
  makePlan({ name, words }, _early, pid) {
    const caller = { pid, user: process.geteuid!(), group: process.getegid!() };
    return unsharePlan(readUnshareOptions(name, words, caller), caller);
  },
  // What is seldom asked for must not be read at every start.
  help: async name => (await import('./enter/unshare-help.ts')).unshareHelp(name),
  complete: async words => (await import('./enter/unshare-help.ts')).completeUnshare(words),
};

/** Runs the program with the words it was called with. */
export function run(): Promise<undefined> {
  return runProgram(unshare);
}
