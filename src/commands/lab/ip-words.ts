/**
 * The words of `ip` in lab files, read by the programs' own commands: they run on a kernel that only takes their request,
 * with the devices that the lab is to have.
 */

import { type Kernel, systemKernel } from '../../kernel/kernel.ts';
import type { TransportEvents } from '../../kernel/netlink/transport.ts';
import { KernelError, SystemError } from '../../kernel/system/errors.ts';
import { type IpWords, WordsError, type WordsObject } from '../../lab/words.ts';
import { ENODEV } from '../../linux/errno.ts';
import { AF_INET, AF_INET6, AF_UNSPEC } from '../../linux/families.ts';
import { ARPHRD_ETHER } from '../../linux/interfaces.ts';
import { NLM_F_ACK, NLMSG_ERROR } from '../../linux/netlink.ts';
import { RTM_GETLINK, RTM_NEWLINK } from '../../linux/rtnetlink.ts';
import { decodeLink } from '../../rtnetlink/link.ts';
import { linkRequest } from '../../rtnetlink/request.ts';
import { Args, UsageError, UsageRequest } from '../../schema/args.ts';
import { splitDatagram } from '../../wire/message.ts';
import { decodeText } from '../../wire/text.ts';
import { Context } from '../frame/context.ts';
import { defaultOptions } from '../frame/options.ts';
import { CommandFailed } from '../frame/report.ts';
import { commandOf, type ObjectCommands } from '../frame/subcommands.ts';
import { textOf } from './ip-texts.ts';

const PORT = 1;
const ERROR_LENGTH = 36;
/** Requests that only ask have types of this rest. */
const ASKS = 2;

/** Loads the commands of each object. */
const COMMANDS: Readonly<Record<WordsObject, () => Promise<ObjectCommands>>> = {
  link: async () => (await import('../link/subcommands.ts')).LINK,
  address: async () => (await import('../address/subcommands.ts')).ADDRESS,
  route: async () => (await import('../route/subcommands.ts')).ROUTE,
  rule: async () => (await import('../rule/subcommands.ts')).RULE,
  neighbour: async () => (await import('../neighbour/subcommands.ts')).NEIGHBOUR,
};

type Devices = ReadonlyMap<string, number>;

/** Reads words by the commands of this program. */
export const ipWords: IpWords = {
  async compile(object: WordsObject, words: readonly string[], devices: Devices): Promise<Buffer> {
    const family = familyOf(object, words);
    const { context, taken } = contextFor(devices, family);
    taken.length = 0;
    const [first = ''] = words;
    const rest = Object.hasOwn(FAMILIES, first) ? words.slice(1) : words;
    try {
      await commandOf(await COMMANDS[object]())(new Args(['add', ...rest]), context);
    } catch (error) {
      throw complaintOf(error, words);
    }
    const [request] = taken;
    if (request === undefined || taken.length > 1) throw new WordsError('do not make one request');
    return request;
  },
  textOf,
};

/** The options of `ip` that words may begin with. */
const FAMILIES: Readonly<Record<string, number>> = { '-4': AF_INET, '-6': AF_INET6 };

/** The family that words begin with; of rules also that of their addresses, which `ip` does not look at. */
function familyOf(object: WordsObject, words: readonly string[]): number {
  const given = FAMILIES[words[0] ?? ''];
  if (given !== undefined) return given;
  const isIpv6 = words.some((word, at) => ['from', 'to'].includes(words[at - 1] ?? '') && word.includes(':'));
  return object === 'rule' && isIpv6 ? AF_INET6 : AF_UNSPEC;
}

type Taker = { readonly context: Context; readonly taken: Buffer[] };

/** A context for each set of devices and family: what it has read of name files serves all words. */
const contexts = new WeakMap<Devices, Map<number, Taker>>();

function contextFor(devices: Devices, family: number): Taker {
  const ofDevices = contexts.get(devices) ?? new Map<number, Taker>();
  contexts.set(devices, ofDevices);
  let found = ofDevices.get(family);
  if (found === undefined) {
    const taken: Buffer[] = [];
    const streams = {
      out: { write: () => undefined, flush: () => undefined },
      isTerminal: false,
      isErrorTerminal: false,
      variable: () => undefined,
      writeError: () => undefined,
      readSecret: () => Buffer.alloc(0),
      beforeWrite: undefined,
    };
    // In a batch requests go over sockets that block.
    const options = { ...defaultOptions(), family, batchFile: '-' };
    found = { context: new Context(options, { kernel: pretendedKernel(devices, taken), streams }), taken };
    ofDevices.set(family, found);
  }
  return found;
}

function complaintOf(error: unknown, words: readonly string[]): unknown {
  if (error instanceof UsageRequest) return new WordsError(`"${words.join(' ')}" is not what ip understands`);
  if (error instanceof UsageError || error instanceof SystemError || error instanceof KernelError)
    return new WordsError(plain(error.message));
  if (error instanceof CommandFailed) return new WordsError(`"${words.join(' ')}" is refused`);
  return error;
}

/** A complaint without the program's name and without what follows its first line. */
function plain(text: string): string {
  const [line = ''] = text.trim().split('\n');
  return line.replace(/^Error: /, '').replace(/\.$/, '');
}

/** A kernel that has these devices, takes every change and makes none. */
function pretendedKernel(devices: Devices, taken: Buffer[]): Kernel {
  const names = new Map([...devices].map(([name, index]) => [index, name]));
  const connect = (_options: unknown, events: TransportEvents) => {
    const answers: Buffer[] = [];
    return {
      port: PORT,
      send(bytes: Buffer, onSent: (errno: number) => void) {
        for (const { type, flags, start, end } of splitDatagram(bytes).messages) {
          const request = Buffer.from(bytes.subarray(start, end));
          if ((type & 3) === ASKS) answers.push(answerTo(request, type, devices, names));
          else {
            taken.push(request);
            if ((flags & NLM_F_ACK) !== 0) answers.push(acknowledgement(request, 0));
          }
        }
        onSent(0);
      },
      receive(mayWait: boolean) {
        const answer = answers.shift();
        if (answer === undefined) {
          if (mayWait) throw new Error('nothing answers what is waited for');
          return false;
        }
        events.message(answer, 0);
        return true;
      },
      close: () => undefined,
      hold: () => undefined,
      join: () => undefined,
    };
  };
  const refuse = () => -ENODEV;
  return {
    ...systemKernel,
    calls: {
      ...systemKernel.calls,
      setns: refuse,
      unshare: refuse,
      mount: refuse,
      ioctl: refuse,
      ioctlBytes: refuse,
      ioctlInterface: refuse,
      ifNameToIndex: name => devices.get(decodeText(name)) ?? -ENODEV,
      ifIndexToName: index => {
        const name = names.get(index);
        return name === undefined ? -ENODEV : Buffer.from(name);
      },
    },
    sockets: { blocking: connect, eventDriven: async () => connect },
  };
}

/** The device that a request asks for, as an Ethernet device. */
function answerTo(
  request: Buffer,
  type: number,
  devices: Devices,
  names: ReadonlyMap<number, string>,
): Buffer {
  const [message] = splitDatagram(request).messages;
  const asked = type === RTM_GETLINK ? decodeLink(message!) : undefined;
  const name = asked?.ifname ?? (asked && names.get(asked.header.index));
  const index = name === undefined ? undefined : devices.get(name);
  if (name === undefined || index === undefined) return acknowledgement(request, -ENODEV);
  const header = { index, type: ARPHRD_ETHER };
  const answer = linkRequest({ type: RTM_NEWLINK }, header, { ifname: name, address: Buffer.alloc(6) });
  return Buffer.from(answer.finish(request.readUInt32LE(8), PORT));
}

function acknowledgement(request: Buffer, error: number): Buffer {
  const message = Buffer.alloc(ERROR_LENGTH);
  message.writeUInt32LE(message.length, 0);
  message.writeUInt16LE(NLMSG_ERROR, 4);
  request.copy(message, 8, 8, 12);
  message.writeUInt32LE(PORT, 12);
  message.writeInt32LE(error, 16);
  request.copy(message, 20, 0, 16);
  return message;
}
