/** What `tsip lab` prints: plans, failures, and the exit codes that they have. Source: tsip-lab(8). */

import { SystemError } from '../../kernel/system/errors.ts';
import type { Action, Change, Foreign } from '../../lab/change.ts';
import { ApplyError, describe } from '../../lab/engine.ts';
import { StepError } from '../../lab/execute.ts';
import { LabFileError } from '../../lab/format/problems.ts';
import { LabTakenError } from '../../lab/lab.ts';
import { NotReadyError } from '../../lab/services.ts';
import { LabBusyError } from '../../lab/state.ts';
import { EACCES, EPERM } from '../../linux/errno.ts';
import { visible } from '../../wire/visible.ts';
import type { Context } from '../frame/context.ts';
import { WrongLabOption } from './options.ts';

export const EXIT = {
  done: 0,
  wrong: 1,
  changes: 2,
  undone: 3,
  leftovers: 4,
  notReady: 5,
  busy: 6,
  timeout: 124,
} as const;

const SIGNS: Readonly<Record<Action, string>> = { create: '+', change: '~', replace: '-/+', destroy: '-' };
const COLUMN = 4;

/** Changes without those that follow from others. */
export function listed(changes: readonly Change[]): readonly Change[] {
  return changes.filter(({ isPart, action }) => isPart !== true || action !== 'create');
}

/** One line of a plan. */
export function changeLine(change: Change): string {
  return `${SIGNS[change.action].padStart(COLUMN - 1)} ${visible(describe(change))}`;
}

/** Something that is not the lab's. */
export function foreignLine(foreign: Foreign): string {
  return `${'?'.padStart(COLUMN - 1)} ${visible(describe(foreign))}`;
}

/** How many of each. */
export function summaryLine(title: string, all: readonly Change[]): string {
  const changes = listed(all);
  const count = (...actions: readonly Action[]) =>
    changes.filter(({ action }) => actions.includes(action)).length;
  return `${title}: ${count('create', 'replace')} to add, ${count('change')} to change, ${count('destroy', 'replace')} to destroy.`;
}

/** A change for programs. */
export function changeData({ action, node, kind, name, reasons, place }: Change) {
  return { action, node, kind, name, reasons, ...(place === undefined ? {} : { at: place }) };
}

/** How many of each, for programs. */
export function summaryData(changes: readonly Change[]) {
  const count = (wanted: Action) => changes.filter(({ action }) => action === wanted).length;
  return {
    create: count('create'),
    change: count('change'),
    replace: count('replace'),
    destroy: count('destroy'),
  };
}

/** Prints a document. */
export function printJson(context: Context, value: unknown): void {
  context.sink.write(`${JSON.stringify(value, undefined, context.options.pretty > 0 ? 2 : undefined)}\n`);
}

/** Prints why a verb failed; returns its exit code. */
export function reportFailure(error: unknown, context: Context, isJson: boolean): number {
  const failure = failureOf(error);
  if (isJson) context.complain(JSON.stringify({ error: failure.data }));
  else context.complain(failure.text);
  return failure.exitCode;
}

interface LabFailure {
  readonly text: string;
  readonly exitCode: number;
  readonly data: object;
}

function failureOf(error: unknown): LabFailure {
  if (error instanceof LabFileError) {
    const problems = error.problems.map(({ message, path, place }) => ({
      message,
      path,
      ...(place && { at: place }),
    }));
    return { text: error.message, exitCode: EXIT.wrong, data: { kind: 'file', problems } };
  }
  if (error instanceof WrongLabOption)
    return {
      text: `${error.message}\nTry "ip lab --help".`,
      exitCode: EXIT.wrong,
      data: plain('usage', error),
    };
  if (error instanceof ApplyError) return applyFailure(error);
  if (error instanceof NotReadyError)
    return { text: error.message, exitCode: EXIT.notReady, data: plain('not ready', error) };
  if (error instanceof LabBusyError || error instanceof LabTakenError) {
    const hint = error instanceof LabTakenError ? '\nAnother name (--name NAME) makes another lab.' : '';
    return { text: `${error.message}${hint}`, exitCode: EXIT.busy, data: plain('busy', error) };
  }
  if (error instanceof StepError)
    return {
      text: error.message,
      exitCode: EXIT.undone,
      data: { ...plain('apply', error), leftovers: [], change: changeData(error.change) },
    };
  if (error instanceof SystemError)
    return {
      text: withHint(error.message, error.errno),
      exitCode: EXIT.undone,
      data: plain('system', error),
    };
  if (error instanceof RangeError)
    return { text: error.message, exitCode: EXIT.wrong, data: plain('name', error) };
  throw error;
}

function applyFailure(error: ApplyError): LabFailure {
  const { leftovers, cause } = error;
  const isForbidden = cause instanceof StepError && (cause.code === 'EPERM' || cause.code === 'EACCES');
  const isAborted = cause instanceof Error && cause.name === 'AbortError';
  const foreseen =
    cause instanceof StepError ||
    cause instanceof SystemError ||
    isAborted ||
    /^the kernel does not keep/.test(error.message);
  if (!foreseen) throw cause;
  const lines = [isAborted ? 'interrupted' : withHint(error.message, isForbidden ? EPERM : 0)];
  if (leftovers.length === 0) lines.push('Everything is as it was before.');
  else lines.push('Left as it is:', ...leftovers.map(leftover => `    ${leftover}`));
  return {
    text: lines.join('\n'),
    exitCode: leftovers.length === 0 ? EXIT.undone : EXIT.leftovers,
    data: {
      ...plain('apply', error),
      leftovers,
      ...(cause instanceof StepError && { change: changeData(cause.change) }),
    },
  };
}

function plain(kind: string, error: Error) {
  return { kind, message: error.message };
}

function withHint(message: string, errno: number): string {
  if (errno !== EPERM && errno !== EACCES) return message;
  return `${message}\nhint: labs need root; without it, "tsip --rootless lab" makes them in namespaces of your own, and "tsip lab run --rootless" for one command`;
}
