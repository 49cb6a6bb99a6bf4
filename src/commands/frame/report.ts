/** How failures are reported: the exact lines for stderr and the exit code. */

import { KernelError, SystemError, strerror } from '../../kernel/system/errors.ts';
import { EXIT_FAILURE, EXIT_KERNEL, UsageError } from '../../schema/args.ts';

/** A reported failure: the text for stderr without its last newline, and how the command ends. */
export interface Failure {
  readonly text: string;
  readonly exitCode: number;
}

/** Ends a command quietly: whatever there was to say has been said. */
export class CommandFailed extends Error {
  readonly exitCode: number;

  /** `cause` is the error that has been reported. */
  constructor(exitCode: number = EXIT_FAILURE, cause?: unknown) {
    super('command failed', { cause });
    this.name = 'CommandFailed';
    this.exitCode = exitCode;
  }
}

/** Ends a batch, even a forced one, without naming the line, as some failures do in the original. */
export class BatchEnded extends CommandFailed {}

/** The kernel's refusal in iproute2's words: its own reason, or the error number's text. */
export function kernelErrorText(error: KernelError): string {
  const { reason } = error;
  return reason ? `Error: ${sentence(reason)}` : `RTNETLINK answers: ${strerror(error.errno)}`;
}

/** What the kernel says though it does as it is asked. */
export function warningText(reason: string): string {
  return `Warning: ${sentence(reason)}`;
}

/** Adds the full stop that most of the kernel's reasons lack. */
export function sentence(reason: string): string {
  return reason.endsWith('.') ? reason : `${reason}.`;
}

/** What to print and how to end for anything that a command throws. Rethrows what is neither a refusal nor a failed call. */
export function failureOf(error: unknown): Failure {
  if (error instanceof UsageError) return { text: error.message, exitCode: error.exitCode };
  if (error instanceof KernelError) return { text: kernelErrorText(error), exitCode: EXIT_KERNEL };
  if (error instanceof SystemError) return { text: error.message, exitCode: EXIT_FAILURE };
  if (error instanceof CommandFailed) return { text: '', exitCode: error.exitCode };
  const text = systemCallText(error);
  if (text === undefined) throw error;
  return { text, exitCode: EXIT_FAILURE };
}

/** What to say of a system call of Node that failed, as for want of descriptors; undefined for other errors. */
export function systemCallText(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, errno, syscall, path } = error as NodeJS.ErrnoException;
  // So does Node report a package that it has no descriptor left to read.
  if (code === 'ERR_MODULE_NOT_FOUND') return error.message.split('\n', 1)[0];
  if (typeof errno !== 'number' || syscall === undefined) return undefined;
  return `cannot ${syscall}${path === undefined ? '' : ` "${path}"`}: ${strerror(Math.abs(errno))}`;
}

/** Thrown where a call is not ended by an exit code, but handed over: to another program, or to another process. */
export class CallHandedOver extends Error {}
