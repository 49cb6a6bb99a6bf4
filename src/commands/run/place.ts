/**
 * Where the engine's thread is: its network namespace and working directory. It is at home between calls, so that it keeps
 * nothing in use for which there is no call.
 */
import { closeSync, constants, openSync } from 'node:fs';
import { HomeNetwork } from '../../kernel/system/namespace.ts';
import { native } from '../../kernel/system/native.ts';
import type { Caller, Identity } from './caller.ts';

/** open(2) O_PATH: a descriptor of the folder itself. */
const O_PATH = 0o10000000;

/** A place to go to for a call. */
export interface Place {
  /** The process whose working directory it is; undefined for the engine's own. */
  readonly folderOf: number | undefined;
  /** An open descriptor of a network namespace; undefined for the engine's own. */
  readonly network: number | undefined;
}

export class Home {
  readonly #own: Identity;
  readonly #folder: number;
  readonly #network = new HomeNetwork(native);

  constructor(own: Identity) {
    this.#own = own;
    this.#folder = openSync('.', O_PATH | constants.O_DIRECTORY);
  }

  close(): void {
    closeSync(this.#folder);
    this.#network.close();
  }

  /** The place of a caller, in the network namespace that `network` is open on, or its own. */
  placeOf(caller: Caller, network: number | undefined): Place {
    return { folderOf: caller.folder === this.#own.folder ? undefined : caller.pid, network };
  }

  /** Whether a caller is in the engine's network namespace. */
  hasSameNetwork(caller: Caller): boolean {
    return caller.network === this.#own.network;
  }

  /** Goes to a place; returns false, and is at home, if that is impossible. */
  enter({ folderOf, network }: Place): boolean {
    if (network !== undefined && !this.#network.leaveFor(network)) return false;
    try {
      if (folderOf !== undefined) process.chdir(`/proc/${folderOf}/cwd`);
      return true;
    } catch {
      this.leave({ folderOf: undefined, network });
      return false;
    }
  }

  /** Comes back from it. */
  leave({ folderOf, network }: Place): void {
    if (folderOf !== undefined) process.chdir(`/proc/self/fd/${this.#folder}`);
    if (network !== undefined) this.#network.return();
  }
}
