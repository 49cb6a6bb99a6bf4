/**
 * The association of a process with a VRF: a cgroup, as `ip vrf exec` makes it, whose path holds `/vrf/NAME`,
 * after `/NETNS-ns` if that network namespace has a name. A program that is started in another network namespace
 * leaves it, because the VRF does not exist there. Sources: ip-vrf(8), Documentation/networking/vrf.rst.
 */

import { closeSync, constants, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import type { Kernel } from '../../kernel/kernel.ts';
import { attachToCgroup, loadDeviceBinding } from '../../kernel/system/bpf.ts';
import { check, errnoOf, SystemError, strerror } from '../../kernel/system/errors.ts';
import { EEXIST, EPERM } from '../../linux/errno.ts';
import { decodeText, encodeText } from '../../wire/text.ts';
import { readDirectory, type Warn } from '../named.ts';
import { nameOfProcess } from './membership.ts';

/** Where the original mounts the cgroup file system if nobody has. */
const OWN_MOUNT_POINT = '/var/run/cgroup2';

/** Path of this process's cgroup in the hierarchy of version 2, by the text of /proc/PID/cgroup. */
export function cgroupIn(membership: string): string | undefined {
  return /^0::(\/.*)$/m.exec(membership)?.[1];
}

/** The VRF that a cgroup belongs to; undefined if it belongs to no VRF. */
export function vrfOfCgroup(cgroup: string): string | undefined {
  return /\/vrf\/([^/]+)/.exec(cgroup)?.[1];
}

/**
 * The cgroup, next to the one of a VRF or below one of no VRF, of processes that belong to none. `namespace` is the
 * name of the network namespace that the process is in.
 */
export function cgroupWithoutVrf(cgroup: string, namespace: string | undefined): string {
  const end = cgroup.indexOf('/vrf');
  const base = (end < 0 ? cgroup : cgroup.slice(0, end)).replace(/\/$/, '');
  if (namespace === undefined) return `${base}/vrf`;
  const own = `/${namespace}-ns`;
  return base.endsWith(own) ? `${base}/vrf` : `${base}${own}/vrf`;
}

/** Where the cgroup file system of version 2 is mounted, by the text of /proc/mounts. */
export function cgroupMountIn(mounts: string): string | undefined {
  return /^\S+ (\S+) cgroup2 /m.exec(mounts)?.[1];
}

/** The VRF that a process is associated with; undefined if there is no VRF. Throws the error of node:fs. */
export function vrfOfProcess(pid: number): string | undefined {
  const cgroup = cgroupIn(decodeText(readFileSync(`/proc/${pid}/cgroup`)));
  // All that follows counts: a cgroup below the VRF's is part of the answer.
  return cgroup === undefined ? undefined : /\/vrf\/(.+)$/.exec(cgroup)?.[1];
}

/**
 * Ids of the processes in the cgroups of a VRF, in the order of the file system: those made in this network
 * namespace if it has a name, all of them if not. A failure is reported to `warn`; then undefined.
 */
export function processesOfVrf(kernel: Kernel, name: string, warn: Warn): string[] | undefined {
  try {
    const namespace = ownNamespace(warn);
    return processesBelow(findCgroupMount(kernel), name, namespace);
  } catch (error) {
    if (!(error instanceof AssociationError)) throw error;
    warn(error.message);
    return undefined;
  }
}

function processesBelow(folder: string, name: string, namespace: string | undefined): string[] {
  return subfoldersOf(folder).flatMap(entry => {
    if (entry !== 'vrf') return processesBelow(`${folder}/${entry}`, name, namespace);
    const isOurs = namespace === undefined || folder.endsWith(`/${namespace}-ns`);
    return isOurs ? processesIn(`${folder}/vrf/${name}`) : [];
  });
}

function subfoldersOf(folder: string): string[] {
  try {
    return readDirectory(folder).filter(entry => statSync(encodeText(`${folder}/${entry}`)).isDirectory());
  } catch {
    return []; // It has ended.
  }
}

function processesIn(cgroup: string): string[] {
  try {
    return decodeText(readFileSync(encodeText(`${cgroup}/cgroup.procs`))).match(/\d+/g) ?? [];
  } catch {
    return []; // No process of this VRF was started there.
  }
}

/**
 * Makes this process leave the VRF that it is associated with, if it is. Failures are reported to `warn` and change
 * nothing else. Returns what brings the process back, silently.
 */
export function leaveVrf(kernel: Kernel, warn: Warn): () => void {
  const cgroup = ownCgroup();
  if (cgroup === undefined || vrfOfCgroup(cgroup) === undefined) return () => undefined;
  try {
    const root = findCgroupMount(kernel);
    const folder = root + cgroupWithoutVrf(cgroup, ownNamespace(warn));
    makeFolders(kernel, folder, 'Failed to setup vrf cgroup2 directory');
    join(folder);
    return () => rejoin(root + cgroup);
  } catch (error) {
    if (!(error instanceof AssociationError)) throw error;
    warn(error.message);
    return () => undefined;
  }
}

/** A VRF that processes are to be associated with. */
export interface Vrf {
  readonly name: string;
  /** Index of its device. */
  readonly index: number;
}

/**
 * Associates this process with a VRF, or with none if `vrf` is undefined: moves it into the VRF's cgroup, whose
 * sockets are bound to the VRF's device. Returns what brings the process back, silently; undefined after a failure,
 * which is reported to `warn`.
 */
export function joinVrf(kernel: Kernel, vrf: Vrf | undefined, warn: Warn): (() => void) | undefined {
  try {
    const root = findCgroupMount(kernel);
    const namespace = ownNamespace(warn);
    const cgroup = readOwnCgroup();
    const folder = root + cgroupWithoutVrf(cgroup, namespace) + (vrf === undefined ? '' : `/${vrf.name}`);
    makeFolders(kernel, folder, 'Failed to setup vrf cgroup2 directory');
    if (vrf !== undefined) bindSockets(folder, vrf.index);
    join(folder);
    return () => rejoin(root + cgroup);
  } catch (error) {
    if (!(error instanceof AssociationError)) throw error;
    warn(error.message);
    return undefined;
  }
}

/** Binds the future sockets of a cgroup to a device. */
function bindSockets(folder: string, index: number): void {
  let cgroup: number;
  try {
    cgroup = openSync(encodeText(folder), constants.O_RDONLY | constants.O_DIRECTORY);
  } catch (error) {
    throw new AssociationError(`Failed to open cgroup path: '${strerror(errnoOf(error))}'`);
  }
  try {
    const program = loadDeviceBinding(index);
    if (program < 0) {
      const hint = -program === EPERM ? '' : '\nKernel compiled with CGROUP_BPF enabled?';
      throw new AssociationError(`Failed to load BPF prog: '${strerror(-program)}'${hint}`);
    }
    const result = attachToCgroup(cgroup, program);
    closeSync(program);
    if (result < 0) throw new AssociationError(`Failed to attach prog to cgroup: '${strerror(-result)}'`);
  } finally {
    closeSync(cgroup);
  }
}

function readOwnCgroup(): string {
  try {
    return cgroupIn(decodeText(readFileSync('/proc/self/cgroup'))) ?? '';
  } catch (error) {
    throw new AssociationError(`Failed to get base cgroup path: ${strerror(errnoOf(error))}`);
  }
}

/** A failure in the original's words. */
class AssociationError extends Error {}

function ownCgroup(): string | undefined {
  try {
    return cgroupIn(decodeText(readFileSync('/proc/self/cgroup')));
  } catch {
    return undefined;
  }
}

function ownNamespace(warn: Warn): string | undefined {
  try {
    return nameOfProcess('self');
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    warn(error.message);
    throw new AssociationError(`Failed to get name of network namespace: ${strerror(error.errno)}`);
  }
}

function findCgroupMount(kernel: Kernel): string {
  let mounts: string;
  try {
    mounts = decodeText(readFileSync('/proc/self/mounts'));
  } catch (error) {
    throw new AssociationError(`Failed to open mounts file: ${strerror(errnoOf(error))}`);
  }
  return cgroupMountIn(mounts) ?? mountCgroups(kernel);
}

function mountCgroups(kernel: Kernel): string {
  makeFolders(kernel, OWN_MOUNT_POINT, 'Failed to setup cgroup2 directory');
  const target = encodeText(OWN_MOUNT_POINT);
  try {
    check(
      kernel.calls.mount(encodeText('none'), target, encodeText('cgroup2'), 0, null),
      'Failed to mount cgroup2',
    );
  } catch (error) {
    throw new AssociationError((error as Error).message);
  }
  return OWN_MOUNT_POINT;
}

/** Makes a folder and those above it. */
function makeFolders({ files }: Kernel, path: string, complaint: string): void {
  for (let end = path.indexOf('/', 1); ; end = path.indexOf('/', end + 1)) {
    const folder = end === -1 ? path : path.slice(0, end);
    try {
      files.makeFolder(folder, 0o755);
    } catch (error) {
      const errno = errnoOf(error);
      if (errno !== EEXIST)
        throw new AssociationError(`mkdir failed for ${folder}: ${strerror(errno)}\n${complaint}`);
    }
    if (end === -1) return;
  }
}

function rejoin(folder: string): void {
  try {
    join(folder);
  } catch (error) {
    if (!(error instanceof AssociationError)) throw error;
  }
}

/** Moves this process, with all its threads, into a cgroup. */
function join(folder: string): void {
  let descriptor: number;
  try {
    descriptor = openSync(encodeText(`${folder}/cgroup.procs`), constants.O_RDWR | constants.O_APPEND);
  } catch (error) {
    throw new AssociationError(`Failed to open cgroups.procs file: ${strerror(errnoOf(error))}.`);
  }
  try {
    writeSync(descriptor, String(process.pid));
  } catch {
    throw new AssociationError('Failed to join cgroup');
  } finally {
    closeSync(descriptor);
  }
}
