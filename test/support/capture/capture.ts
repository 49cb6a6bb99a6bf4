/**
 * `ip` against a kernel that only pretends: what it asks for and what it prints, with nothing sent to the real
 * one. The original gets a preloaded library (fake-rtnetlink.c), ours a transport; both behave alike:
 * look-ups and dumps are answered from given messages, everything else is acknowledged.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Context } from '../../../src/commands/frame/context.ts';
import { defaultOptions, type GlobalOptions, parseOptions } from '../../../src/commands/frame/options.ts';
import { StrictReport } from '../../../src/commands/frame/strict-report.ts';
import { runCommand } from '../../../src/commands/ip.ts';
import { type Kernel, systemKernel } from '../../../src/kernel/kernel.ts';
import type { Transport, TransportEvents } from '../../../src/kernel/netlink/transport.ts';
import { type MemorySink, memorySink } from '../memory-sink.ts';
import { originals } from '../requirements.ts';
import { readMessage, splitMessages } from './bytes.ts';
import { buildPreload } from './preload.ts';

/** What a run asked the kernel for, and what it printed. */
export interface Recorded {
  /** All messages sent, in order. */
  readonly sent: readonly Buffer[];
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

export interface CaptureOptions {
  /** The messages that answer dumps, and look-ups besides {@link devices}. */
  readonly replies?: Buffer;
  readonly stdin?: string | Buffer;
  /** What the kernel refuses: errno by type of request. Those of `lateRefusals` are dumps, refused at their end. */
  readonly refusals?: Refusals;
  readonly lateRefusals?: Refusals;
  /** What the memory that the original allocates is filled with. */
  readonly filler?: number;
}

/** Type of request -> errno. */
export type Refusals = Readonly<Record<number, number>>;

/** Ours, of all sockets. */
const PORT = 4711;
const NLM_F_MULTI = 2;
const RTM_NEWLINK = 16;
const RTM_GETLINK = 18;
const IFLA_IFNAME = 3;
const IFLA_ALT_IFNAME = 53;

/** The devices that command lines under capture may name: index -> name. */
export const devices: Readonly<Record<number, string>> = { 1: 'lo', 10: 'eth0', 11: 'eth1', 12: 'br0' };

/** RTM_NEWLINK messages, as short as a look-up needs them, of `names`. */
export function linkMessages(names: Readonly<Record<number, string>> = devices): Buffer {
  return Buffer.concat(
    Object.entries(names).map(([index, name]) => {
      const padded = (name.length + 1 + 3) & ~3;
      const message = Buffer.alloc(32 + 4 + padded);
      message.writeUInt32LE(message.length, 0);
      message.writeUInt16LE(RTM_NEWLINK, 4);
      message.writeUInt16LE(name === 'lo' ? 772 : 1, 18);
      message.writeInt32LE(Number(index), 20);
      message.writeUInt32LE(0x11043, 24); // UP, BROADCAST, RUNNING, MULTICAST, LOWER_UP
      message.writeUInt16LE(4 + name.length + 1, 32);
      message.writeUInt16LE(IFLA_IFNAME, 34);
      message.write(name, 36, 'latin1');
      return message;
    }),
  );
}

/** Runs the original `ip` with `words`. Needs the requirement `oracle`. */
export function original(words: readonly string[], options: CaptureOptions = {}): Recorded {
  return runWith(fakeRtnetlink(), words, options);
}

function runWith(library: string, words: readonly string[], options: CaptureOptions): Recorded {
  const folder = mkdtempSync(join(tmpdir(), 'tsip-capture-'));
  try {
    const [replies, known, requests] = [
      join(folder, 'replies'),
      join(folder, 'devices'),
      join(folder, 'requests'),
    ];
    writeFileSync(replies, options.replies ?? '');
    writeFileSync(known, linkMessages());
    const result = spawnSync(join(originals(), 'ip'), words, {
      input: options.stdin ?? '',
      env: {
        LC_ALL: 'C',
        TZ: 'UTC',
        PATH: '/nowhere',
        LD_PRELOAD: library,
        FAKE_REPLIES: replies,
        FAKE_DEVICES: known,
        FAKE_REQUESTS: requests,
        FAKE_REFUSALS: refusalText(options.refusals),
        FAKE_LATE_REFUSALS: refusalText(options.lateRefusals),
        ...(options.filler === undefined ? {} : { MALLOC_PERTURB_: String(options.filler ^ 0xff) }),
      },
      maxBuffer: 1 << 28,
      timeout: 20_000,
    });
    return {
      sent: existsSync(requests) ? splitMessages(readFileSync(requests)) : [],
      stdout: result.stdout.toString('utf8'),
      stderr: result.stderr.toString('utf8'),
      status: result.status ?? 128,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function refusalText(refusals: Refusals = {}): string {
  return Object.entries(refusals)
    .map(([type, errno]) => `${type}:${errno}`)
    .join(' ');
}

/** Runs our `ip` with `words`, in this process. */
export async function ours(words: readonly string[], options: CaptureOptions = {}): Promise<Recorded> {
  const kernel = new PretendedKernel(options);
  const parsed = defaultOptions();
  const at = parseOptions(words, parsed, {
    enterNamespace() {
      throw new Error('a run under capture cannot enter a namespace');
    },
  });
  const context = new CapturedContext(parsed, kernel);
  const status = await runCommand(words.slice(at), context);
  return { sent: kernel.sent, stdout: context.printed, stderr: context.complaints, status };
}

/** Of what a run sent the messages that change something, or, if there are none, that ask for what is shown. */
export function requests({ sent }: Recorded): readonly Buffer[] {
  const isLookup = (bytes: Buffer) => (bytes.readUInt16LE(4) & 3) === 2;
  const changes = sent.filter(bytes => !isLookup(bytes));
  return changes.length > 0 ? changes : sent;
}

/** What `ip -d monitor file` of the original prints for these messages. */
export function monitorText(bytes: Buffer, options: readonly string[] = ['-d']): string {
  const folder = mkdtempSync(join(tmpdir(), 'tsip-monitor-'));
  try {
    const file = join(folder, 'messages');
    writeFileSync(file, bytes);
    return original([...options, 'monitor', 'file', file]).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

let library: string | undefined;

/** The library that is preloaded; made sure that it takes effect. */
function fakeRtnetlink(): string {
  if (library !== undefined) return library;
  const built = buildPreload('fake-rtnetlink');
  assertTakesEffect(built);
  library = built;
  return library;
}

/** Throws unless the original sees devices that only `library` knows: else its requests would reach this kernel. */
export function assertTakesEffect(library: string): void {
  const shown = runWith(library, ['-br', 'link'], { replies: linkMessages({ 77: 'canary' }) });
  if (!/^canary /.test(shown.stdout) || shown.sent.length !== 1)
    throw new Error(`the original does not load ${library}: ${shown.stderr}`);
}

class PretendedKernel {
  readonly sent: Buffer[] = [];
  readonly links: { index: number; name: string; bytes: Buffer }[] = [];
  readonly #replies: readonly Buffer[];
  readonly #refusals: Refusals;
  readonly #lateRefusals: Refusals;

  constructor({ replies = Buffer.alloc(0), refusals = {}, lateRefusals = {} }: CaptureOptions) {
    this.#replies = splitMessages(replies);
    this.#refusals = refusals;
    this.#lateRefusals = lateRefusals;
    for (const bytes of [...this.#replies, ...splitMessages(linkMessages())]) {
      if (bytes.readUInt16LE(4) !== RTM_NEWLINK) continue;
      const { header, attributes } = readMessage(bytes);
      if (header.length < 16) continue;
      const name = nameIn(attributes.find(({ type }) => type === IFLA_IFNAME)?.payload);
      this.links.push({ index: header.readInt32LE(4), name, bytes });
    }
  }

  /** The kernel that commands run on: its devices and sockets are pretended. */
  get kernel(): Kernel {
    const ENODEV = 19;
    return {
      ...systemKernel,
      calls: {
        ...systemKernel.calls,
        ifNameToIndex: name => this.links.find(link => link.name === nameIn(name))?.index ?? -ENODEV,
        ifIndexToName: index => {
          const name = this.links.find(link => link.index === index)?.name;
          return name === undefined ? -ENODEV : Buffer.from(name, 'latin1');
        },
      },
      sockets: {
        blocking: (_options, events) => this.#connectBlocking(events),
        eventDriven: async () => (_options, events) => this.#connect(events),
      },
    };
  }

  #connect(events: TransportEvents): Transport {
    return {
      port: PORT,
      send: (bytes, onSent) => {
        onSent(0);
        for (const answer of this.take(Buffer.from(bytes))) setImmediate(() => events.message(answer, 0));
      },
      close: () => undefined,
      hold: () => undefined,
      join: () => undefined,
    };
  }

  #connectBlocking(events: TransportEvents): Transport {
    const answers: Buffer[] = [];
    return {
      port: PORT,
      send: (bytes, onSent) => {
        answers.push(...this.take(Buffer.from(bytes)));
        onSent(0);
      },
      receive: () => {
        const answer = answers.shift();
        if (answer === undefined) throw new Error('nothing answers what is waited for');
        events.message(answer, 0);
        return true;
      },
      close: () => undefined,
      hold: () => undefined,
      join: () => undefined,
    };
  }

  /** Takes the requests of one datagram; says what answers them. */
  take(datagram: Buffer): Buffer[] {
    return splitMessages(datagram).flatMap(request => {
      this.sent.push(request);
      const answers = this.#answers(request);
      for (const answer of answers) {
        request.copy(answer, 8, 8, 12);
        answer.writeUInt32LE(PORT, 12);
      }
      return answers;
    });
  }

  #answers(request: Buffer): Buffer[] {
    const [type, flags] = [request.readUInt16LE(4), request.readUInt16LE(6)];
    const refusal = this.#refusals[type];
    if (refusal !== undefined) return [acknowledgement(request, -refusal)];
    if ((type & 3) !== 2) return flags & 4 ? [acknowledgement(request, 0)] : [];
    const found = this.#replies
      .filter(reply => reply.readUInt16LE(4) === type - 2)
      .map(reply => Buffer.from(reply));
    if ((flags & 0x300) === 0x300) {
      for (const reply of found) reply.writeUInt16LE(reply.readUInt16LE(6) | 2, 6);
      return [...found, end(-(this.#lateRefusals[type] ?? 0))];
    }
    const single = type === RTM_GETLINK ? this.#link(request) : found[0];
    if (single === undefined) return [acknowledgement(request, -19)];
    // The message may be from a dump; alone it is not one of several.
    const answer = Buffer.from(single);
    answer.writeUInt16LE(answer.readUInt16LE(6) & ~NLM_F_MULTI, 6);
    return [answer];
  }

  #link(request: Buffer): Buffer | undefined {
    const { header, attributes } = readMessage(request);
    const wanted = attributes.find(({ type }) => type === IFLA_IFNAME || type === IFLA_ALT_IFNAME);
    const found = wanted
      ? this.links.find(({ name }) => name === nameIn(wanted.payload))
      : this.links.find(({ index }) => index === header.readInt32LE(4));
    return found?.bytes;
  }
}

class CapturedContext extends Context {
  readonly #output: MemorySink;
  readonly #complaints: MemorySink;

  constructor(options: GlobalOptions, kernel: PretendedKernel) {
    const output = memorySink();
    const complaints = memorySink();
    const strict = options.strictJson
      ? new StrictReport(output, options.pretty > 0, complaints.write)
      : undefined;
    const streams = {
      out: output,
      isTerminal: false,
      isErrorTerminal: false,
      variable: (name: string) => process.env[name],
      writeError: complaints.write,
      beforeWrite: undefined,
    };
    super(options, { kernel: kernel.kernel, streams, strict });
    this.#output = output;
    this.#complaints = complaints;
  }

  get printed(): string {
    return this.#output.text;
  }

  get complaints(): string {
    return this.#complaints.text;
  }

  override complain(text: string): void {
    if (this.strict === undefined) this.#complaints.write(`${text}\n`);
    else super.complain(text);
  }
}

function nameIn(payload: Buffer | undefined): string {
  return payload?.toString('latin1').replace(/\0.*$/, '') ?? '';
}

function acknowledgement(request: Buffer, error: number): Buffer {
  const message = Buffer.alloc(36);
  message.writeUInt32LE(message.length, 0);
  message.writeUInt16LE(2, 4);
  message.writeInt32LE(error, 16);
  request.copy(message, 20, 0, 16);
  return message;
}

function end(error: number): Buffer {
  const message = Buffer.alloc(20);
  message.writeUInt32LE(message.length, 0);
  message.writeUInt16LE(3, 4);
  message.writeUInt16LE(2, 6);
  message.writeInt32LE(error, 16);
  return message;
}
