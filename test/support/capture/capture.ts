/**
 * `ip` against a kernel that only pretends: what it asks for and what it prints, with nothing sent to the real
 * one. The original gets a preloaded library (fake-rtnetlink.c), ours a transport; both behave alike:
 * look-ups and dumps are answered from given messages, everything else is acknowledged.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
import { ForkServer } from './fork-server.ts';
import { buildPreload } from './preload.ts';

/** What a run asked the kernel for, and what it printed. */
export interface Recorded {
  /** All messages sent over rtnetlink, in order. */
  readonly sent: readonly Buffer[];
  /** Those sent to families of generic netlink, without look-ups of the families, and those sent to xfrm. */
  readonly generic: readonly Buffer[];
  readonly xfrm: readonly Buffer[];
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

export interface CaptureOptions {
  /**
   * The messages that answer dumps, and look-ups besides {@link devices}. A family of generic netlink answers with those
   * that have its id: see {@link FAMILY_IDS}.
   */
  readonly replies?: Buffer;
  /** The messages with which xfrm answers. */
  readonly xfrmReplies?: Buffer;
  /** What a socket that joins a multicast group receives. */
  readonly events?: Buffer;
  /** The families that the kernel pretends to have; all by default. */
  readonly families?: Readonly<Record<string, number>>;
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
const NETLINK_ROUTE = 0;
const NETLINK_XFRM = 6;
const NETLINK_GENERIC = 16;
const GENL_ID_CTRL = 16;
const CTRL_ATTR_FAMILY_NAME = 2;
const CTRL_ATTR_MCAST_GROUPS = 7;
/** The original's stand-in has it, too: there will be no more events. */
const ENODATA = 61;
/** The multicast groups that all families have. */
const GROUPS = ['mptcp_pm_events', 'ioam6_events'];
/** XFRM_MSG_*: the type of what answers a question. */
const XFRM_ANSWERS: Readonly<Record<number, number>> = { 18: 16, 21: 19, 22: 16, 35: 34, 37: 36 };

/**
 * The pretended ids of families of generic netlink: no kernel has such, no message of another protocol has such a type, and
 * none looks like that of a question of rtnetlink.
 */
export const FAMILY_IDS = {
  tcp_metrics: 0x1001,
  mptcp_pm: 0x1005,
  SEG6: 0x1009,
  IOAM6: 0x100d,
  l2tp: 0x1011,
  fou: 0x1015,
  ila: 0x1019,
  macsec: 0x101d,
} as const;

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
  const { stdin = '' } = options;
  served ??= new Workplace(fakeRtnetlink());
  return served.run(options, (files, env) => {
    writeFileSync(files[0], stdin);
    return served!.server.run({ files, words: ['ip', ...words], env, perturb: perturbOf(options) });
  });
}

/** Runs it in the same way, but starts it. */
export function startedOriginal(
  words: readonly string[],
  options: CaptureOptions = {},
  library = fakeRtnetlink(),
): Recorded {
  const place = new Workplace(library);
  try {
    return place.run(options, (files, env) => {
      const perturb = perturbOf(options);
      const result = spawnSync(join(originals(), 'ip'), words, {
        input: options.stdin ?? '',
        env: {
          ...env,
          LD_PRELOAD: library,
          ...(perturb === undefined ? {} : { MALLOC_PERTURB_: `${perturb}` }),
        },
        maxBuffer: 1 << 28,
        timeout: 20_000,
      });
      writeFileSync(files[1], result.stdout);
      writeFileSync(files[2], result.stderr);
      return result.status ?? undefined;
    });
  } finally {
    place.remove();
  }
}

/** The C library fills new memory with the complement of the byte that it is given. */
function perturbOf({ filler }: CaptureOptions): number | undefined {
  return filler === undefined ? undefined : filler ^ 0xff;
}

/** A folder with the files that say what fake-rtnetlink answers and what it was asked, used for one run after the other. */
class Workplace {
  readonly #folder = mkdtempSync(join(tmpdir(), 'tsip-capture-'));
  /** What the files hold. */
  readonly #written = new Map<string, Buffer>();
  readonly #library: string;
  #server: ForkServer | undefined;

  constructor(library: string) {
    this.#library = library;
  }

  get server(): ForkServer {
    if (this.#server === undefined) {
      this.#server = new ForkServer(join(originals(), 'ip'), this.#library, this.#folder);
      process.on('exit', () => this.remove());
    }
    return this.#server;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Runs the original by `start`, which gets the files of its standard streams and its variables. */
  run(
    options: CaptureOptions,
    start: (
      files: [input: string, output: string, error: string],
      env: Record<string, string>,
    ) => number | undefined,
  ): Recorded {
    const nothing = Buffer.alloc(0);
    const at = (name: string) => join(this.#folder, name);
    const requests = at('requests');
    const [output, error] = [at('output'), at('error')];
    const env = {
      LC_ALL: 'C',
      TZ: 'UTC',
      PATH: '/nowhere',
      FAKE_REPLIES: this.#write('replies', options.replies ?? nothing),
      FAKE_DEVICES: this.#write('devices', linkMessages()),
      FAKE_REQUESTS: requests,
      FAKE_XFRM_REPLIES: this.#write('xfrm-replies', options.xfrmReplies ?? nothing),
      FAKE_EVENTS: this.#write('events', options.events ?? nothing),
      FAKE_FAMILIES: numberList(options.families ?? FAMILY_IDS),
      FAKE_REFUSALS: numberList(options.refusals),
      FAKE_LATE_REFUSALS: numberList(options.lateRefusals),
    };
    for (const protocol of ['', `.${NETLINK_GENERIC}`, `.${NETLINK_XFRM}`])
      rmSync(`${requests}${protocol}`, { force: true });
    const status = start([at('input'), output, error], env);
    return {
      sent: recordedIn(requests),
      generic: withoutLookUps(recordedIn(`${requests}.${NETLINK_GENERIC}`)),
      xfrm: recordedIn(`${requests}.${NETLINK_XFRM}`),
      stdout: readFileSync(output, 'utf8'),
      stderr: readFileSync(error, 'utf8'),
      status: status ?? 128,
    };
  }

  #write(name: string, bytes: Buffer): string {
    const path = join(this.#folder, name);
    if (!this.#written.get(name)?.equals(bytes)) writeFileSync(path, bytes);
    this.#written.set(name, Buffer.from(bytes));
    return path;
  }
}

function numberList(numbers: Readonly<Record<string, number>> = {}): string {
  return Object.entries(numbers)
    .map(([name, number]) => `${name}:${number}`)
    .join(' ');
}

function recordedIn(path: string): Buffer[] {
  return existsSync(path) ? splitMessages(readFileSync(path)) : [];
}

function withoutLookUps(messages: readonly Buffer[]): Buffer[] {
  return messages.filter(bytes => bytes.readUInt16LE(4) !== GENL_ID_CTRL);
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
  const { stdin } = options;
  if (stdin !== undefined) takeInput(stdin);
  const status = await runCommand(words.slice(at), context);
  if (stdin !== undefined) takeInput('');
  return {
    sent: kernel.sent.get(NETLINK_ROUTE) ?? [],
    generic: withoutLookUps(kernel.sent.get(NETLINK_GENERIC) ?? []),
    xfrm: kernel.sent.get(NETLINK_XFRM) ?? [],
    stdout: context.printed,
    stderr: context.complaints,
    status,
  };
}

/** Makes `bytes` the standard input of this process. */
function takeInput(bytes: string | Buffer): void {
  const folder = mkdtempSync(join(tmpdir(), 'tsip-input-'));
  writeFileSync(join(folder, 'input'), bytes);
  closeSync(0);
  // The lowest descriptor that is free.
  if (openSync(join(folder, 'input'), 'r') !== 0) throw new Error('standard input has not been replaced');
  rmSync(folder, { recursive: true });
}

/**
 * Of what a run sent over rtnetlink the messages that change something, or, if there are none, that ask for what is
 * shown; all of what it sent to families or to xfrm, if it did.
 */
export function requests({ sent, generic, xfrm }: Recorded): readonly Buffer[] {
  if (generic.length > 0) return generic;
  if (xfrm.length > 0) return xfrm;
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
let served: Workplace | undefined;

/** The library that is preloaded; made sure that it takes effect. */
function fakeRtnetlink(): string {
  if (library !== undefined) return library;
  const built = buildPreload('fake-rtnetlink', 'fork-server');
  assertTakesEffect(built);
  library = built;
  return library;
}

/** Throws unless the original sees devices that only `library` knows: else its requests would reach this kernel. */
export function assertTakesEffect(library: string): void {
  const shown = startedOriginal(['-br', 'link'], { replies: linkMessages({ 77: 'canary' }) }, library);
  if (!/^canary /.test(shown.stdout) || shown.sent.length !== 1)
    throw new Error(`the original does not load ${library}: ${shown.stderr}`);
}

class PretendedKernel {
  /** What was sent, by protocol. */
  readonly sent = new Map<number, Buffer[]>();
  readonly links: { index: number; name: string; bytes: Buffer }[] = [];
  readonly #replies: readonly Buffer[];
  readonly #xfrmReplies: readonly Buffer[];
  /** The first line of standard input. */
  readonly secret: Buffer;
  readonly #events: readonly Buffer[];
  readonly #families: Readonly<Record<string, number>>;
  readonly #refusals: Refusals;
  readonly #lateRefusals: Refusals;

  constructor({
    replies = Buffer.alloc(0),
    xfrmReplies = Buffer.alloc(0),
    events = Buffer.alloc(0),
    stdin = '',
    families = FAMILY_IDS,
    refusals = {},
    lateRefusals = {},
  }: CaptureOptions) {
    this.#replies = splitMessages(replies);
    this.#xfrmReplies = splitMessages(xfrmReplies);
    this.#events = splitMessages(events);
    this.secret = Buffer.from(
      Buffer.from(stdin)
        .toString('latin1')
        .split(/[\n\0]/)[0]!,
      'latin1',
    );
    this.#families = families;
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
        blocking: ({ protocol = NETLINK_ROUTE }, events) => this.#connectBlocking(events, protocol),
        eventDriven:
          async () =>
          ({ protocol = NETLINK_ROUTE }, events) =>
            this.#connect(events, protocol),
      },
    };
  }

  #connect(events: TransportEvents, protocol: number): Transport {
    return {
      port: PORT,
      send: (bytes, onSent) => {
        onSent(0);
        for (const answer of this.take(Buffer.from(bytes), protocol))
          setImmediate(() => events.message(answer, 0));
      },
      close: () => undefined,
      hold: () => undefined,
      join: () => {
        for (const event of this.#events) setImmediate(() => events.message(Buffer.from(event), 0));
        setImmediate(() => events.error(ENODATA));
      },
    };
  }

  #connectBlocking(events: TransportEvents, protocol: number): Transport {
    const answers: Buffer[] = [];
    return {
      port: PORT,
      send: (bytes, onSent) => {
        answers.push(...this.take(Buffer.from(bytes), protocol));
        onSent(0);
      },
      receive: mayWait => {
        const answer = answers.shift();
        if (answer === undefined && !mayWait) return false;
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
  take(datagram: Buffer, protocol: number): Buffer[] {
    return splitMessages(datagram).flatMap(request => {
      this.sent.set(protocol, [...(this.sent.get(protocol) ?? []), request]);
      const answers = this.#answers(request, protocol);
      for (const answer of answers) {
        request.copy(answer, 8, 8, 12);
        answer.writeUInt32LE(PORT, 12);
      }
      return answers;
    });
  }

  #answers(request: Buffer, protocol: number): Buffer[] {
    const [type, flags] = [request.readUInt16LE(4), request.readUInt16LE(6)];
    const refusal = this.#refusals[type];
    if (refusal !== undefined) return [acknowledgement(request, -refusal)];
    if (protocol === NETLINK_GENERIC && type === GENL_ID_CTRL) return [this.#family(request)];
    if (protocol === NETLINK_GENERIC) return this.#answerWith(request, this.#replies, type);
    if (protocol === NETLINK_XFRM)
      return this.#answerWith(request, this.#xfrmReplies, XFRM_ANSWERS[type] ?? type);
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
    return [alone(single)];
  }

  /** The messages of a type: all of them for a dump, else the first, or an acknowledgement if that is asked for. */
  #answerWith(request: Buffer, replies: readonly Buffer[], wanted: number): Buffer[] {
    const [type, flags] = [request.readUInt16LE(4), request.readUInt16LE(6)];
    const isDump = (flags & 0x300) === 0x300;
    if (!isDump && flags & 4) return [acknowledgement(request, 0)];
    const found = replies.filter(reply => reply.readUInt16LE(4) === wanted).map(reply => Buffer.from(reply));
    if (!isDump) return [found[0] === undefined ? acknowledgement(request, -2) : alone(found[0])];
    for (const reply of found) reply.writeUInt16LE(reply.readUInt16LE(6) | NLM_F_MULTI, 6);
    return [...found, end(-(this.#lateRefusals[type] ?? 0))];
  }

  /** CTRL_CMD_NEWFAMILY: the name, the id, and the multicast groups of all families. */
  #family(request: Buffer): Buffer {
    const name = readMessage(request, 4).attributes.find(
      ({ type }) => type === CTRL_ATTR_FAMILY_NAME,
    )?.payload;
    const id = this.#families[nameIn(name)];
    if (name === undefined || id === undefined) return acknowledgement(request, -2);
    const groups = GROUPS.map((group, index) =>
      attribute(index + 1, attribute(1, Buffer.from(`${group}\0`)), attribute(2, u32(index + 1))),
    );
    const body = Buffer.concat([
      Buffer.from([1, 2, 0, 0]),
      attribute(CTRL_ATTR_FAMILY_NAME, name),
      attribute(1, u32(id).subarray(0, 2)),
      attribute(CTRL_ATTR_MCAST_GROUPS, ...groups),
    ]);
    const answer = Buffer.alloc(16 + body.length);
    answer.writeUInt32LE(answer.length, 0);
    answer.writeUInt16LE(GENL_ID_CTRL, 4);
    body.copy(answer, 16);
    return answer;
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
      readSecret: (prompt: string) => {
        complaints.write(prompt);
        return kernel.secret;
      },
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

/** A message that may be from a dump; alone it is not one of several. */
function alone(message: Buffer): Buffer {
  const answer = Buffer.from(message);
  answer.writeUInt16LE(answer.readUInt16LE(6) & ~NLM_F_MULTI, 6);
  return answer;
}

/** An attribute with its padding. */
function attribute(type: number, ...parts: readonly Buffer[]): Buffer {
  const payload = Buffer.concat(parts);
  const bytes = Buffer.alloc(4 + ((payload.length + 3) & ~3));
  bytes.writeUInt16LE(4 + payload.length, 0);
  bytes.writeUInt16LE(type, 2);
  payload.copy(bytes, 4);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
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
