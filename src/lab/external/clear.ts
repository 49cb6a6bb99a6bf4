/** Takes what a lab has in namespaces that it did not make away, and looks that it is gone. */

import type { Kernel } from '../../kernel/kernel.ts';
import { KernelError, SystemError } from '../../kernel/system/errors.ts';
import { ENODEV } from '../../linux/errno.ts';
import { RTM_DELLINK } from '../../linux/rtnetlink.ts';
import { natDeletion } from '../../nftables/nat.ts';
import { linkRequest } from '../../rtnetlink/request.ts';
import { writeSysctl } from '../execute.ts';
import type { DeviceModel, LabModel } from '../model.ts';
import { natTable } from '../names.ts';
import { sendNat } from '../nat.ts';
import { type LiveLink, observe, openSession } from '../observe.ts';
import type { LabState } from '../state.ts';
import type { NamespaceStore } from '../store.ts';
import { HOST, isOwnDevice } from './namespaces.ts';

/** What the marks of all labs begin with. */
const ANY_MARK = 'tsip-lab:';

/** Resolves with what is left. */
export async function clearExternals(
  lab: string,
  models: readonly LabModel[],
  originals: LabState['originals'],
  store: NamespaceStore,
  kernel: Kernel,
): Promise<string[]> {
  const all = models.flatMap(({ externals }) => externals);
  const leftovers: string[] = [];
  // Without state the marks say what is there, in the namespace that tsip is called in.
  for (const name of new Set([HOST, ...all.map(node => node.name)])) {
    const namespace = store.open(name);
    if (namespace === undefined) continue;
    try {
      if (all.some(node => node.name === name && node.nat.length > 0))
        sendNat(kernel, namespace, natDeletion(natTable(lab, true)));
      const devices = all.flatMap(node => (node.name === name ? node.devices : []));
      const left = await clearDevices(lab, namespace, devices, kernel);
      leftovers.push(...left.own.map(device => `device ${device} outside of the lab`));
      // Another lab may still need what this one has set.
      if (!left.hasOthers) restoreSysctls(name, namespace, originals, kernel);
    } catch (error) {
      if (!(error instanceof SystemError || error instanceof KernelError)) throw error;
      leftovers.push(`what is in ${name === HOST ? 'the host' : name}: ${error.message}`);
    }
  }
  return leftovers;
}

async function clearDevices(
  lab: string,
  namespace: number,
  devices: readonly DeviceModel[],
  kernel: Kernel,
): Promise<{ readonly own: readonly string[]; readonly hasOthers: boolean }> {
  const session = openSession(kernel, namespace);
  try {
    const isOwn = (link: LiveLink) => isOwnDevice(link, lab, devices);
    const marked = async () =>
      [...(await observe(session, [])).links.values()].filter(
        link => link.name !== 'lo' && (link.alias?.startsWith(ANY_MARK) || isOwn(link)),
      );
    const before = await marked();
    const own = before.filter(isOwn);
    if (own.length === 0) return { own: [], hasOthers: before.length > 0 };
    for (const { index } of own) {
      try {
        await session.request(linkRequest({ type: RTM_DELLINK }, { index }));
      } catch (error) {
        // It went with its other end.
        if (!(error instanceof KernelError) || error.errno !== ENODEV) throw error;
      }
    }
    const after = await marked();
    return { own: after.filter(isOwn).map(({ name }) => name), hasOthers: after.some(one => !isOwn(one)) };
  } finally {
    session.close();
  }
}

function restoreSysctls(
  name: string,
  namespace: number,
  originals: LabState['originals'],
  kernel: Kernel,
): void {
  for (const [key, value] of Object.entries(originals))
    if (key.startsWith(`${name} `)) writeSysctl(kernel, namespace, key.slice(name.length + 1), value);
}
