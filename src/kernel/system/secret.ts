/**
 * Secrets that people type: read from the terminal, which does not show them, or from standard input if there is no
 * terminal. Sources: asm-generic/termbits.h, asm-generic/ioctls.h.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { STDERR, STDIN } from '../../linux/descriptors.ts';
import { ECHO, ISIG, TCGETS, TCSETSF } from '../../linux/terminals.ts';
import { load32, store32 } from '../../wire/integers.ts';
import { native } from './native.ts';

/** struct termios: four sets of flags, of which the last is c_lflag, and the control characters. */
const TERMIOS_LENGTH = 60;
const LOCAL_FLAGS = 12;
const LINE_END = 0x0a;

/** Prompts for a line and returns it up to its first NUL, without its end. `write` writes on a descriptor. */
export function readSecret(prompt: string, write: (descriptor: number, text: string) => void): Buffer {
  const terminal = openTerminal();
  const [input, output] = terminal === undefined ? [STDIN, STDERR] : [terminal, terminal];
  const show = hideInput(input);
  try {
    write(output, prompt);
    const line = readLine(input);
    if (show !== undefined) write(output, '\n');
    return line;
  } finally {
    show?.();
    if (terminal !== undefined) closeSync(terminal);
  }
}

function openTerminal(): number | undefined {
  try {
    return openSync('/dev/tty', 'r+');
  } catch {
    return undefined;
  }
}

/** Has a terminal not show what is typed. Returns what undoes that; undefined if it is not a terminal. */
function hideInput(descriptor: number): (() => void) | undefined {
  const before = Buffer.alloc(TERMIOS_LENGTH);
  if (native.ioctlBytes(descriptor, TCGETS, before) < 0) return undefined;
  const hidden = Buffer.from(before);
  store32(hidden, load32(before, LOCAL_FLAGS) & ~(ECHO | ISIG), LOCAL_FLAGS);
  native.ioctlBytes(descriptor, TCSETSF, hidden);
  return () => native.ioctlBytes(descriptor, TCSETSF, before);
}

/** Byte by byte, so that what follows the line stays for others. */
function readLine(descriptor: number): Buffer {
  const bytes: number[] = [];
  const one = Buffer.alloc(1);
  while (readByte(descriptor, one) && one[0] !== LINE_END) bytes.push(one[0]!);
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.slice(0, end));
}

function readByte(descriptor: number, into: Buffer): boolean {
  try {
    return readSync(descriptor, into) > 0;
  } catch {
    return false;
  }
}
