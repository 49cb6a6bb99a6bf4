/**
 * `--strict-json`: one document on standard output for each command, and one on standard error where it fails or
 * warns. What commands say to people on standard output is left out.
 */
import { KernelError, SystemError } from '../../kernel/system/errors.ts';
import { NETLINK_ROUTE } from '../../linux/netlink.ts';
import type { Sink } from '../../output/sink.ts';
import { StrictDocument } from '../../output/strict.ts';
import { attributePath } from '../../rtnetlink/catalogue/attribute-path.ts';
import type { Output } from '../../schema/output.ts';
import type { PlaceInFile } from '../batch/place.ts';
import { CommandFailed } from './report.ts';

/** What went wrong, as it is printed; schemas/error.json describes it. */
export interface StrictError {
  /** The exit status of the command; 0 for a warning. */
  readonly code: number;
  /** The symbolic name of the error number, where one is known. */
  readonly errno?: string;
  /** What the original says, line by line. */
  readonly text: string;
  /** The attribute that the kernel refused. */
  readonly attribute?: string;
  readonly hint?: string;
  /** The line of the batch, and the column of the word that is wrong, or of the first. */
  readonly line?: number;
  readonly column?: number;
}

export class StrictReport {
  /** Text for people, which is left out. */
  readonly textSink: Sink;
  readonly #document: StrictDocument;
  readonly #sink: Sink;
  readonly #print: (text: string) => void;
  #complaints: string[] = [];
  /** The line of the batch that is being run. */
  line: number | undefined;
  /** Where in the batch the word stands that a text is about. */
  placeOf: ((text: string) => PlaceInFile | undefined) | undefined;
  /** Standard output belongs to a program, or takes a file of messages. */
  isGivenAway = false;
  /** A monitor: there are lines instead of a document. */
  isEndless = false;

  /** `print` writes to standard error. */
  constructor(sink: Sink, isPretty: boolean, print: (text: string) => void) {
    this.#sink = sink;
    this.#print = print;
    this.#document = new StrictDocument(sink, isPretty);
    this.textSink = { write: () => undefined, flush: () => sink.flush() };
  }

  get output(): Output {
    return this.#document.output;
  }

  /** Takes a line for standard error. */
  complain(text: string): void {
    this.#complaints.push(text);
  }

  /** Reports the complaints up to now, for commands that continue. */
  printWarnings(): void {
    this.#report(0, undefined, undefined);
  }

  /** Prints one line of a monitor at once, unless it turns out not to be wanted. `show` prints the object. */
  printLine(show: (out: Output) => void, isWanted = () => true): void {
    const text = objectText(show);
    this.printWarnings();
    if (!isWanted()) return;
    this.#sink.write(text);
    this.#sink.flush();
  }

  /** Ends the documents of a command. */
  finish(exitCode: number, error: unknown, hint?: string): void {
    if (!this.isGivenAway && !this.isEndless) this.#document.finish();
    this.#sink.flush();
    this.#report(exitCode, error, hint);
  }

  #report(exitCode: number, error: unknown, hint: string | undefined): void {
    const complaints = this.#complaints;
    this.#complaints = [];
    if (complaints.length === 0 && exitCode === 0) return;
    const text = complaints.join('\n').trimEnd();
    const report: StrictError = {
      code: exitCode,
      ...causeOf(error),
      text,
      ...(hint === undefined ? {} : { hint }),
      ...(this.line === undefined ? {} : { line: this.line, ...this.placeOf?.(text) }),
    };
    this.#print(`${JSON.stringify(report)}\n`);
  }
}

function causeOf(error: unknown): Pick<StrictError, 'errno' | 'attribute'> {
  const cause = error instanceof CommandFailed ? error.cause : error;
  if (cause instanceof SystemError) return { errno: cause.code };
  if (!(cause instanceof KernelError)) return {};
  const { offset } = cause.extendedAck;
  const isKnown = offset !== undefined && cause.protocol === NETLINK_ROUTE;
  const attribute = isKnown ? attributePath(cause.request, offset) : undefined;
  return { errno: cause.code, ...(attribute === undefined ? {} : { attribute }) };
}

/** The text of one object, on a separate line. */
function objectText(show: (out: Output) => void): string {
  let text = '';
  const document = new StrictDocument(
    {
      write: part => {
        text += part;
      },
      flush: () => undefined,
    },
    false,
  );
  show(document.output);
  document.finish();
  return `${text.slice(1, text.lastIndexOf(']'))}\n`;
}
