/** Services of a lab: started in order, waited for until they are ready, and known again by their start time. */

import { closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ExecError } from '../library/exec.ts';
import { connectInside } from '../library/sockets.ts';
import { visible } from '../wire/visible.ts';
import type { LabModel, ServiceModel } from './model.ts';
import { startTime } from './processes.ts';
import { execIn, type NodePlace, spawnIn } from './program.ts';
import type { ServiceState } from './state.ts';

/** How often it is tried whether a service is ready, in milliseconds. */
const INTERVAL = 20;
const TAIL = 2000;

/** Something of the lab that is not as it should be although the network is: a service, a check, a program. */
export class NotReadyError extends Error {
  readonly code = 'NOT_READY';
}

/** Where services run. */
export interface ServiceHost {
  place(node: string): NodePlace;
  /** Folder for their output. */
  readonly logs: string;
}

/** All services as `NODE/NAME`, those that others wait for first. */
export function servicesInOrder({ nodes }: LabModel): { key: string; node: string; service: ServiceModel }[] {
  const all = new Map(
    nodes.flatMap(({ name: node, services }) =>
      services.map((service): [string, { key: string; node: string; service: ServiceModel }] => {
        const key = `${node}/${service.name}`;
        return [key, { key, node, service }];
      }),
    ),
  );
  const ordered = new Set<string>();
  const visit = (key: string): void => {
    const found = all.get(key);
    if (found === undefined || ordered.has(key)) return;
    for (const other of found.service.after) visit(other);
    ordered.add(key);
  };
  for (const key of all.keys()) visit(key);
  return [...ordered].map(key => all.get(key)!);
}

/** Whether a service that was started is still the process that it was. */
export function isRunning({ pid, started }: ServiceState): boolean {
  return startTime(pid) === started;
}

/** Starts a service; its output goes into a file. */
export function startService(
  host: ServiceHost,
  key: string,
  node: string,
  { command, cwd, env }: ServiceModel,
): ServiceState {
  const log = join(host.logs, `${key.replace('/', '.')}.log`);
  const output = openSync(log, 'a');
  const input = openSync('/dev/null', 'r');
  try {
    const child = spawnIn(host.place(node), command, {
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...process.env, ...env },
      stdio: [input, output, output],
      detached: true,
    });
    const pid = child.pid ?? 0;
    // The end of a service is found by its start time: nothing listens to this object.
    child.on('error', () => undefined);
    child.unref();
    return { key, pid, started: startTime(pid) ?? '', log, command };
  } finally {
    closeSync(output);
    closeSync(input);
  }
}

/** Waits until a service is ready. Rejects with {@link NotReadyError}. */
export async function waitForService(
  host: ServiceHost,
  state: ServiceState,
  node: string,
  service: ServiceModel,
): Promise<void> {
  const { ready, path } = service;
  if (ready === undefined) return;
  const deadline = Date.now() + ready.within;
  for (;;) {
    const missing = await missingOf(host, state, node, service, deadline);
    if (missing === undefined) return;
    const end = `\n${tailOf(state.log)}`.trimEnd();
    if (!isRunning(state))
      throw new NotReadyError(`${path}: the service has ended before it was ready: ${missing}${end}`);
    if (Date.now() >= deadline)
      throw new NotReadyError(`${path}: not ready after ${ready.within / 1000} s: ${missing}${end}`);
    await setTimeout(INTERVAL);
  }
}

/** The first thing that a service is still to do. */
async function missingOf(
  host: ServiceHost,
  state: ServiceState,
  node: string,
  { ready, cwd = '.' }: ServiceModel,
  deadline: number,
): Promise<string | undefined> {
  if (ready === undefined) return undefined;
  const left = () => Math.max(1, deadline - Date.now());
  if (ready.log !== undefined && !readFileSync(state.log, 'utf8').includes(ready.log))
    return `its output does not have "${visible(ready.log)}"`;
  if (ready.file !== undefined && !existsSync(join(ready.file.startsWith('/') ? '/' : cwd, ready.file)))
    return `there is no file ${ready.file}`;
  if (ready.tcp !== undefined) {
    const { namespace } = host.place(node);
    const isOpen =
      (await accepts(namespace, '127.0.0.1', ready.tcp, left())) ||
      (await accepts(namespace, '::1', ready.tcp, left()));
    if (!isOpen) return `nothing accepts connections on port ${ready.tcp}`;
  }
  if (ready.exec !== undefined) {
    try {
      await execIn(host.place(node), ready.exec, { timeout: left(), killSignal: 'SIGKILL' });
    } catch (error) {
      if (error instanceof ExecError) return error.message;
      throw error;
    }
  }
  return undefined;
}

/** Whether something accepts a connection, from inside a namespace. */
export function accepts(namespace: number, host: string, port: number, timeout: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connectInside(namespace, { host, port });
    const end = (isOpen: boolean) => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.setTimeout(timeout, () => end(false));
    socket.on('connect', () => end(true));
    socket.on('error', () => end(false));
  });
}

/** The last lines of a log. */
export function tailOf(path: string, most = TAIL): string {
  try {
    const { size } = statSync(path);
    const text = readFileSync(path)
      .subarray(Math.max(0, size - most))
      .toString();
    return size > most ? text.slice(text.indexOf('\n') + 1) : text;
  } catch {
    return '';
  }
}
