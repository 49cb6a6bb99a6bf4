/** How many columns the terminal behind a descriptor has. Source: ioctl_tty(2) TIOCGWINSZ. */
import { TIOCGWINSZ } from '../../linux/sockets.ts';
import { native } from './native.ts';

/** struct winsize: rows, columns, and their sizes in pixels, 16 bits each. */
const WINSIZE_LENGTH = 8;
const COLUMNS_AT = 2;

/** Undefined if the descriptor is not a terminal, or the terminal does not know. */
export function terminalWidth(descriptor: number): number | undefined {
  const size = Buffer.alloc(WINSIZE_LENGTH);
  if (native.ioctlBytes(descriptor, TIOCGWINSZ, size) < 0) return undefined;
  return size.readUInt16LE(COLUMNS_AT) || undefined;
}
