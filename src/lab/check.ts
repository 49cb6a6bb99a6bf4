/** Checks of a lab, made from inside its nodes. */

import { isIP } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { ExecError } from '../library/exec.ts';
import { addressesFor } from './hosts.ts';
import { type CheckModel, type LabModel, nodeOf } from './model.ts';
import { execIn, type NodePlace } from './program.ts';
import { accepts } from './services.ts';

/** How long one attempt may take, in milliseconds. */
const ATTEMPT = 1000;
const INTERVAL = 50;
/** How ping reports that it cannot be run: there is no such program. */
const NO_PROGRAM = 127;

/** How a check ended. */
export interface CheckResult {
  readonly check: CheckModel;
  readonly isPassed: boolean;
  /** Why it failed. */
  readonly reason: string | undefined;
  /** Milliseconds that it took. */
  readonly took: number;
}

/** Makes a check, again and again until it is true or its time is over. */
export async function runCheck(
  check: CheckModel,
  model: LabModel,
  place: (node: string) => NodePlace,
): Promise<CheckResult> {
  const start = performance.now();
  for (;;) {
    const reason = await attempt(check, model, place(check.node));
    const isPassed = (reason === undefined) !== check.isNegated;
    const took = performance.now() - start;
    if (isPassed) return { check, isPassed, reason: undefined, took };
    if (took >= check.within) return { check, isPassed, reason: reason ?? 'it is true', took };
    await setTimeout(INTERVAL);
  }
}

/** Why a check is not true; undefined if it is. */
async function attempt(check: CheckModel, model: LabModel, place: NodePlace): Promise<string | undefined> {
  const { kind, command, port = 0 } = check;
  if (kind === 'exec') return failureOf(place, command, Math.max(check.within, ATTEMPT * 10));
  const hosts =
    isIP(check.target) === 0
      ? addressesFor(nodeOf(model, check.node), nodeOf(model, check.target)).slice(0, 1)
      : [check.target];
  const [host] = hosts;
  if (host === undefined) return `${check.target} has no address`;
  if (kind === 'tcp')
    return (await accepts(place.namespace, host, port, ATTEMPT))
      ? undefined
      : `${host} port ${port} accepts no connection`;
  const reason = await failureOf(
    place,
    ['ping', '-n', '-c', '1', '-W', String(ATTEMPT / 1000), host],
    ATTEMPT * 2,
  );
  return reason === undefined ? undefined : `${host} does not answer${reason}`;
}

async function failureOf(
  place: NodePlace,
  argv: readonly string[],
  timeout: number,
): Promise<string | undefined> {
  try {
    await execIn(place, argv, { timeout, killSignal: 'SIGKILL' });
    return undefined;
  } catch (error) {
    if (!(error instanceof ExecError)) throw error;
    // The line with the reason is the only one that ping leaves out of its statistics.
    if (argv[0] === 'ping') {
      if (error.code === NO_PROGRAM) throw error;
      const line = /^From .*|^ping: .*|.*unreachable.*/im.exec(`${error.stdout}\n${error.stderr}`)?.[0];
      return line === undefined ? '' : ` (${line.trim()})`;
    }
    return error.message;
  }
}
