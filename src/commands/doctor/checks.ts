/** What can be wrong with a host of network namespaces, each with the line that mends it. Nothing is changed. */
import type { NamespaceRegistry } from '../../namespaces/inventory/registry.ts';

/** One thing that is wrong, or that hides something. */
export interface Finding {
  readonly code: FindingCode;
  readonly text: string;
  /** A command line; undefined where there is none. */
  readonly mend?: string;
}

export type FindingCode =
  | 'stale-file'
  | 'private-run-directory'
  | 'inner-mount-namespace'
  | 'namespace-limit'
  | 'missing-capability'
  | 'missing-module'
  | 'unreadable'
  | 'hidden-processes'
  | 'resolver-bypass'
  | 'local-resolver';

/** The host as checks see it. */
export interface Host {
  readonly registry: NamespaceRegistry;
  readonly runDirectory: string;
  /** Bits of the effective capabilities. */
  readonly capabilities: bigint;
  readonly user: number;
  /** `6.18.0`. */
  readonly release: string;
  /** The text of a file; undefined if it cannot be read. */
  read(path: string): string | undefined;
  exists(path: string): boolean;
}

type Check = (host: Host) => readonly Finding[];

const CAPABILITIES = { CAP_NET_ADMIN: 12n, CAP_SYS_ADMIN: 21n } as const;
/** Of the limit so much may be used before it is mentioned. */
const USED_TENTHS = 9;

/** Modules that labs need, with the names of files that they come in. */
const MODULES = ['veth', 'bridge', 'dummy', 'macvlan', '8021q', 'vxlan', 'wireguard'];

const CHECKS: readonly Check[] = [
  staleFiles,
  propagation,
  limits,
  capabilities,
  modules,
  visibility,
  resolver,
];

/** All that is found, in the order of the checks. */
export function examine(host: Host): readonly Finding[] {
  return CHECKS.flatMap(check => check(host));
}

function staleFiles({ registry, runDirectory }: Host): readonly Finding[] {
  return registry.stale.map(({ path, reason }) => {
    const isName = path.startsWith(`${runDirectory}/`);
    return {
      code: 'stale-file',
      text: `${path}: ${reason}`,
      mend: isName ? `tsip netns delete ${path.slice(runDirectory.length + 1)}` : `rm ${path}`,
    };
  });
}

/** A line of /proc/self/mountinfo: where it is mounted, and its optional fields. */
function mountsOf(text: string): { readonly target: string; readonly tags: readonly string[] }[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map(line => {
      const fields = line.split(' ');
      return { target: fields[4] ?? '', tags: fields.slice(6, fields.indexOf('-')) };
    });
}

function propagation({ read, runDirectory }: Host): readonly Finding[] {
  const mounts = mountsOf(read('/proc/self/mountinfo') ?? '');
  const mount = mounts.findLast(({ target }) => target === runDirectory);
  if (mount === undefined) return [];
  if (mount.tags.some(tag => tag.startsWith('master:'))) {
    return [
      {
        code: 'inner-mount-namespace',
        text: `this is an inner mount namespace: names that are made here are plain files outside, as after 'netns exec'`,
      },
    ];
  }
  if (mount.tags.some(tag => tag.startsWith('shared:'))) return [];
  return [
    {
      code: 'private-run-directory',
      text: `${runDirectory} is a private mount: names that are made later do not appear in mount namespaces made before`,
      mend: `mount --make-shared ${runDirectory}`,
    },
  ];
}

function limits({ read, registry }: Host): readonly Finding[] {
  const limit = Number(read('/proc/sys/user/max_net_namespaces') ?? Number.NaN);
  const used = registry.namespaces.length;
  if (Number.isNaN(limit) || used * 10 < limit * USED_TENTHS) return [];
  return [
    {
      code: 'namespace-limit',
      text: `${used} of at most ${limit} network namespaces are there`,
      mend: `sysctl -w user.max_net_namespaces=${Math.max(limit * 2, 1024)}`,
    },
  ];
}

function capabilities({ capabilities: held, user }: Host): readonly Finding[] {
  return Object.entries(CAPABILITIES)
    .filter(([, bit]) => (held & (1n << bit)) === 0n)
    .map(([name]) => ({
      code: 'missing-capability',
      text: `${name} is not held by user ${user}: namespaces and devices cannot be made here`,
      mend: user === 0 ? undefined : 'tsip --rootless',
    }))
    .map(({ mend, ...finding }) => ({ ...finding, ...(mend === undefined ? {} : { mend }) }) as Finding);
}

/** Modules of which the kernel's own lists know nothing. Without the lists nothing is said. */
function modules({ read, exists, release }: Host): readonly Finding[] {
  const folder = `/lib/modules/${release}`;
  const lists = ['modules.builtin', 'modules.dep'].map(file => read(`${folder}/${file}`));
  if (lists.every(list => list === undefined)) return [];
  const known = lists.join('\n');
  return MODULES.filter(name => {
    const file = new RegExp(`/${name.replaceAll('-', '[-_]')}\\.ko`);
    return !exists(`/sys/module/${name}`) && !file.test(known);
  }).map(name => ({
    code: 'missing-module',
    text: `the kernel ${release} has no module ${name}`,
  }));
}

function visibility({ registry: { unreadable, hiddenProcesses } }: Host): readonly Finding[] {
  const found: Finding[] = unreadable.map(({ path, reason }) => ({
    code: 'unreadable',
    text: `namespaces in ${path} cannot be seen: ${reason}`,
  }));
  if (hiddenProcesses > 0) {
    const processes = hiddenProcesses === 1 ? 'process' : 'processes';
    found.push({
      code: 'hidden-processes',
      text: `${hiddenProcesses} ${processes} of other users may be in namespaces that are not seen`,
    });
  }
  return found;
}

/** Look-ups that leave a namespace, or do not come out of it. */
function resolver({ read, exists, registry }: Host): readonly Finding[] {
  const named = registry.namespaces.flatMap(({ names }) => names);
  if (named.length === 0) return [];
  const found: Finding[] = [];
  const configured = named.filter(name => exists(`/etc/netns/${name}/resolv.conf`));
  const hosts = /^hosts:(.*)$/m.exec(read('/etc/nsswitch.conf') ?? '')?.[1] ?? '';
  const daemon = exists('/run/nscd/socket')
    ? 'nscd'
    : /\bresolve\b/.test(hosts)
      ? 'systemd-resolved'
      : undefined;
  if (configured.length > 0 && daemon !== undefined) {
    found.push({
      code: 'resolver-bypass',
      text: `${daemon} answers look-ups of hosts from its own namespace: /etc/netns/${configured[0]}/resolv.conf has no effect`,
      mend:
        daemon === 'nscd' ? 'nscd --shutdown' : "sed -i 's/^hosts:.*/hosts: files dns/' /etc/nsswitch.conf",
    });
  }
  const server = /^nameserver\s+(127\.\S+|::1)/m.exec(read('/etc/resolv.conf') ?? '')?.[1];
  const without = named.find(name => !configured.includes(name));
  if (server !== undefined && without !== undefined) {
    found.push({
      code: 'local-resolver',
      text: `/etc/resolv.conf names ${server}, which no other namespace reaches`,
      mend: `mkdir -p /etc/netns/${without} && echo nameserver ADDRESS > /etc/netns/${without}/resolv.conf`,
    });
  }
  return found;
}
