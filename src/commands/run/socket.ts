/**
 * The engine's socket. It has no name: its file is removed as soon as it is open, and clients reach it through the engine's
 * descriptor in /proc, which only the same user can follow. So nothing remains however the engine ends.
 */
import { constants, lstatSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** open(2) O_PATH: a descriptor of the file itself. */
const O_PATH = 0o10000000;

/** A socket that listens. */
export interface ListeningSocket {
  readonly descriptor: number;
  readonly inode: number;
}

/** Has a server listen. Rejects if it cannot. */
export async function listen(server: Server, backlog: number): Promise<ListeningSocket> {
  const folder = mkdtempSync(join(runtimeFolder(), 'tsip-run-'));
  try {
    const path = join(folder, 'socket');
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ path, backlog }, resolve);
    });
    const descriptor = openSync(path, O_PATH | constants.O_NOFOLLOW);
    return { descriptor, inode: lstatSync(path).ino };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The user's folder for files of this session, or that for files of all. */
function runtimeFolder(): string {
  const own = process.env['XDG_RUNTIME_DIR'];
  const found = own === undefined ? undefined : lstatSync(own, { throwIfNoEntry: false });
  return found?.isDirectory() && found.uid === process.geteuid?.() ? own! : tmpdir();
}
