/**
 * The container that a process is in, if the path of its cgroup names one. Sources: cgroups(7), and the paths that
 * Docker, Podman, containerd, CRI-O, Kubernetes, LXC and systemd-nspawn make.
 */

export interface ContainerId {
  /** What made the container: `docker`, `podman`, `containerd`, `cri-o`, `lxc`, `nspawn`; undefined when the path does not say. */
  readonly runtime: string | undefined;
  /** 64 hexadecimal digits, or a name where the runtime gives names. */
  readonly id: string;
}

/** What stands before the id in the name of a systemd scope. */
const SCOPES: Readonly<Record<string, string>> = {
  docker: 'docker',
  libpod: 'podman',
  'cri-containerd': 'containerd',
  crio: 'cri-o',
};

const SCOPE = /^(?:([a-z-]+)-)?([0-9a-f]{64})(?:\.scope)?$/;
const LXC = /^lxc\.payload\.(.+)$/;
const NSPAWN = /^systemd-nspawn@(.+)\.service$/;

/** The innermost container in the text of /proc/PID/cgroup; undefined if there is no container. */
export function containerOf(cgroups: string): ContainerId | undefined {
  for (const line of cgroups.split('\n')) {
    // hierarchy:controllers:path; the path may hold colons.
    const path = line.split(':').slice(2).join(':');
    const parts = path.split('/');
    for (let at = parts.length - 1; at > 0; at--) {
      const found = containerOfPart(parts[at]!, parts[at - 1]!);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function containerOfPart(part: string, parent: string): ContainerId | undefined {
  const scope = SCOPE.exec(part);
  if (scope !== null) {
    const [, prefix, id] = scope;
    const runtime = prefix === undefined ? SCOPES[parent] : SCOPES[prefix];
    // `libpod-conmon-ID` is the monitor next to the container.
    return prefix !== undefined && runtime === undefined ? undefined : { runtime, id: id! };
  }
  const lxc = LXC.exec(part) ?? (parent === 'lxc' ? /^(.+)$/.exec(part) : null);
  if (lxc !== null) return { runtime: 'lxc', id: lxc[1]! };
  const nspawn = NSPAWN.exec(part);
  return nspawn === null ? undefined : { runtime: 'nspawn', id: nspawn[1]! };
}
