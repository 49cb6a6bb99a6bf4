/** `tsip lab check` and `wait`. */

import { readFileSync } from 'node:fs';
import type { LabModel } from '../../lab/model.ts';
import { visible } from '../../wire/visible.ts';
import type { Context } from '../frame/context.ts';
import type { LabOptions } from './options.ts';
import { EXIT, printJson } from './report.ts';
import { appliedLab } from './source.ts';

/** Makes the checks of a lab, and prints each with its outcome. */
export async function check({ lab: name, json }: LabOptions, context: Context): Promise<number> {
  const { lab, model } = appliedLab(name, context);
  let failed = 0;
  for await (const { check, isPassed, reason, took } of lab.check(model)) {
    if (!isPassed) failed++;
    const milliseconds = Math.round(took);
    if (json)
      printJson(context, {
        check: check.text,
        not: check.isNegated,
        passed: isPassed,
        ...(reason && { reason }),
        milliseconds,
      });
    else
      context.sink.write(
        `${isPassed ? 'ok    ' : 'FAILED'}  ${check.isNegated ? 'not: ' : ''}${visible(check.text)}${reason ? `: ${visible(reason)}` : ''} (${milliseconds} ms)\n`,
      );
    context.sink.flush();
  }
  if (json) return failed === 0 ? EXIT.done : EXIT.notReady;
  if (model.checks.length === 0) context.sink.write(`Lab "${name}" has no checks.\n`);
  else if (failed > 0) context.sink.write(`${failed} of ${model.checks.length} checks failed.\n`);
  return failed === 0 ? EXIT.done : EXIT.notReady;
}

/** Waits until services are ready. */
export async function wait({ lab: name, services }: LabOptions, context: Context): Promise<number> {
  const { lab, model } = appliedLab(name, context);
  checkServices(services, model);
  await lab.wait(services.length === 0 ? undefined : services);
  return EXIT.done;
}

/** Prints what services have written; of several each line with its service. */
export async function logs({ lab: name, services }: LabOptions, context: Context): Promise<number> {
  const { lab, model } = appliedLab(name, context);
  checkServices(services, model);
  const known = lab.state?.services ?? [];
  const shown = services.length === 0 ? known : known.filter(({ key }) => services.includes(key));
  for (const { key, log } of shown) {
    const lines = readFileSync(log, 'utf8').split('\n');
    if (lines.at(-1) === '') lines.pop();
    for (const line of lines) context.sink.write(`${shown.length > 1 ? `${key} | ` : ''}${visible(line)}\n`);
  }
  return EXIT.done;
}

/** Throws `RangeError` for what is not a service of the lab. */
function checkServices(services: readonly string[], { nodes }: LabModel): void {
  const known = nodes.flatMap(node => node.services.map(service => `${node.name}/${service.name}`));
  const unknown = services.find(service => !known.includes(service));
  if (unknown !== undefined)
    throw new RangeError(`no service is called "${unknown}": there are ${known.join(', ') || 'none'}`);
}
