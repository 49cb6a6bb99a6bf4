/** Takes what a lab has in namespaces that it did not make away, and looks that it is gone. */

import type { Kernel } from '../../kernel/kernel.ts';
import { KernelError, SystemError } from '../../kernel/system/errors.ts';
import { ENODEV } from '../../linux/errno.ts';
import { RTM_DELLINK } from '../../linux/rtnetlink.ts';
import { natDeletion } from '../../nftables/nat.ts';
import { linkRequest } from '../../rtnetlink/request.ts';
import { writeSysctl } from '../execute.ts';
import type { LabModel } from '../model.ts';
import { marksOf, natTable } from '../names.ts';
import { sendNat } from '../nat.ts';
import { observe, openSession } from '../observe.ts';
import type { LabState } from '../state.ts';
import type { NamespaceStore } from '../store.ts';
import { HOST } from './namespaces.ts';

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
      const left = await clearDevices(lab, namespace, kernel);
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
  kernel: Kernel,
): Promise<{ readonly own: readonly string[]; readonly hasOthers: boolean }> {
  const session = openSession(kernel, namespace);
  try {
    const marked = async () =>
      [...(await observe(session, [])).links.values()].filter(
        ({ name, alias }) => name !== 'lo' && alias?.startsWith(ANY_MARK),
      );
    const isOwn = ({ alias }: { readonly alias: string | undefined }) => alias!.startsWith(marksOf(lab));
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
