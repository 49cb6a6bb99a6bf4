/** `tsip lab check` and `wait`. */

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
  const known = model.nodes.flatMap(node => node.services.map(service => `${node.name}/${service.name}`));
  const unknown = services.find(service => !known.includes(service));
  if (unknown !== undefined)
    throw new RangeError(`no service is called "${unknown}": there are ${known.join(', ') || 'none'}`);
  await lab.wait(services.length === 0 ? undefined : services);
  return EXIT.done;
}
