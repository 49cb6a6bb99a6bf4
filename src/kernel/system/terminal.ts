/** Terminals. The addon asks, because loading `node:tty` takes as long as many a command. */
import { native } from './native.ts';

/** Whether a descriptor is a terminal; false for a closed one. */
export function isTerminal(descriptor: number): boolean {
  return native.isatty(descriptor) > 0;
}
