/** Ends of a lab whose packets are taken, and the processes that take them. */

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kernel } from '../../kernel/kernel.ts';
import { ARPHRD_ETHER, ARPHRD_LOOPBACK } from '../../linux/interfaces.ts';
import { Sessions } from '../execute.ts';
import { deviceAt } from '../impairment/live.ts';
import type { LabModel } from '../model.ts';
import { observe } from '../observe.ts';
import { startTime } from '../processes.ts';
import type { NamespaceStore } from '../store.ts';
import type { CaptureEnd } from './capture.ts';

/** The end that `NODE:DEVICE` means. Rejects with `RangeError` where it is not there. */
export async function captureEnd(
  model: LabModel,
  name: string,
  kernel: Kernel,
  store: NamespaceStore,
): Promise<CaptureEnd> {
  const { node, device } = deviceAt(model, name);
  const namespace = store.open(node);
  if (namespace === undefined) throw new RangeError(`node "${node}" is not there`);
  const sessions = new Sessions(kernel, store);
  try {
    const { links } = await observe(sessions.of(node), []);
    const link = links.get(device.name);
    if (link === undefined) throw new RangeError(`${node} has no device "${device.name}"`);
    const isEthernet = [ARPHRD_ETHER, ARPHRD_LOOPBACK].includes(link.hardwareType);
    return { name, namespace, ifindex: link.index, isEthernet };
  } finally {
    sessions.close();
  }
}

/** Notes in `folder` that this process takes packets; what it returns takes the note away. */
export function registerCapture(folder: string): () => void {
  const path = join(folder, String(process.pid));
  writeFileSync(path, startTime(process.pid) ?? '');
  return () => rmSync(path, { force: true });
}

/** The processes noted in `folder` that still run, except this one. */
export function captureProcesses(folder: string): number[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names.map(Number).filter(pid => {
    try {
      const noted = readFileSync(join(folder, String(pid)), 'utf8');
      return pid !== process.pid && noted !== '' && startTime(pid) === noted;
    } catch {
      return false; // It has just ended.
    }
  });
}
