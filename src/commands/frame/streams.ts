/** Standard output and standard error of a call. */
import { readSecret } from '../../kernel/system/secret.ts';
import { isWithoutEffect } from '../../kernel/system/start-record.ts';
import { isTerminal } from '../../kernel/system/terminal.ts';
import { STDERR, STDOUT } from '../../linux/descriptors.ts';
import { descriptorSink, type Sink, writeFully } from '../../output/sink.ts';
import { encodeText } from '../../wire/text.ts';

const SIGPIPE = 13;
/** The exit status that a shell reports for a program that SIGPIPE killed. */
const SIGPIPE_STATUS = 141;

/** Where a call prints. */
export interface Streams {
  readonly out: Sink;
  /** Standard output is a terminal: what is printed must not lag behind standard error. */
  readonly isTerminal: boolean;
  readonly isErrorTerminal: boolean;
  /** A variable of the environment. */
  variable(name: string): string | undefined;
  /** Waits until what has been printed is read, if there is too much of it; undefined if there is nothing to wait for. */
  drained?(): Promise<void> | undefined;
  /** Writes on standard error at once. */
  writeError(text: string): void;
  /** Prompts for a secret and reads it, where nobody sees it. */
  readSecret(prompt: string): Buffer;
  /** Called before anything is written on descriptor `fd`; a temporary line on a terminal is erased by it. */
  beforeWrite: ((fd: number) => void) | undefined;
}

/** Those of this process. */
export class ProcessStreams implements Streams {
  readonly isTerminal = isTerminal(STDOUT);
  #isErrorTerminal: boolean | undefined;
  beforeWrite: ((fd: number) => void) | undefined;
  readonly out: Sink = descriptorSink(STDOUT, endAsBrokenPipe, () => this.beforeWrite?.(STDOUT));

  get isErrorTerminal(): boolean {
    this.#isErrorTerminal ??= isTerminal(STDERR);
    return this.#isErrorTerminal;
  }

  variable(name: string): string | undefined {
    return process.env[name];
  }

  writeError(text: string): void {
    this.beforeWrite?.(STDERR);
    writeNow(STDERR, text);
  }

  readSecret(prompt: string): Buffer {
    return readSecret(prompt, writeNow);
  }
}

/** Nobody reads standard output any more. If that signal was ignored when we started, the output is only lost. */
function endAsBrokenPipe(): void {
  if (isWithoutEffect(SIGPIPE)) return;
  process.removeAllListeners('SIGPIPE');
  process.kill(process.pid, 'SIGPIPE');
  process.exit(SIGPIPE_STATUS);
}

/** Writes `text` on a descriptor at once. The original does not check whether it arrives. */
export function writeNow(descriptor: number, text: string): void {
  try {
    writeFully(descriptor, encodeText(text), endAsBrokenPipe);
  } catch {
    // A full disk or a closed descriptor.
  }
}
