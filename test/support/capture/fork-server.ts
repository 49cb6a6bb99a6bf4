/**
 * An original `ip` that is loaded once and runs as often as it is asked to (fork-server.c): to start it each time would
 * take ten times as long. Synchronous, so that tests which compare values need not wait.
 */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A run: the files that are its standard input, output and error, its words, program first, and all of its variables. */
export interface ServedRun {
  readonly files: readonly [input: string, output: string, error: string];
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** M_PERTURB of mallopt(3). */
  readonly perturb?: number | undefined;
}

const SIGNAL_BITS = 0x7f;

export class ForkServer {
  readonly #requests: number;
  readonly #answers: number;
  #status = Buffer.alloc(4);

  /** Starts `program` with the preloaded `library`. It ends with this process, or when it is closed. */
  constructor(program: string, library: string, temporary: string) {
    const folder = mkdtempSync(join(temporary, 'server-'));
    const [requests, answers] = [join(folder, 'requests'), join(folder, 'answers')];
    const made = spawnSync('mkfifo', [requests, answers]);
    if (made.status !== 0) throw new Error(`mkfifo: ${made.error ?? made.stderr}`);
    // Opened for both directions first, because to open one waits for the other.
    const held = [openSync(requests, 'r+'), openSync(answers, 'r+')];
    const theirs = [openSync(requests, 'r'), openSync(answers, 'w')] as const;
    this.#requests = openSync(requests, 'w');
    this.#answers = openSync(answers, 'r');
    const env = { LC_ALL: 'C', LD_PRELOAD: library, FORK_SERVER: '1' };
    const server = spawn(program, ['-V'], {
      stdio: ['ignore', 'ignore', 'ignore', ...theirs],
      env,
      detached: true,
    });
    server.on('error', () => {}); // then it answers nothing
    server.unref();
    for (const fd of [...held, ...theirs]) closeSync(fd);
    rmSync(folder, { recursive: true });
  }

  /** Runs once. Returns the exit code, undefined if a signal has ended it. */
  run({ files, words, env, perturb }: ServedRun): number | undefined {
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const texts = Buffer.from([...files, ...words, ...variables].map(text => `${text}\0`).join(''));
    const header = Buffer.alloc(16);
    header.writeUInt32LE(texts.length, 0);
    header.writeUInt32LE(words.length, 4);
    header.writeUInt32LE(variables.length, 8);
    header.writeInt32LE(perturb ?? -1, 12);
    writeAll(this.#requests, Buffer.concat([header, texts]));
    if (readSync(this.#answers, this.#status) !== this.#status.length)
      throw new Error(`the original does not serve: ${words.join(' ')}`);
    const status = this.#status.readInt32LE(0);
    return (status & SIGNAL_BITS) === 0 ? status >> 8 : undefined;
  }

  /** Ends the program. */
  close(): void {
    closeSync(this.#requests);
    closeSync(this.#answers);
  }
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}
