/** `tsip lab validate`, `plan`, `apply`, `diff` and `destroy`. */

import type { Plan } from '../../lab/plan.ts';
import { LAB_NAME } from '../../lab/state.ts';
import type { Context } from '../frame/context.ts';
import { interruptible } from './interrupt.ts';
import type { LabOptions } from './options.ts';
import { Progress } from './progress.ts';
import {
  changeData,
  changeLine,
  EXIT,
  foreignLine,
  listed,
  printJson,
  summaryData,
  summaryLine,
} from './report.ts';
import { appliedLab, labOf, nameOfLab, readLab } from './source.ts';

/** Reads a file and says that nothing is wrong with it. */
export async function validate(options: LabOptions, context: Context): Promise<number> {
  const model = await readLab(options);
  const counts = {
    nodes: model.nodes.length,
    networks: model.networks.length,
    devices: model.nodes.reduce((sum, { devices }) => sum + devices.length, 0),
    checks: model.checks.length,
  };
  if (options.json) printJson(context, { lab: model.name, valid: true, ...counts });
  else
    context.sink.write(
      `Lab "${model.name}": ${counts.nodes} nodes, ${counts.networks} networks, ${counts.devices} devices. Nothing is wrong.\n`,
    );
  return EXIT.done;
}

/** Prints what applying a file would change. */
export async function plan(options: LabOptions, context: Context): Promise<number> {
  const model = await readLab(options);
  return printPlan(
    await labOf(model.name, context).plan(model, planOptions(options)),
    model.name,
    options,
    context,
  );
}

/** Prints what has changed in the kernel since a lab was applied. */
export async function diff(options: LabOptions, context: Context): Promise<number> {
  const { lab, model } = appliedLab(options.lab, context);
  return printPlan(await lab.plan(model, planOptions(options)), model.name, options, context);
}

function planOptions({ foreign }: LabOptions) {
  return { hasForeign: foreign };
}

function printPlan({ changes, foreign }: Plan, lab: string, options: LabOptions, context: Context): number {
  if (options.json) {
    printJson(context, {
      format: 1,
      lab,
      changes: changes.map(changeData),
      ...(options.foreign ? { foreign } : {}),
      summary: summaryData(changes),
    });
  } else {
    const { sink } = context;
    if (changes.length === 0) sink.write(`No changes. Lab "${lab}" is as it is to be.\n`);
    for (const change of listed(changes)) sink.write(`${changeLine(change)}\n`);
    if (options.foreign) for (const found of foreign) sink.write(`${foreignLine(found)}\n`);
    if (changes.length > 0) sink.write(`${summaryLine('Plan', changes)}\n`);
  }
  return options.exitCode && changes.length > 0 ? EXIT.changes : EXIT.done;
}

/** Makes a lab as its file says. */
export async function apply(options: LabOptions, context: Context): Promise<number> {
  const model = await readLab(options);
  const progress = new Progress(context, options.json);
  try {
    const { changes, started } = await interruptible(signal =>
      labOf(model.name, context).apply(model, {
        adopt: options.adopt,
        keep: options.keep,
        signal,
        onProgress: (done, all) => progress.show(done, all),
      }),
    );
    progress.clear();
    if (options.json) {
      for (const change of changes) printJson(context, { ...changeData(change), done: true });
      printJson(context, { lab: model.name, started, summary: summaryData(changes) });
    } else {
      for (const change of listed(changes)) context.sink.write(`${changeLine(change)}\n`);
      for (const key of started) context.sink.write(`  + service ${key}\n`);
      if (changes.length > 0) context.sink.write(`${summaryLine(`Lab "${model.name}"`, changes)}\n`);
      else if (started.length === 0)
        context.sink.write(`No changes. Lab "${model.name}" is as it is to be.\n`);
    }
    return EXIT.done;
  } finally {
    progress.clear();
  }
}

/** Removes labs. */
export async function destroy(options: LabOptions, context: Context): Promise<number> {
  let exitCode: number = EXIT.done;
  for (const word of options.labs) {
    const name = await nameOfLab(word, options);
    if (!LAB_NAME.test(name)) throw new RangeError(`"${name}" is not a name of a lab`);
    const { namespaces, processes, leftovers } = await labOf(name, context).destroy();
    if (options.json) printJson(context, { lab: name, namespaces, processes, leftovers });
    else if (leftovers.length > 0)
      context.complain([`Lab "${name}" is not gone:`, ...leftovers.map(one => `    ${one}`)].join('\n'));
    else if (namespaces === 0) context.sink.write(`There is no lab "${name}".\n`);
    else
      context.sink.write(
        `Lab "${name}" is gone: ${namespaces} namespaces${processes === 0 ? '' : `, ${processes} processes`}.\n`,
      );
    if (leftovers.length > 0) exitCode = EXIT.leftovers;
  }
  return exitCode;
}
