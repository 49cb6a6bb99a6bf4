/**
 * An option of nsenter or unshare: one row has how it is written, what it does to what has been read, its line in
 * --help, and what a shell offers as its value. The tables are nsenter-options.ts and unshare-options.ts.
 */

import type { Kind } from '../../namespaces/kinds.ts';
import { InformationRequest } from './command-line-error.ts';
import { type OptionRule, readOptions } from './getopt.ts';

/** What a shell offers as the value of an option: words, what is found on this machine, files or folders. */
export interface OptionValues {
  readonly words?: () => readonly string[];
  readonly live?: 'namespaceFiles' | 'processes' | 'users' | 'groups' | 'userIds' | 'groupIds';
  readonly paths?: 'files' | 'folders';
}

export interface ProgramOption<Draft> extends OptionRule {
  /** The heading that it stands under in --help. */
  readonly group: string;
  /** What it does. Its argument, if it takes one, is named in capitals. */
  readonly help: string;
  readonly values?: OptionValues;
  /** Its effect on what has been read so far. An option that requires a value has one. */
  readonly apply: (draft: Draft, value: string | undefined) => void;
}

/** An option that requires a value. */
export function valued<Draft>(
  row: Omit<ProgramOption<Draft>, 'argument' | 'apply'>,
  apply: (draft: Draft, value: string) => void,
): ProgramOption<Draft> {
  return { ...row, argument: 'required', apply: (draft, value) => apply(draft, value!) };
}

/** What differs between the options that name a kind of namespace in nsenter and those in unshare. */
export interface NamespaceOptions<Draft> extends Pick<OptionRule, 'letterArgument'> {
  readonly help: (what: string) => string;
  readonly apply: (draft: Draft, kind: Kind, value: string | undefined) => void;
}

/** An option that is named by a kind of namespace. */
export function namespaceOption<Draft>(
  { help, apply, ...rest }: NamespaceOptions<Draft>,
  letter: string,
  kind: Kind,
  { name = kind, what = name }: { readonly name?: string; readonly what?: string } = {},
): ProgramOption<Draft> {
  return {
    name,
    letter,
    argument: 'optional',
    ...rest,
    group: 'Namespaces',
    help: help(what),
    values: { paths: 'files', ...(kind === 'net' ? { live: 'namespaceFiles' } : {}) },
    apply: (draft, value) => apply(draft, kind, value),
  };
}

function information(name: 'help' | 'version', letter: string, help: string): ProgramOption<unknown> {
  return {
    name,
    letter,
    argument: 'none',
    group: 'Information',
    help,
    apply: () => {
      throw new InformationRequest(name);
    },
  };
}

export const HELP = information('help', 'h', 'show this text');
export const VERSION = information('version', 'V', 'show the version');

/** Options that the originals do not have; `program.ts` looks at them. */
export const OWN_OPTIONS: readonly ProgramOption<unknown>[] = [
  { name: 'trace', help: 'print every step that is taken on stderr' },
  { name: 'dry-run', help: 'print the steps and take none' },
].map(row => ({ ...row, group: 'Information', argument: 'none', isOurs: true, apply: () => undefined }));

/** Applies the options in `words` to `draft`; returns the operands. */
export function applyOptions<Draft>(
  draft: Draft,
  words: readonly string[],
  options: readonly ProgramOption<Draft>[],
): readonly string[] {
  const given = readOptions(words, options);
  for (;;) {
    const next = given.next();
    if (next.done) return next.value;
    const { name, value } = next.value;
    options.find(option => option.name === name)!.apply(draft, value);
  }
}
