/** `tsip lab impair`: what ends of links do to packets, printed, and changed while packets flow. */

import { constants } from 'node:os';
import { IMPAIRMENT_NAMES, NONE, readPatch } from '../../lab/format/quantities.ts';
import { type EndPatch, endsOf, type Impaired, onlyThese } from '../../lab/impairment/live.ts';
import { impairmentWords } from '../../lab/impairment/qdiscs.ts';
import type { NamedLab } from '../../lab/lab.ts';
import type { LabModel } from '../../lab/model.ts';
import { LAB_NAME, StateFolder } from '../../lab/state.ts';
import type { Context } from '../frame/context.ts';
import { compileGlob } from '../grammar/glob.ts';
import { Interruption } from './interrupt.ts';
import { type LabOptions, WrongLabOption } from './options.ts';
import { changeData, changeLine, EXIT, printJson } from './report.ts';
import { printColumns } from './show.ts';
import { appliedLab } from './source.ts';

/** What shells add to the number of a signal that ended a program. */
const SIGNALLED = 128;

/** Prints impairments, or changes them. */
export async function impair(options: LabOptions, context: Context): Promise<number> {
  const { lab, model } = appliedLab(options.lab, context);
  const { ends, said } = wordsOf(options.words);
  const chosen = chosenEnds(ends, model);
  if (said.length === 0 && !options.only) {
    if (options.for !== undefined) throw new WrongLabOption('--for: nothing is to be changed');
    return printAll(lab, model, chosen, options, context);
  }
  if (ends.length === 0) throw new WrongLabOption('name ends: impair LAB NODE:END delay 50ms');
  const patch = patchOf(said, options.only);
  return change(
    lab,
    chosen.map(end => ({ end, patch })),
    options,
    context,
  );
}

/** Ends come first: what has a colon is one. */
function wordsOf(words: readonly string[]): { readonly ends: string[]; readonly said: string[] } {
  const first = words.findIndex(word => !word.includes(':'));
  const at = first < 0 ? words.length : first;
  return { ends: words.slice(0, at), said: words.slice(at) };
}

function patchOf(words: readonly string[], isOnly: boolean): EndPatch['patch'] {
  if (words.length === 1 && words[0] === NONE) return onlyThese({});
  const said: Record<string, string> = {};
  for (let at = 0; at < words.length; at += 2) {
    const [name, value] = words.slice(at, at + 2);
    if (value === undefined && (IMPAIRMENT_NAMES as readonly string[]).includes(name!))
      throw new RangeError(`${name} has no value`);
    if (Object.hasOwn(said, name!)) throw new RangeError(`${name} is named twice`);
    said[name!] = value ?? '';
  }
  const patch = readPatch(said);
  return isOnly ? onlyThese(patch) : patch;
}

/** The ends that words name, which may be patterns; all of the lab if there are none. */
export function chosenEnds(words: readonly string[], model: LabModel): string[] {
  const known = endsOf(model);
  if (words.length === 0) return known;
  const found = new Set<string>();
  for (const word of words) {
    const matches = known.filter(compileGlob(word));
    if (matches.length === 0)
      throw new RangeError(`no end is called "${word}": there are ${known.join(', ') || 'none'}`);
    for (const end of matches) found.add(end);
  }
  return [...found];
}

async function printAll(
  lab: NamedLab,
  model: LabModel,
  ends: readonly string[],
  { json, words }: LabOptions,
  context: Context,
): Promise<number> {
  const found = await lab.impairments(model, ends);
  lab.store.release();
  const rows = [...found]
    .filter(([, impairment]) => impairment !== undefined || words.length > 0)
    .map(([end, impairment]) => ({ end, impairment: impairmentWords(impairment ?? {}) }));
  if (json) printJson(context, { lab: lab.name, ends: rows });
  else if (rows.length === 0) context.sink.write(`Nothing of lab "${lab.name}" is impaired.\n`);
  else
    printColumns(context, [
      ['END', 'IMPAIRMENT'],
      ...rows.map(({ end, impairment }) => [end, Object.entries(impairment).flat().join(' ') || NONE]),
    ]);
  return EXIT.done;
}

async function change(
  lab: NamedLab,
  patches: readonly EndPatch[],
  options: LabOptions,
  context: Context,
): Promise<number> {
  if (options.for === undefined) {
    print(lab, (await lab.impair(patches)).changes, options, context);
    return EXIT.done;
  }
  // A signal that comes while the ends are changed is one to take that back.
  using interruption = new Interruption();
  const impaired = await lab.impair(patches, true);
  print(lab, impaired.changes, options, context);
  context.sink.flush();
  await interruption.wait(options.for);
  print(lab, await lab.unimpair(impaired, true), options, context);
  const { signal } = interruption;
  return signal === undefined ? EXIT.done : SIGNALLED + constants.signals[signal];
}

function print(lab: NamedLab, changes: Impaired['changes'], { json }: LabOptions, context: Context): void {
  if (json) printJson(context, { lab: lab.name, changes: changes.map(changeData) });
  else if (changes.length === 0) context.sink.write(`No changes. Lab "${lab.name}" is as it is to be.\n`);
  else for (const one of changes) context.sink.write(`${changeLine(one)}\n`);
}

/** Ends of a lab that are not named yet. */
export function endCandidates(lab: string, named: readonly string[]): readonly string[] {
  const model = LAB_NAME.test(lab) ? new StateFolder(lab).read()?.model : undefined;
  return model === undefined ? [] : endsOf(model).filter(end => !named.includes(end));
}

/** What may come next after the name of the lab: ends, then values that are not named yet. */
export async function impairCandidates(before: readonly string[]): Promise<readonly string[]> {
  const [name = '', ...words] = before;
  const { ends, said } = wordsOf(words.filter(word => !word.startsWith('--')));
  if (said.length % 2 === 1) return said.at(-1) === NONE ? [] : [NONE];
  const names = [
    ...IMPAIRMENT_NAMES.filter(one => !said.includes(one)),
    ...(said.length === 0 ? [NONE] : []),
  ];
  if (said.length > 0) return names;
  const known = endCandidates(name, ends);
  return [...known, ...(ends.length === 0 ? [] : names)];
}
