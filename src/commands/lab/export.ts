/** `tsip lab export`: a lab, or namespaces of any origin, as a lab file. */

import { closeSync } from 'node:fs';
import { NETWORKS } from '../../lab/desired.ts';
import { containerlabFile } from '../../lab/export/containerlab.ts';
import { type ExportedLab, type ExportOptions, exportNamespaces } from '../../lab/export/lab-file.ts';
import { nodeNames } from '../../lab/export/names.ts';
import { loadLab } from '../../lab/load.ts';
import { findNamespace } from '../../namespaces/inventory/naming.ts';
import { type NamespaceEntry, openNamespace, readRegistry } from '../../namespaces/inventory/registry.ts';
import type { Context } from '../frame/context.ts';
import { ipWords } from './ip-words.ts';
import { type LabOptions, WrongLabOption } from './options.ts';
import { EXIT } from './report.ts';
import { labOf } from './source.ts';

/** Prints the file; what it does not say goes to the standard error. */
export async function exportLab(options: LabOptions, context: Context): Promise<number> {
  const { file, text, lost } = await exportedBy(options, context);
  if (options.format === 'containerlab') {
    // What the format of labs does not say, that of containerlab does not say either.
    const topology = containerlabFile(await loadLab(file, ipWords));
    context.sink.write(topology.text);
    for (const line of [...lost, ...topology.lost]) context.complain(`not carried over: ${line}`);
    return EXIT.done;
  }
  const isJson = options.json || options.format === 'json';
  context.sink.write(isJson ? `${JSON.stringify(file, undefined, 2)}\n` : text);
  for (const line of lost) context.complain(`not carried over: ${line}`);
  return EXIT.done;
}

async function exportedBy(options: LabOptions, context: Context): Promise<ExportedLab> {
  const [only] = options.names;
  if (options.names.length === 1 && !options.all && /^[a-z][a-z0-9-]*$/.test(only!)) {
    const lab = labOf(only!, context);
    if (lab.exists) {
      try {
        const nodes = lab.store.names();
        const namespaces = nodes.map(name => ({ name, descriptor: lab.store.open(name)! }));
        return await exportNamespaces(
          namespaces,
          ipWords,
          {
            lab: options.name ?? only!,
            isMinimal: options.minimal,
            networks: NETWORKS,
            model: lab.state?.model,
          },
          context.kernel,
        );
      } finally {
        lab.store.release();
      }
    }
  }
  return exportEntries(chosen(options), options, context);
}

/** The namespaces that words mean. */
function chosen({ names, all }: LabOptions): { readonly word: string; readonly entry: NamespaceEntry }[] {
  const { namespaces } = readRegistry();
  if (all)
    return namespaces
      .filter(({ isCurrent, problem }) => !isCurrent && problem === undefined)
      .map(entry => ({ word: entry.label, entry }));
  if (names.length === 0) throw new WrongLabOption('name a lab, or namespaces, or --all');
  return names.map(word => {
    const entry = findNamespace(namespaces, word);
    if (entry === undefined) throw new RangeError(`no lab and no network namespace is called "${word}"`);
    return { word, entry };
  });
}

async function exportEntries(
  entries: readonly { readonly word: string; readonly entry: NamespaceEntry }[],
  { name, minimal }: LabOptions,
  { kernel }: Context,
): Promise<ExportedLab> {
  const { lab, names } = nodeNames(entries.map(({ word }) => word));
  const open: { name: string; descriptor: number }[] = [];
  try {
    for (const [at, { entry }] of entries.entries())
      open.push({ name: names[at]!, descriptor: openNamespace(entry) });
    const options: ExportOptions = { lab: name ?? lab ?? 'exported', isMinimal: minimal };
    return await exportNamespaces(open, ipWords, options, kernel);
  } finally {
    for (const { descriptor } of open) closeSync(descriptor);
  }
}
