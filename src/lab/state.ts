/**
 * What is known of a lab besides the kernel: its folder in the run directory, with the lab as it was last applied, a lock,
 * and a journal while it is changed. The folder is on a tmpfs, so that it ends with the namespaces. Source: tsip-lab(8).
 */

import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Kernel } from '../kernel/kernel.ts';
import { errnoOf, SystemError } from '../kernel/system/errors.ts';
import { EAGAIN, ENOENT } from '../linux/errno.ts';
import type { LabModel } from './model.ts';

/** Folder of all labs; TSIP_LAB_DIR replaces it. */
export const LABS_FOLDER = process.env['TSIP_LAB_DIR'] ?? '/run/tsip/labs';

/** What labs may be called. */
export const LAB_NAME = /^[a-z][a-z0-9-]*$/;

const FORMAT = 2;
const LOCK_EX = 2;
const LOCK_NB = 4;
const MODE = 0o755;

/** A service that was started. */
export interface ServiceState {
  /** `NODE/NAME`. */
  readonly key: string;
  readonly pid: number;
  /** Start time of the process in clock ticks: another process of that id has another one. */
  readonly started: string;
  readonly log: string;
  /** What was started; another command is another service. */
  readonly command: readonly string[];
}

/** A lab as it was last applied. */
export interface LabState {
  readonly format: number;
  readonly bootId: string;
  readonly model: LabModel;
  readonly services: readonly ServiceState[];
  /** Values that sysctls had before the lab changed them, by `NODE NAME`. */
  readonly originals: Readonly<Record<string, string>>;
  /** Ends that are impaired for a time. */
  readonly impaired?: readonly string[] | undefined;
}

/** What a change is between: undefined before the first. */
export interface Journal {
  readonly from: LabModel | undefined;
  readonly to: LabModel;
  /** Values that sysctls had before, of those that were changed. */
  readonly originals?: LabState['originals'] | undefined;
}

/** Somebody else changes the lab. */
export class LabBusyError extends Error {
  /** `lab` is its name. */
  constructor(lab: string) {
    super(`lab "${lab}" is being changed by another process`);
    this.name = 'LabBusyError';
  }
}

/** What is kept of one lab besides what the kernel has. */
export interface LabRecord {
  /** Folder for its files; it may not be there yet. */
  readonly path: string;
  /** Takes the lab for this caller; with `mayWait` once it is free. Throws {@link LabBusyError}, {@link SystemError}. */
  lock(kernel: Kernel, mayWait?: boolean): void;
  unlock(): void;
  /** The state; undefined if there is none. */
  read(): LabState | undefined;
  write(state: Omit<LabState, 'format' | 'bootId'>): void;
  /** What a change was between that did not come to its end. */
  journal(): Journal | undefined;
  begin(journal: Journal): void;
  finish(): void;
  /** Deletes everything. */
  remove(): void;
  /** A folder inside it. */
  subfolder(name: string): string;
}

/** The folder of one lab, where other processes find it. */
export class StateFolder implements LabRecord {
  readonly path: string;
  readonly #lab: string;
  #lock: number | undefined;

  constructor(lab: string) {
    this.#lab = lab;
    this.path = join(LABS_FOLDER, lab);
  }

  /** Takes the lab for this process; with `mayWait` once it is free. Throws {@link LabBusyError}, {@link SystemError}. */
  lock(kernel: Kernel, mayWait = false): void {
    const path = join(this.path, 'lock');
    for (;;) {
      makeFolder(this.path);
      const descriptor = openSync(path, 'a', 0o600);
      const result = kernel.calls.flock(descriptor, mayWait ? LOCK_EX : LOCK_EX | LOCK_NB);
      if (result < 0) {
        closeSync(descriptor);
        if (result === -EAGAIN) throw new LabBusyError(this.#lab);
        throw new SystemError(`cannot lock ${path}`, -result);
      }
      if (isFileAt(descriptor, path)) {
        this.#lock = descriptor;
        return;
      }
      // Who had the lock has deleted the folder.
      closeSync(descriptor);
    }
  }

  unlock(): void {
    if (this.#lock !== undefined) closeSync(this.#lock);
    this.#lock = undefined;
  }

  /** The state; undefined if there is none, or it is of another start of the machine. */
  read(): LabState | undefined {
    const state = this.#readJson('lab.json') as LabState | undefined;
    return state?.format === FORMAT && state.bootId === bootId() ? state : undefined;
  }

  write(state: Omit<LabState, 'format' | 'bootId'>): void {
    this.#writeJson('lab.json', { format: FORMAT, bootId: bootId(), ...state });
  }

  /** What a change was between that did not come to its end. */
  journal(): Journal | undefined {
    return this.#readJson('journal') as Journal | undefined;
  }

  begin(journal: Journal): void {
    this.#writeJson('journal', journal);
  }

  finish(): void {
    rmSync(join(this.path, 'journal'), { force: true });
  }

  /** Deletes the folder, and those above it that are empty. */
  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
    for (const folder of [LABS_FOLDER, join(LABS_FOLDER, '..')]) {
      try {
        rmdirSync(folder);
      } catch {
        break; // Another lab is there, or the folder is somebody else's.
      }
    }
  }

  /** A folder inside it. */
  subfolder(name: string): string {
    const path = join(this.path, name);
    makeFolder(path);
    return path;
  }

  #readJson(name: string): unknown {
    const path = join(this.path, name);
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      const errno = errnoOf(error);
      if (errno === ENOENT) return undefined;
      throw new SystemError(`cannot read ${path}`, errno);
    }
    try {
      return JSON.parse(text);
    } catch {
      return undefined; // It was cut off: the marks in the kernel say what there is.
    }
  }

  #writeJson(name: string, value: unknown): void {
    const path = join(this.path, name);
    writeFileSync(`${path}.new`, `${JSON.stringify(value)}\n`, { mode: 0o644 });
    renameSync(`${path}.new`, path);
  }
}

/** Names of the labs that have a folder. */
export function labFolders(): string[] {
  try {
    return readdirSync(LABS_FOLDER).sort();
  } catch {
    return [];
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: MODE });
  } catch (error) {
    throw new SystemError(`cannot make ${path}`, errnoOf(error));
  }
}

function isFileAt(descriptor: number, path: string): boolean {
  try {
    return statSync(path).ino === fstatSync(descriptor).ino;
  } catch {
    return false;
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}
