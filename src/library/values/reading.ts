/** How messages of one kind of object become values. */
import type { MessageRun } from '../../kernel/netlink/channel.ts';
import { wordsOf } from '../../wire/words.ts';
import type { Connection } from '../connection.ts';
import type { DeviceDirectory } from './devices.ts';

/**
 * Reads the message whose header begins at byte `start`, whose length has been checked; undefined for what is not such
 * an object. `words` are those of `bytes`.
 */
export type Reader<T> = (bytes: Buffer, start: number, words: Int32Array) => T | undefined;

/** Makes what reads the messages of one dump, or the events of one watcher, with the names of the devices in them. */
export type Reading<T> = (connection: Pick<Connection, 'words'>, directory: DeviceDirectory) => Reader<T>;

/** The objects of a run of messages for which `isWanted` is true. */
export function readRun<T>(
  { bytes, words, start, end }: MessageRun,
  read: Reader<T>,
  isWanted: ((value: T) => boolean) | undefined,
): T[] {
  const values: T[] = [];
  for (let at = start; at < end; at += (words[at >> 2]! + 3) & ~3) {
    const value = read(bytes, at, words);
    if (value !== undefined && (isWanted === undefined || isWanted(value))) values.push(value);
  }
  return values;
}

/** The object of a message; undefined for what is not such an object. */
export function readMessage<T>(
  read: Reader<T>,
  { bytes, start }: { bytes: Buffer; start: number },
): T | undefined {
  return read(bytes, start, wordsOf(bytes));
}
