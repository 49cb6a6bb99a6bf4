/** A child process run to its end. */

import type { ChildProcess } from 'node:child_process';
import { types } from 'node:util';
import { SystemError } from '../kernel/system/errors.ts';
import { ENOBUFS } from '../linux/errno.ts';
import { PASSED, type PassedSpawnOptions } from './spawn.ts';
import { ArgumentError, show } from './values/argument.ts';
import { integer, type Shape, text } from './values/shape.ts';

/** As of child_process.execFile. */
const MAX_BUFFER = 1024 * 1024;

/** How a program is run to its end. */
export interface ExecOptions extends Omit<PassedSpawnOptions, 'stdio' | 'detached'> {
  /** Working directory of the program. */
  readonly cwd?: string | undefined;
  /** What it reads from standard input; nothing when left out. */
  readonly input?: string | Uint8Array | undefined;
  /** How many bytes it may write to each of both outputs, 1 MiB when left out; at more it is killed. */
  readonly maxBuffer?: number | undefined;
}

const { stdio: _stdio, detached: _detached, ...passed } = PASSED;

/** The options of a program that is run to its end. */
export const EXEC: Shape<ExecOptions> = {
  ...passed,
  cwd: text,
  input(argument, value) {
    if (typeof value === 'string' || types.isUint8Array(value)) return value;
    throw new ArgumentError(argument, `${show(value)} is neither a text nor bytes`);
  },
  maxBuffer: integer(0, Number.MAX_SAFE_INTEGER),
};

/** What a program wrote, as UTF-8. */
export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that ended otherwise than with exit code 0. */
export class ExecError extends Error implements ExecResult {
  /** Exit code; null if a signal ended it. */
  readonly code: number | null;
  /** Name of the signal that ended it, like `SIGTERM`. */
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;

  /** `command` is the program and its arguments. */
  constructor(
    command: readonly string[],
    end: Pick<ExecError, 'code' | 'signal'>,
    { stdout, stderr }: ExecResult,
  ) {
    const how = end.signal === null ? `ended with exit code ${end.code}` : `was ended by ${end.signal}`;
    const words = stderr.trim();
    super(`"${command.join(' ')}" ${how}${words === '' ? '' : `: ${words}`}`);
    this.name = 'ExecError';
    this.code = end.code;
    this.signal = end.signal;
    this.stdout = stdout;
    this.stderr = stderr;
  }
}

/** Gathers what a child with pipes writes, up to its end. Rejects with {@link ExecError}. */
export function gather(
  child: ChildProcess,
  command: readonly string[],
  { input, maxBuffer = MAX_BUFFER }: Pick<ExecOptions, 'input' | 'maxBuffer'>,
): Promise<ExecResult> {
  return new Promise((resolve, reject) => {
    const outputs = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    for (const name of ['stdout', 'stderr'] as const) {
      let length = 0;
      child[name]!.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > maxBuffer) {
          child.kill('SIGKILL');
          reject(new SystemError(`${name} of "${command[0]}" is longer than ${maxBuffer} bytes`, ENOBUFS));
        } else {
          outputs[name].push(chunk);
        }
      });
    }
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const [stdout, stderr] = [outputs.stdout, outputs.stderr].map(chunks =>
        Buffer.concat(chunks).toString(),
      );
      const result = { stdout: stdout!, stderr: stderr! };
      if (code === 0) resolve(result);
      else reject(new ExecError(command, { code, signal }, result));
    });
    // A program that does not read its input ends without having done so.
    child.stdin!.on('error', () => undefined);
    child.stdin!.end(input);
  });
}
