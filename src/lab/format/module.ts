/** Labs that are modules: JavaScript, or TypeScript where Node reads it. They run as any program of their author does. */

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LabFileError } from './problems.ts';

/** What a module exports by default. Rejects with {@link LabFileError}. */
export async function importLab(file: string): Promise<object> {
  let module: { readonly default?: unknown };
  try {
    const address = pathToFileURL(resolve(file)).href;
    module = await import(address);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const hint =
      code === 'ERR_UNKNOWN_FILE_EXTENSION'
        ? ' (Node reads TypeScript from 22.18 on: with older ones name a .js or .mjs file)'
        : '';
    throw wrong(file, `${(error as Error).message}${hint}`);
  }
  const found = module.default;
  if (typeof found !== 'object' || found === null) throw wrong(file, 'exports no lab by default');
  return found;
}

function wrong(file: string, message: string): LabFileError {
  return new LabFileError([{ message, path: file, place: undefined }]);
}
