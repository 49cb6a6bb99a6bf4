/** Watches the run directory for names that come and go. Source: inotify(7). */

import { closeSync, readSync } from 'node:fs';
import type { Kernel } from '../../kernel/kernel.ts';
import { check } from '../../kernel/system/errors.ts';
import { native } from '../../kernel/system/native.ts';
import { F_SETFL } from '../../linux/sockets.ts';
import { decodeText, encodeText } from '../../wire/text.ts';
import { makeRunDirectory, RUN_DIRECTORY } from '../named.ts';

const IN_CREATE = 0x100;
const IN_DELETE = 0x200;
/** struct inotify_event without its name: watch, mask, cookie, length of the name with its padding of NULs. */
const EVENT_LENGTH = 16;
const MASK_AT = 4;
const NAME_LENGTH_AT = 12;
const BUFFER_LENGTH = 4096;

/** A name that appeared, before its namespace is mounted, or vanished. */
export interface NameEvent {
  readonly action: 'add' | 'delete';
  readonly name: string;
}

/** Makes the run directory if need be, then yields what happens in it, without end. Blocks. Throws {@link SystemError}. */
export function* watchNames(kernel: Kernel): Generator<NameEvent, void> {
  makeRunDirectory(kernel);
  const descriptor = check(native.inotifyInit(), 'inotify_init failed');
  try {
    const watch = native.inotifyAddWatch(descriptor, encodeText(RUN_DIRECTORY), IN_CREATE | IN_DELETE);
    check(watch, 'inotify_add_watch failed');
    // This process does nothing else, so reads may block.
    native.fcntl(descriptor, F_SETFL, 0);
    const buffer = Buffer.allocUnsafe(BUFFER_LENGTH);
    while (true) yield* decodeEvents(buffer.subarray(0, readSync(descriptor, buffer)));
  } finally {
    closeSync(descriptor);
  }
}

/** The events of one read that are about names; a cut one is left out. */
export function decodeEvents(bytes: Buffer): NameEvent[] {
  const events: NameEvent[] = [];
  for (let at = 0; at + EVENT_LENGTH <= bytes.length; ) {
    const mask = bytes.readUInt32LE(at + MASK_AT);
    const start = at + EVENT_LENGTH;
    at = start + bytes.readUInt32LE(at + NAME_LENGTH_AT);
    if (at > bytes.length) break;
    const nul = bytes.subarray(start, at).indexOf(0);
    const name = decodeText(bytes, start, nul === -1 ? at : start + nul);
    if (mask & IN_CREATE) events.push({ action: 'add', name });
    if (mask & IN_DELETE) events.push({ action: 'delete', name });
  }
  return events;
}
