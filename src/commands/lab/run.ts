/** `tsip lab run`: a lab for one command. It is applied, the command runs, and whatever happens it is destroyed. */

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setVariable } from '../../kernel/system/environment.ts';
import { nativeFolder } from '../../kernel/system/native.ts';
import type { NamedLab } from '../../lab/lab.ts';
import type { LabModel } from '../../lab/model.ts';
import { spawnIn } from '../../lab/program.ts';
import { rootlessPlan } from '../../namespaces/plans/rootless-plan.ts';
import { userNamespacesForbidden } from '../../namespaces/rootless/forbidden.ts';
import type { Context } from '../frame/context.ts';
import { runCommand } from '../run/child.ts';
import { endOf } from './exec.ts';
import { interruptible } from './interrupt.ts';
import { type LabOptions, WrongLabOption } from './options.ts';
import { EXIT } from './report.ts';
import { labOf, OUTWARD_NODE, outwardLab, readLab } from './source.ts';

const SIGNALLED = 128;
/** Bytes of what makes the name of a lab its own. */
const SUFFIX_BYTES = 3;

/** Runs the command after `--`; TSIP_LAB has the lab's name. */
export async function run(options: LabOptions, context: Context): Promise<number> {
  const { command } = options;
  if (command.length === 0) throw new WrongLabOption('a command is missing: run FILE -- COMMAND');
  if (options.rootless && options.internet)
    throw new WrongLabOption('--internet needs root: from a user namespace no way leads out');
  if (options.file === '' && !options.internet)
    throw new WrongLabOption('a file is missing: run FILE -- COMMAND');
  if (options.rootless) return becomeRootless(options, context);
  const model = await modelOf(options);
  if (options.node !== undefined && !model.nodes.some(({ name }) => name === options.node))
    throw new RangeError(`lab "${model.name}" has no node "${options.node}"`);
  const lab = labOf(model.name, context);
  let exitCode: number;
  try {
    await interruptible(signal => lab.apply(model, { signal }));
    const node = options.node ?? (options.file === '' ? OUTWARD_NODE : undefined);
    exitCode = await runInside(lab, { ...options, node }, context);
  } catch (error) {
    if (!options.keep) await lab.destroy();
    throw error;
  }
  if (options.keep && exitCode !== 0) {
    context.complain(`Lab "${model.name}" is kept; "tsip lab destroy ${model.name}" removes it.`);
    return exitCode;
  }
  const { leftovers } = await lab.destroy();
  if (leftovers.length === 0) return exitCode;
  context.complain([`Lab "${model.name}" is not gone:`, ...leftovers.map(one => `    ${one}`)].join('\n'));
  return exitCode === 0 ? EXIT.leftovers : exitCode;
}

/** Each call has its own lab, so that several may run at once. */
async function modelOf(options: LabOptions): Promise<LabModel> {
  const suffix = randomBytes(SUFFIX_BYTES).toString('hex');
  if (options.file === '') return outwardLab(options.name ?? `run-${suffix}`);
  const read = await readLab(options);
  const model =
    options.name === undefined ? await readLab(options, `${read.name.slice(0, 32)}-${suffix}`) : read;
  if (!options.internet) return model;
  if (options.node === undefined)
    throw new WrongLabOption('--internet: name the node of the command by --node');
  const nodes = model.nodes.map(node => (node.name === options.node ? { ...node, internet: true } : node));
  return { ...model, nodes };
}

async function runInside(lab: NamedLab, { command, node }: LabOptions, context: Context): Promise<number> {
  setVariable('TSIP_LAB', lab.name);
  context.giveTerminalAway();
  if (node === undefined) {
    const { status, signal } = await runCommand(command, 'tsip lab');
    return signal === 0 ? status : SIGNALLED + signal;
  }
  // A terminal sends its signals to the command, too, and we wait for its end.
  return interruptible(async () => endOf(spawnIn(lab.place(node), command, { stdio: 'inherit' })));
}

/** Replaces this process by the same call in a user namespace, where it is root, with a separate run directory. */
function becomeRootless({ file, command, name, vars, node, keep }: LabOptions, context: Context): number {
  const words = [
    ...(name === undefined ? [] : ['--name', name]),
    ...Object.entries(vars).flatMap(([variable, value]) => ['--set', `${variable}=${value}`]),
    ...(node === undefined ? [] : ['--node', node]),
    ...(keep ? ['--keep'] : []),
  ];
  const tsip = join(nativeFolder(), 'tsip');
  const plan = rootlessPlan([tsip, 'lab', 'run', ...words, file, '--', ...command]);
  const at = plan.steps.findIndex(({ step }) => step === 'exec');
  const mount = {
    step: 'mount',
    source: 'tsip',
    target: '/run',
    type: 'tmpfs',
    flags: 0,
    data: 'mode=755',
    fails: 'cannot mount a file system on /run',
  } as const;
  const steps = [...plan.steps.slice(0, at), mount, ...plan.steps.slice(at)].map(step =>
    step.step === 'unshare' && step.fails !== undefined
      ? { ...step, fails: `${userNamespacesForbidden()}: ${step.fails}` }
      : step,
  );
  context.giveTerminalAway();
  return context.kernel.plans.exec({ ...plan, program: 'tsip lab', failure: EXIT.undone, steps }, [
    'tsip',
    'lab',
  ]);
}
