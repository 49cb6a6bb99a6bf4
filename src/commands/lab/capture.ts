/** `tsip lab capture`: packets of ends as pcapng, into a file, files that follow each other, a pipe, or a command. */

import type { ChildProcess } from 'node:child_process';
import { Capture, type CaptureSummary, headerOf } from '../../lab/capture/capture.ts';
import { type CaptureTarget, DescriptorTarget, FileTarget } from '../../lab/capture/files.ts';
import { endsOf } from '../../lab/impairment/live.ts';
import { spawnHere } from '../../lab/program.ts';
import { STDOUT } from '../../linux/descriptors.ts';
import type { Context } from '../frame/context.ts';
import { endOf } from './exec.ts';
import { chosenEnds } from './impair.ts';
import { Interruption } from './interrupt.ts';
import { type LabOptions, WrongLabOption } from './options.ts';
import { EXIT, printJson } from './report.ts';
import { appliedLab } from './source.ts';

/** As long as timers run. */
const FOREVER = 0x7fffffff;
/** Stands for the standard output. */
const PIPE = '-';

/** Captures until it is interrupted, or what the options say has come. */
export async function capture(options: LabOptions, context: Context): Promise<number> {
  const { lab, model } = appliedLab(options.lab, context);
  const { words, snap, count, command, write } = options;
  if (words.length === 0)
    throw new WrongLabOption(`name ends: there are ${endsOf(model).join(', ') || 'none'}`);
  checkTarget(options, context);
  const ends = await lab.captureEnds(model, chosenEnds(words, model));
  const release = lab.registerCapture();
  using interruption = new Interruption();
  let child: ChildProcess | undefined;
  try {
    const header = headerOf(ends, snap);
    let target: CaptureTarget;
    if (command.length > 0) {
      child = spawnHere(command, { stdio: ['pipe', 'inherit', 'inherit'] });
      target = new ChildTarget(child, header);
    } else if (write === undefined || write === PIPE) target = new DescriptorTarget(STDOUT, header);
    else
      target = new FileTarget(
        write,
        header,
        options.size === undefined ? undefined : { size: options.size, files: options.files },
      );
    const code = child === undefined ? undefined : endOf(child);
    const running = new Capture(ends, target, context.kernel, { snap, count });
    if (code === undefined) context.complain(`Capturing on ${ends.map(({ name }) => name).join(', ')}`);
    const others = [running.ended, ...(code === undefined ? [] : [code])];
    await Promise.race([interruption.wait(options.for ?? FOREVER), ...others]);
    interruption.end();
    const summary = await running.stop();
    if (code !== undefined) return await code;
    report(
      lab.name,
      ends.map(({ name }) => name),
      summary,
      options,
      context,
    );
    return EXIT.done;
  } finally {
    release();
    lab.store.release();
  }
}

function checkTarget({ write, command, size, files, json }: LabOptions, { streams }: Context): void {
  const isFile = write !== undefined && write !== PIPE;
  if (command.length > 0 && write !== undefined)
    throw new WrongLabOption('packets go to a file or to a command, not to both');
  if (command.length === 0 && !isFile && streams.isTerminal)
    throw new WrongLabOption('packets are not for a terminal: name a file by -w, or a command after --');
  if (size !== undefined && !isFile) throw new WrongLabOption('--size: there is no file');
  if (files !== undefined && size === undefined)
    throw new WrongLabOption('--files: say by --size when another file is begun');
  if (json && !isFile) throw new WrongLabOption('--json: name a file by -w');
}

function report(
  lab: string,
  ends: readonly string[],
  { packets, dropped, files }: CaptureSummary,
  { json }: LabOptions,
  context: Context,
): void {
  if (json) {
    printJson(context, { lab, ends, packets, dropped, files });
    return;
  }
  const lost = dropped === 0 ? '' : `, ${dropped} dropped`;
  const into = files.length === 0 ? '' : ` into ${files.join(', ')}`;
  context.complain(`${packets} packets${lost}${into}`);
}

/** The standard input of a command. */
class ChildTarget implements CaptureTarget {
  readonly files: readonly string[] = [];
  readonly #child: ChildProcess;
  #isRead = true;

  constructor(child: ChildProcess, header: Buffer) {
    this.#child = child;
    // It has read enough.
    child.stdin!.on('error', () => {
      this.#isRead = false;
    });
    this.write(header);
  }

  write(bytes: Buffer): boolean {
    if (this.#isRead) this.#child.stdin!.write(bytes);
    return this.#isRead;
  }

  end(bytes: Buffer): void {
    this.write(bytes);
    this.#child.stdin!.end();
  }
}
