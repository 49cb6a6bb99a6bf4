/** A namespace to try things in: what the kernel chooses by itself need not stand in a file. */

import { closeSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Kernel } from '../../kernel/kernel.ts';
import { KernelError, SystemError } from '../../kernel/system/errors.ts';
import { insideNamespace } from '../../kernel/system/namespace.ts';
import { NLM_F_CREATE, NLM_F_EXCL } from '../../linux/netlink.ts';
import { RTM_NEWLINK } from '../../linux/rtnetlink.ts';
import { makeNamespace } from '../../namespaces/anonymous.ts';
import { linkRequest } from '../../rtnetlink/request.ts';
import { HEADER_LENGTH } from '../../wire/message.ts';
import { MessageWriter } from '../../wire/writer.ts';
import { type LiveLink, observe, openSession } from '../observe.ts';
import { type IpWords, WordsError } from '../words.ts';

/** The device that stands for every other device of a namespace, and the one that is tried. */
const LOWER = 2;
const TRIED = 3;

export class Scratch {
  readonly #kernel: Kernel;
  readonly #namespace: number;

  /** Throws {@link SystemError}. */
  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#namespace = makeNamespace(kernel.calls);
  }

  /** The device that words after `type` make, where devices of these names exist; undefined if they make none. */
  async device(
    words: IpWords,
    text: string,
    hasLower: boolean,
    names: Iterable<string>,
  ): Promise<LiveLink | undefined> {
    const others = [...names].map((name): [string, number] => [name, LOWER]);
    const devices = new Map([...others, ['lo', 1], ['lower', LOWER], ['tried', TRIED]]);
    const line = [
      ...(hasLower ? ['link', 'lower'] : []),
      ...['name', 'tried', 'index', String(TRIED), 'type', ...text.split(' ').filter(Boolean)],
    ];
    // Two devices of some kinds cannot be alike in one namespace, and to delete one takes longer than to make both.
    const namespace = makeNamespace(this.#kernel.calls);
    const session = openSession(this.#kernel, namespace);
    try {
      const request = await words.compile('link', line, devices);
      await session.request(
        linkRequest(
          { type: RTM_NEWLINK, flags: NLM_F_CREATE | NLM_F_EXCL },
          { index: LOWER },
          { ifname: 'lower', linkinfo: { kind: 'bridge' } },
        ),
      );
      const message = new MessageWriter(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
      message.raw(request.subarray(HEADER_LENGTH));
      await session.request(message);
      return (await observe(session, [])).links.get('tried');
    } catch (error) {
      if (error instanceof WordsError || error instanceof KernelError) return undefined;
      throw error;
    } finally {
      session.close();
      closeSync(namespace);
    }
  }

  /** What stands below /proc/sys/net here. */
  sysctls(): Map<string, string> {
    return readSysctls(this.#kernel, this.#namespace);
  }

  /** One value. */
  sysctl(name: string): string | undefined {
    return insideNamespace(this.#kernel.calls, this.#namespace, () => textOf(`/proc/sys/${name}`));
  }

  /** Sets a value; what it becomes, undefined if it cannot be set. */
  setSysctl(name: string, value: string): string | undefined {
    return insideNamespace(this.#kernel.calls, this.#namespace, () => {
      try {
        writeFileSync(`/proc/sys/${name}`, value, { flag: 'r+' });
        return textOf(`/proc/sys/${name}`);
      } catch {
        return undefined;
      }
    });
  }

  close(): void {
    closeSync(this.#namespace);
  }
}

/** A scratch namespace where this process may make one. */
export function openScratch(kernel: Kernel): Scratch | undefined {
  try {
    return new Scratch(kernel);
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}

/** All values below /proc/sys/net that may be written, as a namespace has them. */
export function readSysctls(kernel: Kernel, namespace: number): Map<string, string> {
  return insideNamespace(kernel.calls, namespace, () => {
    const found = new Map<string, string>();
    walk('/proc/sys/net', found);
    return found;
  });
}

function walk(folder: string, found: Map<string, string>): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) walk(path, found);
    else {
      const text = textOf(path);
      if (text !== undefined) found.set(path.slice('/proc/sys/'.length), text);
    }
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim().replaceAll('\t', ' ');
  } catch {
    return undefined; // It can only be written, or only root of the first namespace reads it.
  }
}
