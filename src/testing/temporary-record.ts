/** What is kept of a lab without a name: in this process, with a folder that is gone with it. */

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Journal, LabBusyError, type LabRecord, type LabState } from '../lab/state.ts';
import { makeFolder } from './scratch.ts';

export class TemporaryRecord implements LabRecord {
  readonly #lab: string;
  #path: string | undefined;
  #state: LabState | undefined;
  #journal: Journal | undefined;
  #isLocked = false;

  constructor(lab: string) {
    this.#lab = lab;
  }

  get path(): string {
    this.#path ??= makeFolder();
    return this.#path;
  }

  lock(): void {
    if (this.#isLocked) throw new LabBusyError(this.#lab);
    this.#isLocked = true;
  }

  unlock(): void {
    this.#isLocked = false;
  }

  read(): LabState | undefined {
    return this.#state;
  }

  write(state: Omit<LabState, 'format' | 'bootId'>): void {
    this.#state = { format: 1, bootId: '', ...state };
  }

  journal(): Journal | undefined {
    return this.#journal;
  }

  begin(journal: Journal): void {
    this.#journal = journal;
  }

  finish(): void {
    this.#journal = undefined;
  }

  remove(): void {
    this.#state = undefined;
    this.#journal = undefined;
    if (this.#path !== undefined) rmSync(this.#path, { recursive: true, force: true });
    this.#path = undefined;
  }

  subfolder(name: string): string {
    const path = join(this.path, name);
    mkdirSync(path, { recursive: true });
    return path;
  }
}
