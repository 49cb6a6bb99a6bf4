/** Impairment of one end changed while packets flow: what is not named stays as the kernel has it. Source: tsip-lab(8). */

import type { Kernel } from '../../kernel/kernel.ts';
import type { Change } from '../change.ts';
import { ETHERNET_MTU, LOOPBACK_MTU, type WantedLink } from '../desired.ts';
import { execute, Sessions } from '../execute.ts';
import { impairmentModelOf } from '../export/impairments.ts';
import type { DeviceModel, ImpairmentModel, LabModel } from '../model.ts';
import { observe } from '../observe.ts';
import type { NamespaceStore } from '../store.ts';
import { IMPAIRMENT_VALUES, impairmentChange } from './qdiscs.ts';

/** Values that are to change; undefined takes one away, what is not a member stays. */
export type ImpairmentPatch = { readonly [name in keyof ImpairmentModel]?: number | undefined };

/** One end of a link, `NODE:DEVICE`, and what is to change there. */
export interface EndPatch {
  readonly end: string;
  readonly patch: ImpairmentPatch;
}

/** What was changed, and what takes it back without what others have changed since then. */
export interface Impaired {
  readonly changes: readonly Change[];
  readonly undo: readonly EndPatch[];
}

/** What has no effect without a delay. */
const NEED_DELAY = ['jitter', 'reorder'] as const;

/** Takes everything away that it does not name. */
export function onlyThese(patch: ImpairmentPatch): ImpairmentPatch {
  return { ...Object.fromEntries(IMPAIRMENT_VALUES.map(name => [name, undefined])), ...patch };
}

/** The device that `NODE:DEVICE` means. Throws `RangeError`. */
export function deviceAt(
  model: LabModel,
  end: string,
): { readonly node: string; readonly device: DeviceModel } {
  const colon = end.indexOf(':');
  const [name, deviceName] = [end.slice(0, colon), end.slice(colon + 1)];
  const node = model.nodes.find(known => known.name === name);
  const device = node?.devices.find(known => known.name === deviceName);
  if (colon < 1 || node === undefined || device === undefined)
    throw new RangeError(`lab "${model.name}" has no end "${end}": name it NODE:DEVICE`);
  return { node: name, device };
}

/** All ends of a lab that send. */
export function endsOf({ nodes }: LabModel): string[] {
  return nodes.flatMap(({ name, devices }) => devices.map(device => `${name}:${device.name}`));
}

/** The values with a patch. Taking the delay away takes what needs it. Throws `RangeError`. */
export function patched(before: ImpairmentModel, patch: ImpairmentPatch): ImpairmentModel | undefined {
  const losesDelay = 'delay' in patch && patch.delay === undefined;
  const whole = losesDelay
    ? { ...Object.fromEntries(NEED_DELAY.map(name => [name, undefined])), ...patch }
    : patch;
  const kept = Object.entries({ ...before, ...whole }).filter(([, value]) => value !== undefined);
  const next: ImpairmentModel = Object.fromEntries(kept);
  for (const name of NEED_DELAY)
    if (next[name] !== undefined && next.delay === undefined)
      throw new RangeError(`"${name}" has no effect without "delay"`);
  return kept.length === 0 ? undefined : next;
}

/** The lab with patches: what it is to be from now on. */
export function patchedLab(model: LabModel, patches: readonly EndPatch[]): LabModel {
  let result = model;
  for (const { end, patch } of patches) {
    const { node, device } = deviceAt(result, end);
    const next = { ...device, impair: patched(device.impair ?? {}, patch) };
    const nodes = result.nodes.map(known =>
      known.name === node
        ? { ...known, devices: known.devices.map(one => (one.name === device.name ? next : one)) }
        : known,
    );
    result = { ...result, nodes };
  }
  return result;
}

/** The lab with ends of which something is to be taken back: whatever they do counts as something that the lab had. */
export function impairedLab(model: LabModel, ends: readonly string[]): LabModel {
  const nodes = model.nodes.map(node => ({
    ...node,
    devices: node.devices.map(device =>
      ends.includes(`${node.name}:${device.name}`) ? { ...device, impair: device.impair ?? {} } : device,
    ),
  }));
  return { ...model, nodes };
}

/** Impairments as the kernel has them, by ends. Rejects with `RangeError` for devices that are not there. */
export async function impairments(
  model: LabModel,
  ends: readonly string[],
  kernel: Kernel,
  store: NamespaceStore,
): Promise<Map<string, ImpairmentModel | undefined>> {
  const sessions = new Sessions(kernel, store);
  try {
    const found = new Map<string, ImpairmentModel | undefined>();
    for (const one of ends) found.set(one, (await lookAt(model, one, sessions, store)).before);
    return found;
  } finally {
    sessions.close();
  }
}

/**
 * Changes ends in turn; nothing else of the lab is looked at. When one fails, those before it are taken back. Rejects with
 * {@link StepError}, and with `RangeError` for devices that are not there.
 */
export async function impair(
  model: LabModel,
  patches: readonly EndPatch[],
  kernel: Kernel,
  store: NamespaceStore,
): Promise<Impaired> {
  const sessions = new Sessions(kernel, store);
  const changes: Change[] = [];
  const undo: EndPatch[] = [];
  try {
    const found = new Map<string, LiveEnd>();
    for (const { end } of patches) found.set(end, await lookAt(model, end, sessions, store));
    try {
      for (const { end, patch } of patches) {
        const { before = {}, wanted, live } = found.get(end)!;
        const next = patched(before, patch);
        const change = impairmentChange({ ...wanted, impair: next }, { ...wanted, impair: before }, live);
        if (change === undefined) continue;
        await execute([change], kernel, store, sessions);
        changes.push(change);
        undo.unshift({ end, patch: inverseOf(patch, before) });
      }
    } catch (error) {
      if (undo.length > 0) await impair(model, undo, kernel, store);
      throw error;
    }
    return { changes, undo };
  } finally {
    sessions.close();
  }
}

function inverseOf(patch: ImpairmentPatch, before: ImpairmentModel): ImpairmentPatch {
  const names = new Set<keyof ImpairmentModel>(Object.keys(patch) as (keyof ImpairmentModel)[]);
  // They go with the delay.
  if (names.has('delay')) for (const name of NEED_DELAY) if (before[name] !== undefined) names.add(name);
  return Object.fromEntries([...names].map(name => [name, before[name]]));
}

interface LiveEnd {
  readonly before: ImpairmentModel | undefined;
  readonly wanted: WantedLink;
  readonly live: Parameters<typeof impairmentChange>[2] & object;
}

async function lookAt(
  model: LabModel,
  end: string,
  sessions: Sessions,
  store: NamespaceStore,
): Promise<LiveEnd> {
  const { node, device } = deviceAt(model, end);
  if (store.open(node) === undefined)
    throw new RangeError(`node "${node}" is not there: "tsip lab apply" makes it again`);
  const { links, qdiscs } = await observe(sessions.of(node), [], true);
  const link = links.get(device.name);
  if (link === undefined)
    throw new RangeError(`${node} has no device "${device.name}": "tsip lab apply" makes it again`);
  const { origin } = device;
  const network =
    origin.kind === 'network' ? model.networks.find(({ name }) => name === origin.network) : undefined;
  const mtu = device.mtu ?? network?.mtu ?? (origin.kind === 'loopback' ? LOOPBACK_MTU : ETHERNET_MTU);
  const qdisc = qdiscs.get(link.index);
  const wanted: WantedLink = {
    ...link,
    kind: link.kind,
    node,
    mtu,
    request: undefined,
    pair: undefined,
    network: undefined,
    isMain: false,
    master: undefined,
    link: undefined,
    impair: undefined,
    place: device.place,
    path: device.path,
  };
  const before = qdisc === undefined ? undefined : impairmentModelOf(qdisc, mtu);
  return { before, wanted, live: { index: link.index, qdisc } };
}
