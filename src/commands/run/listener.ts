/**
 * The engine's socket. It has no name, and clients reach it through the engine's descriptor in /proc, which only the same
 * user can follow. Its file is in a file system that is mounted nowhere, so nothing remains however the engine ends. Where
 * that is not allowed, it is in a folder that is removed as soon as the file is open.
 */
import { chmodSync, closeSync, constants, lstatSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check, SystemError } from '../../kernel/system/errors.ts';
import { openFileSystem } from '../../kernel/system/file-system.ts';
import { native, READABLE, type Watch } from '../../kernel/system/native.ts';
import { EAGAIN, ECONNABORTED, EINTR } from '../../linux/errno.ts';
import { AF_UNIX } from '../../linux/families.ts';
import { SOCK_STREAM } from '../../linux/sockets.ts';

/** open(2) O_PATH: a descriptor of the file itself. */
const O_PATH = 0o10000000;
/** Connections that the kernel keeps until they are accepted. */
const BACKLOG = 1024;
/** Errors of a connection that has ended before it was accepted. */
const PASSING: ReadonlySet<number> = new Set([EAGAIN, EINTR, ECONNABORTED]);
const REST_MS = 100;
const ONLY_OWN = 0o600;
/** sockaddr_un begins with its family. */
const FAMILY_LENGTH = 2;

export class Listener {
  readonly #socket: number;
  readonly #onConnection: (descriptor: number) => void;
  /** A descriptor of the socket's file. */
  readonly #file: number;
  readonly #inode: number;
  #watch: Watch | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** Listens, and calls `onConnection` for each connection, in its order. Throws if that is impossible. */
  constructor(onConnection: (descriptor: number) => void) {
    this.#onConnection = onConnection;
    const folder = openFolder();
    try {
      // Addresses are short, names of folders need not be.
      const path = `/proc/self/fd/${folder.descriptor}/socket`;
      this.#socket = check(native.socket(AF_UNIX, SOCK_STREAM, 0), 'cannot make a socket');
      check(native.bind(this.#socket, addressOf(path)), `cannot make a socket in ${folder.place}`);
      chmodSync(path, ONLY_OWN);
      check(native.listen(this.#socket, BACKLOG), 'cannot listen');
      this.#file = openSync(path, O_PATH | constants.O_NOFOLLOW);
      this.#inode = lstatSync(path).ino;
    } finally {
      folder.remove();
    }
    this.#listen();
  }

  /** Where clients find it: the descriptor and the inode of its file. */
  get place(): string {
    return `${this.#file}:${this.#inode}`;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#pause();
    closeSync(this.#file);
    closeSync(this.#socket);
  }

  #listen(): void {
    const watch = native.watch(this.#socket, READABLE, () => this.#accept());
    if (typeof watch === 'number') check(watch, 'cannot poll');
    else this.#watch = watch;
  }

  /** Where there are too few descriptors, it tries again soon. */
  #rest(): void {
    this.#pause();
    this.#timer = setTimeout(() => this.#listen(), REST_MS);
  }

  #pause(): void {
    if (this.#watch !== undefined) native.unwatch(this.#watch);
    this.#watch = undefined;
  }

  /** One connection in each turn of the event loop, so that all that it drives has its turn. */
  #accept(): void {
    const descriptor = native.accept(this.#socket);
    if (descriptor < 0) {
      if (!PASSING.has(-descriptor)) this.#rest();
      return;
    }
    this.#onConnection(descriptor);
  }
}

/** An open folder for a file that has no name later. */
interface Folder {
  readonly descriptor: number;
  /** For people. */
  readonly place: string;
  remove(): void;
}

function openFolder(): Folder {
  try {
    const descriptor = openFileSystem('tmpfs', 'mount of a tmpfs failed');
    return { descriptor, place: 'a tmpfs', remove: () => closeSync(descriptor) };
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return makeFolder();
  }
}

function makeFolder(): Folder {
  const path = mkdtempSync(join(runtimeFolder(), 'tsip-run-'));
  const descriptor = openSync(path, O_PATH | constants.O_DIRECTORY);
  const remove = () => {
    closeSync(descriptor);
    rmSync(path, { recursive: true, force: true });
  };
  return { descriptor, place: path, remove };
}

function addressOf(path: string): Buffer {
  const name = Buffer.from(path);
  const address = Buffer.alloc(FAMILY_LENGTH + name.length + 1);
  address.writeUInt16LE(AF_UNIX, 0);
  name.copy(address, FAMILY_LENGTH);
  return address;
}

/** The user's folder for files of this session, or that for files of all. */
function runtimeFolder(): string {
  const own = process.env['XDG_RUNTIME_DIR'];
  const found = own === undefined ? undefined : lstatSync(own, { throwIfNoEntry: false });
  return found?.isDirectory() && found.uid === process.geteuid?.() ? own! : tmpdir();
}
