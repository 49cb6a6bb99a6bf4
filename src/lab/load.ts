/** From a file or an object to a lab that is right in itself: everything that can be checked without the kernel is. */

import { deviceNames, wantedNodes } from './desired.ts';
import { type LoadOptions, loadFile, loadObject } from './format/load.ts';
import { type ResolveOptions, resolveLab } from './format/resolve.ts';
import type { LabFile } from './format/shape.ts';
import { freshIndices } from './indices.ts';
import type { LabModel } from './model.ts';
import type { IpWords } from './words.ts';

/** How a lab is loaded. */
export interface LabSourceOptions extends LoadOptions, ResolveOptions {}

/** Reads and checks a lab. Rejects with {@link LabFileError}, which has everything that is wrong. */
export async function loadLab(
  source: string | LabFile,
  words: IpWords,
  options: LabSourceOptions = {},
): Promise<LabModel> {
  const loaded = typeof source === 'string' ? await loadFile(source, options) : loadObject(source, options);
  const model = resolveLab(loaded, options);
  loaded.problems.check(loaded.lines);
  await wantedNodes(model, freshIndices(deviceNames(model)), words, loaded.problems);
  loaded.problems.check(loaded.lines);
  return model;
}
