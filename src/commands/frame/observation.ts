/**
 * `--trace` and `--dry-run`: everything that we ask of the kernel passes here first, to be told on stderr or held back.
 * Nothing of this is loaded without these options. System calls and changes of files are watched by putting other
 * functions into the objects that hold them.
 */

import { existsSync, lstatSync, openSync, readlinkSync } from 'node:fs';
import { openBlockingSocket } from '../../kernel/netlink/blocking-socket.ts';
import type { Connect } from '../../kernel/netlink/transport.ts';
import { strerror } from '../../kernel/system/errors.ts';
import { type FileChanges, files } from '../../kernel/system/files.ts';
import { type Native, native } from '../../kernel/system/native.ts';
import { EEXIST, ENOENT } from '../../linux/errno.ts';
import { NETLINK_ROUTE, NLM_F_ACK, NLM_F_DUMP, NLMSG_ERROR, NLMSG_MIN_TYPE } from '../../linux/netlink.ts';
import { MSG_PEEK, SO_PROTOCOL, SOL_SOCKET } from '../../linux/sockets.ts';
import { planRunner } from '../../namespaces/plans/exec.ts';
import type { Plan } from '../../namespaces/plans/plan.ts';
import {
  callLine,
  heldLine,
  ioctlName,
  isIoctlQuestion,
  mountFlags,
  namespaceFlags,
  quoted,
  umountFlags,
} from '../../trace/calls.ts';
import { datagramLines } from '../../trace/message.ts';
import { planLines } from '../../trace/plan.ts';
import { HEADER_LENGTH, type Message, splitDatagram } from '../../wire/message.ts';
import { decodeText, encodeText } from '../../wire/text.ts';
import { CommandFailed } from './report.ts';

/** The lowest two bits of the types of the routing family tell what is done; this is a question. */
const GET = 2;
const ACKNOWLEDGEMENT_LENGTH = 36;

/** May change while it is observed: each option takes effect from where it stands on. */
export interface ObservationOptions {
  readonly trace: boolean;
  readonly dryRun: boolean;
}

/** Prints lines on stderr. */
type Print = (lines: readonly string[]) => void;

/** What the observed program needs of it. */
export interface Observation {
  /** Opens the sockets of sessions. They do nothing in another thread: it would not be seen there. */
  readonly connect: Connect;
  /** Does something that changes nothing but this process, even with `--dry-run`. */
  readonly reallyDo: <T>(action: () => T) => T;
}

/** Watches from now on everything that this process asks of the kernel. */
export function observe(options: ObservationOptions, print: Print): Observation {
  const observer = new Observer(options, print);
  observer.watchCalls();
  observer.watchFiles();
  observer.watchPlans();
  return {
    connect(socketOptions, events) {
      const {
        sendInBackground: _sendAside,
        receiveInBackground: _receiveAside,
        ...transport
      } = openBlockingSocket(socketOptions, events);
      return transport;
    },
    reallyDo: action => observer.reallyDo(action),
  };
}

class Observer {
  readonly #options: ObservationOptions;
  readonly #print: Print;
  #isExempt = false;

  constructor(options: ObservationOptions, print: Print) {
    this.#options = options;
    this.#print = print;
  }

  get #isHolding(): boolean {
    return this.#options.dryRun && !this.#isExempt;
  }

  reallyDo<T>(action: () => T): T {
    this.#isExempt = true;
    try {
      return action();
    } finally {
      this.#isExempt = false;
    }
  }

  /** What is held back is always told; what is done, only with `--trace`. */
  #tell(lines: readonly string[]): void {
    if (this.#options.trace) this.#print(lines);
  }

  watchCalls(): void {
    const held = (call: string): number => {
      this.#print([heldLine(call)]);
      return 0;
    };
    /** Puts a function around one of the addon's: `text` tells the call, `isChange` whether it may be held back. */
    const around = <N extends keyof Native>(
      name: N,
      text: (...args: Parameters<Native[N]>) => string,
      mayHold: (...args: Parameters<Native[N]>) => boolean = () => false,
    ): void => {
      const original = native[name] as (...args: Parameters<Native[N]>) => number | Buffer;
      const watched = (...args: Parameters<Native[N]>): number | Buffer => {
        if (this.#isHolding && mayHold(...args)) return held(text(...args));
        const call = text(...args);
        const result = original(...args);
        this.#tell([callLine(call, result)]);
        return result;
      };
      (native as unknown as Record<string, unknown>)[name] = watched;
    };
    const always = () => true;
    around('setns', (fd, type) => `setns(${descriptorText(fd)}, ${namespaceFlags(type)})`);
    around('unshare', flags => `unshare(${namespaceFlags(flags)})`, always);
    around(
      'mount',
      (source, target, type, flags, data) =>
        `mount(${[source, target, type].map(quoted).join(', ')}, ${mountFlags(flags)}, ${quoted(data)})`,
      always,
    );
    around('umount2', (target, flags) => `umount2(${quoted(target)}, ${umountFlags(flags)})`, always);
    around('flock', fd => `flock(${descriptorText(fd)}, LOCK_EX)`, always);
    around(
      'ioctl',
      (fd, request, argument) => `ioctl(${descriptorText(fd)}, ${ioctlName(request)}, ${argument})`,
      (_fd, request) => !isIoctlQuestion(request),
    );
    around(
      'ioctlBytes',
      (fd, request, argument) =>
        `ioctl(${descriptorText(fd)}, ${ioctlName(request)}, ${nameInRequest(argument)})`,
      (_fd, request) => !isIoctlQuestion(request),
    );
    around(
      'ioctlInterface',
      (fd, request, name) => `ioctl(${descriptorText(fd)}, ${ioctlName(request)}, ${quoted(name)})`,
      (_fd, request) => !isIoctlQuestion(request),
    );
    around('ifNameToIndex', name => `ioctl(SIOCGIFINDEX, ${quoted(name)})`);
    around('ifIndexToName', index => `ioctl(SIOCGIFNAME, ${index})`);
    this.#watchMessages();
  }

  /** The netlink sockets of sessions, of questions, and of monitors. */
  #watchMessages(): void {
    const { send, recv, receiveNotification } = native;
    /** The answers of the kernel to what was held back, by socket. */
    const pretended = new Map<number, Buffer[]>();
    const answer = (fd: number, into: Buffer): number => pretended.get(fd)!.shift()!.copy(into);
    const hasAnswer = (fd: number) => (pretended.get(fd)?.length ?? 0) > 0;
    native.send = (fd, bytes, flags) => {
      const { messages } = splitDatagram(bytes);
      const isRouting = native.getsockopt(fd, SOL_SOCKET, SO_PROTOCOL) === NETLINK_ROUTE;
      if (!this.#isHolding || !messages.some(message => isChange(message, isRouting))) {
        this.#tell(datagramLines(bytes, 'sent:'));
        return send(fd, bytes, flags);
      }
      this.#print(datagramLines(bytes, 'not sent:'));
      const port = Math.max(0, native.netlinkPort(fd));
      const asking = messages.filter(message => message.flags & NLM_F_ACK);
      pretended.set(fd, [
        ...(pretended.get(fd) ?? []),
        ...asking.map(message => acknowledgement(message, port)),
      ]);
      return bytes.length;
    };
    native.recv = (fd, bytes, flags) => {
      if (hasAnswer(fd)) return flags & MSG_PEEK ? pretended.get(fd)![0]!.length : answer(fd, bytes);
      const length = recv(fd, bytes, flags);
      if (length > 0 && !(flags & MSG_PEEK))
        this.#tell(datagramLines(bytes.subarray(0, length), 'received:'));
      return length;
    };
    native.receiveNotification = (fd, bytes, told) => {
      if (hasAnswer(fd)) {
        told.writeUInt32LE(0, 0);
        return answer(fd, bytes);
      }
      const length = receiveNotification(fd, bytes, told);
      if (length > 0) this.#tell(datagramLines(bytes.subarray(0, length), 'received:'));
      return length;
    };
  }

  watchFiles(): void {
    const { ...originals } = files;
    const around = <N extends keyof FileChanges>(
      name: N,
      text: (...args: Parameters<FileChanges[N]>) => string,
      pretend: (...args: Parameters<FileChanges[N]>) => void,
    ): void => {
      const original = originals[name] as (...args: Parameters<FileChanges[N]>) => void;
      files[name] = ((...args: Parameters<FileChanges[N]>) => {
        const call = text(...args);
        if (this.#isHolding) {
          pretend(...args);
          this.#print([heldLine(call)]);
          return;
        }
        try {
          original(...args);
          this.#tell([callLine(call, 0)]);
        } catch (error) {
          this.#tell([callLine(call, (error as NodeJS.ErrnoException).errno ?? -1)]);
          throw error;
        }
      }) as FileChanges[N];
    };
    around(
      'makeFolder',
      (path, mode) => `mkdir(${quoted(path)}, 0${mode.toString(8)})`,
      path => existsSync(encodeText(path)) && refuse(EEXIST),
    );
    around(
      'create',
      (path, mode) =>
        `open(${quoted(path)}, O_RDONLY|O_CREAT|O_EXCL, ${mode === 0 ? '0' : `0${mode.toString(8)}`})`,
      path => existsSync(encodeText(path)) && refuse(EEXIST),
    );
    around(
      'remove',
      path => `unlink(${quoted(path)})`,
      path => isThere(path) || refuse(ENOENT),
    );
    around(
      'write',
      (path, text) => `write(${quoted(path)}, ${quoted(text)})`,
      () => undefined,
    );
    files.openFolder = path => {
      try {
        return originals.openFolder(path);
      } catch (error) {
        // A folder whose making was held back.
        if (this.#isHolding && (error as NodeJS.ErrnoException).code === 'ENOENT') return openSync('/', 'r');
        throw error;
      }
    };
  }

  watchPlans(): void {
    const { exec, spawn } = planRunner;
    const tell = (plan: Plan, title: readonly string[]) => {
      if (this.#isHolding) this.#print(planLines(plan, true));
      else this.#tell(planLines(plan, false));
      return title;
    };
    planRunner.exec = (plan, title) => {
      tell(plan, title);
      if (this.#isHolding) throw new CommandFailed(0);
      return exec(plan, title);
    };
    planRunner.spawn = (plan, title) => {
      tell(plan, title);
      return this.#isHolding ? { status: 0 } : spawn(plan, title);
    };
  }
}

/** Of other families than the routing one it is known only that a dump is a question. */
function isChange({ type, flags }: Message, isRouting: boolean): boolean {
  if (type < NLMSG_MIN_TYPE) return false;
  if (isRouting) return (type & 3) !== GET;
  return (flags & NLM_F_DUMP) !== NLM_F_DUMP && type !== NLMSG_MIN_TYPE;
}

/** What the kernel would answer if all were well. */
function acknowledgement({ bytes, start }: Message, port: number): Buffer {
  const answer = Buffer.alloc(ACKNOWLEDGEMENT_LENGTH);
  answer.writeUInt32LE(answer.length, 0);
  answer.writeUInt16LE(NLMSG_ERROR, 4);
  bytes.copy(answer, 8, start + 8, start + 12);
  answer.writeUInt32LE(port, 12);
  bytes.copy(answer, HEADER_LENGTH + 4, start, start + HEADER_LENGTH);
  return answer;
}

/** What a descriptor is open on, which says more than its number. */
function descriptorText(descriptor: number): string {
  try {
    return quoted(readlinkSync(`/proc/self/fd/${descriptor}`));
  } catch {
    return String(descriptor);
  }
}

/** struct ifreq and its like begin with the name of a device. */
function nameInRequest(request: Buffer): string {
  const end = request.subarray(0, 16).indexOf(0);
  return quoted(decodeText(request, 0, end === -1 ? Math.min(16, request.length) : end));
}

function isThere(path: string): boolean {
  return lstatSync(encodeText(path), { throwIfNoEntry: false }) !== undefined;
}

function refuse(errno: number): never {
  throw Object.assign(new Error(strerror(errno)), { errno: -errno });
}
