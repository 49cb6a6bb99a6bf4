/** The lab that words of the command line mean: a file, or the name of one that was applied. */

import { existsSync } from 'node:fs';
import { NamedLab } from '../../lab/lab.ts';
import { loadLab } from '../../lab/load.ts';
import type { LabModel } from '../../lab/model.ts';
import { LAB_NAME } from '../../lab/state.ts';
import type { Context } from '../frame/context.ts';
import { ipWords } from './ip-words.ts';
import type { LabOptions } from './options.ts';

/** Reads a file. Rejects with {@link LabFileError}. */
export function readLab({ file, name, vars }: LabOptions, nameInstead = name): Promise<LabModel> {
  return loadLab(file, ipWords, { name: nameInstead, vars });
}

/** A lab of one node that reaches what the host reaches. */
export function outwardLab(name: string): Promise<LabModel> {
  return loadLab({ lab: name, nodes: { [OUTWARD_NODE]: { internet: true } } }, ipWords);
}

/** The name of that node. */
export const OUTWARD_NODE = 'node';

/** The lab of a name. */
export function labOf(name: string, { kernel }: Context): NamedLab {
  return new NamedLab(name, ipWords, kernel);
}

/** A lab that was applied, with what it was then. Throws `RangeError`. */
export function appliedLab(name: string, context: Context): { lab: NamedLab; model: LabModel } {
  const lab = labOf(name, context);
  const model = LAB_NAME.test(name) ? lab.state?.model : undefined;
  if (model === undefined)
    throw new RangeError(`there is no lab "${name}"; "tsip lab list" lists those that there are`);
  return { lab, model };
}

/** Whether a word is the name of a file rather than that of a lab. */
export function isFileName(word: string): boolean {
  return word.includes('/') || /\.(ya?ml|json|[cm]?[jt]s)$/.test(word);
}

/** The name of the lab that a word means: of a file the one that it describes. */
export async function nameOfLab(word: string, options: LabOptions): Promise<string> {
  if (options.name !== undefined) return options.name;
  if (!isFileName(word)) return word;
  if (existsSync(word)) return (await readLab({ ...options, file: word })).name;
  throw new RangeError(`there is no file ${word}: name the lab itself`);
}
