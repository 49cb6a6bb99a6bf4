/**
 * `--line-netns`: lines of a batch, each in its own network namespace. This process's main thread moves from one to the
 * other; the mount namespace stays, and with it the files of names.
 */

import { closeSync, fstatSync, openSync, type Stats, statSync } from 'node:fs';
import type { SystemCalls } from '../../kernel/kernel.ts';
import { errnoOf, SystemError } from '../../kernel/system/errors.ts';
import { OWN_NETWORK } from '../../linux/namespaces.ts';
import { pathOfNamespace } from '../../namespaces/named.ts';
import { cannotEnter, cannotOpen } from '../../namespaces/plans/named-plan.ts';
import { moveToNetwork } from '../../namespaces/plans/switch.ts';
import { encodeText } from '../../wire/text.ts';
import type { Context } from '../frame/context.ts';
import type { NamespaceState } from '../frame/namespace-state.ts';

/** Two descriptors each: a process may have 1024 as a rule. */
const MAX_KEPT = 128;

interface Kept {
  readonly descriptor: number;
  /** What the file of its name was when it was opened. */
  readonly identity: Pick<Stats, 'dev' | 'ino'>;
  readonly place: NamespaceState;
}

export class LineNamespaces {
  readonly #context: Context;
  readonly #beforeMove: () => void;
  /** Opened when it is left for the first time. */
  #home: number | undefined;
  readonly #homePlace: NamespaceState;
  /** By name, the one that was used last at the end. */
  readonly #kept = new Map<string, Kept>();
  #current: Kept | undefined;

  /** `beforeMove` is called before commands run somewhere else. */
  constructor(context: Context, beforeMove: () => void) {
    this.#context = context;
    this.#beforeMove = beforeMove;
    this.#homePlace = context.state.place;
  }

  /** Goes into the namespace `name`, or home. Throws {@link SystemError} in the words of `ip -n`. */
  enter(name: string | undefined): void {
    if (name === undefined) {
      this.#leave();
      return;
    }
    const kept = this.#find(name) ?? this.#open(name);
    this.#kept.delete(name);
    this.#kept.set(name, kept);
    if (kept === this.#current) return;
    this.#beforeMove();
    try {
      this.#home ??= openHome(this.#context.kernel.calls, cannotEnter(name));
      moveToNetwork(this.#context.kernel.calls, kept.descriptor, cannotEnter(name));
    } catch (error) {
      this.#drop(name, kept);
      throw error;
    }
    this.#current = kept;
    this.#context.state.place = kept.place;
  }

  /** Goes home and lets go of all namespaces: one that has lost its name ends, unless others hold it. */
  release(): void {
    this.#leave();
    for (const [name, kept] of this.#kept) this.#drop(name, kept);
  }

  /** Releases all; to be called when no other line follows. */
  close(): void {
    this.release();
    if (this.#home !== undefined) closeSync(this.#home);
  }

  /** The namespace `name`, if it is still the one that was opened. */
  #find(name: string): Kept | undefined {
    const kept = this.#kept.get(name);
    if (kept === undefined) return undefined;
    const { dev, ino } = kept.identity;
    const found = identityOf(name);
    if (found?.dev === dev && found.ino === ino) return kept;
    this.#drop(name, kept);
    return undefined;
  }

  #open(name: string): Kept {
    let descriptor: number;
    try {
      descriptor = openSync(encodeText(pathOfNamespace(name)), 'r');
    } catch (error) {
      throw new SystemError(cannotOpen(name), errnoOf(error));
    }
    const [oldest] = this.#kept;
    if (oldest !== undefined && this.#kept.size === MAX_KEPT) this.#drop(...oldest);
    return { descriptor, identity: fstatSync(descriptor), place: this.#context.newPlace(false) };
  }

  #drop(name: string, kept: Kept): void {
    if (kept === this.#current) this.#leave();
    this.#kept.delete(name);
    kept.place.close();
    closeSync(kept.descriptor);
  }

  #leave(): void {
    if (this.#current === undefined || this.#home === undefined) return;
    this.#beforeMove();
    moveToNetwork(this.#context.kernel.calls, this.#home, 'setns');
    this.#current = undefined;
    this.#context.state.place = this.#homePlace;
  }
}

/** Throws {@link SystemError} where we could not come back: who is root only in a new user namespace may not. */
function openHome(calls: SystemCalls, fails: string): number {
  const home = openSync(OWN_NETWORK, 'r');
  try {
    moveToNetwork(calls, home, fails);
    return home;
  } catch (error) {
    closeSync(home);
    throw error;
  }
}

function identityOf(name: string): Stats | undefined {
  try {
    return statSync(encodeText(pathOfNamespace(name)), { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
