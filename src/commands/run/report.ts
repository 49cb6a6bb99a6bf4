/** What `tsip run` reports: the trace of each call, and the summary at the end. */

import { visible } from '../../wire/visible.ts';
import { findObject } from '../objects.ts';
import type { MadeCall } from './engine.ts';

const SLOWEST = 5;
const MAX_FAILED = 10;

/** One call as the summary keeps it. */
interface Entry {
  readonly line: string;
  readonly kind: string;
  readonly source: string;
  readonly end: MadeCall['end'];
  readonly milliseconds: number;
}

/** What there is: devices by namespace, `red: eth0`, and names of namespaces. */
export interface Inventory {
  readonly namespaces: readonly string[];
  readonly devices: readonly string[];
}

/** A call as JSON, a line each. */
export interface TracedCall {
  readonly source: string;
  readonly program: string;
  readonly arguments: readonly string[];
  readonly exit: number | null;
  readonly milliseconds: number;
  readonly requests: readonly string[];
}

/** The trace of one call, for people or as one line of JSON. */
export function traceOf(call: MadeCall, isJson: boolean): string {
  const { request, end, milliseconds, lines } = call;
  if (isJson) {
    const traced: TracedCall = {
      source: call.source,
      program: request.calledAs,
      arguments: request.words,
      exit: typeof end === 'number' ? end : null,
      milliseconds: rounded(milliseconds),
      requests: lines,
    };
    return `${JSON.stringify(traced)}\n`;
  }
  const head = `${call.source}  ${commandLine(call)}  ${endText(end)}, ${rounded(milliseconds)} ms`;
  return [head, ...lines.map(line => `    ${line}`), ''].join('\n');
}

function commandLine({ request }: MadeCall): string {
  return [request.calledAs, ...request.words].map(quoted).join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${visible(word)}'`;
}

function endText(end: MadeCall['end']): string {
  if (end === 'started') return 'made by itself';
  return end === 'program' ? 'became the program' : `exit ${end}`;
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}

/** Counts calls. It keeps of each call what the summary shows. */
export class Summary {
  readonly #counts = new Map<string, { calls: number; milliseconds: number }>();
  #slowest: Entry[] = [];
  readonly #failed: Entry[] = [];
  #failures = 0;
  #calls = 0;
  #started = 0;

  add(call: MadeCall): void {
    const { end, milliseconds, request } = call;
    const kind = kindOf(call);
    this.#calls++;
    if (end === 'started') this.#started++;
    const count = this.#counts.get(kind) ?? { calls: 0, milliseconds: 0 };
    count.calls++;
    count.milliseconds += milliseconds;
    this.#counts.set(kind, count);
    const isFailure = typeof end === 'number' && end !== 0;
    if (isFailure) this.#failures++;
    const isSlow = this.#slowest.length < SLOWEST || milliseconds > this.#slowest.at(-1)!.milliseconds;
    if (!isSlow && !(isFailure && this.#failed.length < MAX_FAILED)) return;
    const source = call.source;
    const entry = { line: commandLine({ ...call, request }), kind, source, end, milliseconds };
    if (isFailure && this.#failed.length < MAX_FAILED) this.#failed.push(entry);
    if (isSlow)
      this.#slowest = [...this.#slowest, entry]
        .sort((one, other) => other.milliseconds - one.milliseconds)
        .slice(0, SLOWEST);
  }

  /** The summary, for people or as JSON. */
  text(before: Inventory, after: Inventory, isJson: boolean): string {
    const made = {
      namespaces: after.namespaces.filter(name => !before.namespaces.includes(name)),
      devices: after.devices.filter(name => !before.devices.includes(name)),
    };
    const kinds = [...this.#counts].sort(([, one], [, other]) => other.calls - one.calls);
    if (isJson) {
      const document = {
        calls: this.#calls,
        made_by_themselves: this.#started,
        failures: this.#failures,
        kinds: kinds.map(([kind, { calls, milliseconds }]) => ({
          kind,
          calls,
          milliseconds: rounded(milliseconds),
        })),
        slowest: this.#slowest.map(jsonOf),
        failed: this.#failed.map(jsonOf),
        left: made,
      };
      return `${JSON.stringify(document)}\n`;
    }
    const lines = [
      `${this.#calls} calls, ${this.#failures} failed, ${this.#started} made by themselves`,
      ...kinds.map(([kind, { calls, milliseconds }]) => `  ${calls} ${kind}, ${rounded(milliseconds)} ms`),
      ...section('slowest', this.#slowest.map(lineOf)),
      ...section('failed', this.#failed.map(lineOf)),
      ...section('namespaces left behind', made.namespaces.map(visible)),
      ...section('devices left behind', made.devices.map(visible)),
    ];
    return `${lines.join('\n')}\n`;
  }
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map(line => `  ${line}`)];
}

function lineOf({ source, line, end, milliseconds }: Entry): string {
  return `${source}  ${line}  ${endText(end)}, ${rounded(milliseconds)} ms`;
}

function jsonOf({ source, line, end, milliseconds }: Entry) {
  return { source, line, exit: typeof end === 'number' ? end : null, milliseconds: rounded(milliseconds) };
}

/** `link add`, `nsenter`: what a call is counted as. */
function kindOf({ request: { program, words } }: MadeCall): string {
  if (program !== 'tsip') return program.replace(/^ts/, '');
  const at = words.findIndex((word, place) => !word.startsWith('-') && !takesValue(words[place - 1]));
  const object = at < 0 ? undefined : (findObject(words[at]!)?.name ?? words[at]);
  if (object === undefined) return 'ip';
  const command = words[at + 1];
  return command === undefined ? object : `${object} ${command}`;
}

function takesValue(option: string | undefined): boolean {
  return (
    option !== undefined && /^--?(n|ne|net|netn|netns|f|fa|fam|fami|famil|family|l|rc|rcvbuf)$/.test(option)
  );
}
