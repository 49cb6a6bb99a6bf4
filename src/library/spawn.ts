/**
 * Children in namespaces: child_process.spawn of nsexec, which enters and makes namespaces and then becomes the
 * program. Nothing of this process moves. Source: namespaces(7), clone(2).
 */
import type { ChildProcess, SpawnOptions as NodeSpawnOptions } from 'node:child_process';
import { closeSync } from 'node:fs';
import { constants } from 'node:os';
import { Stream } from 'node:stream';
import { types } from 'node:util';
import { spawnPlan as spawnInChild } from '../kernel/plans/child.ts';
import type { Plan } from '../kernel/plans/plan.ts';
import type { Kind } from '../namespaces/kinds.ts';
import { type ChildOptions, childPlan } from '../namespaces/plans/child-plan.ts';
import type { IdRange } from '../namespaces/plans/id-maps.ts';
import type { IdMap, Propagation } from '../namespaces/plans/unshare.ts';
import { ArgumentError, show } from './values/argument.ts';
import { type NamespaceReference, openReference } from './values/reference.ts';
import {
  entriesOf,
  flag,
  integer,
  list,
  members,
  object,
  oneOf,
  type Shape,
  signal,
  text,
} from './values/shape.ts';

const STANDARD_DESCRIPTORS = 3;
const NO_MAP: IdMap = { single: undefined, ranges: [] };
const MAX_ID = 0xffff_fffe;

/** The eight kinds of namespaces. */
export type NamespaceKind = 'user' | 'cgroup' | 'ipc' | 'uts' | 'net' | 'pid' | 'mount' | 'time';

/** `count` ids from `outside` on, seen inside from `inside` on. */
export interface IdMapping {
  readonly inside: number;
  readonly outside: number;
  readonly count: number;
}

/**
 * Which ids of users and groups there are in a new user namespace: `root` makes the caller root, `own` leaves it its
 * ids, `none` maps nothing. Several ranges are written by root itself, for others by newuidmap(1) and newgidmap(1).
 */
export type IdMaps =
  | 'root'
  | 'own'
  | 'none'
  | { readonly users: readonly IdMapping[]; readonly groups: readonly IdMapping[] };

/** What is passed on to Node's own `spawn`. */
export type PassedSpawnOptions = Pick<
  NodeSpawnOptions,
  'env' | 'stdio' | 'detached' | 'signal' | 'killSignal' | 'timeout'
>;

/** In which namespaces a child runs, and how. */
export interface SpawnOptions extends PassedSpawnOptions {
  /** Kinds of namespaces to make for it. */
  readonly newNamespaces?: readonly NamespaceKind[] | undefined;
  /** Namespaces to enter, before the new ones are made. */
  readonly join?: Readonly<Partial<Record<NamespaceKind, NamespaceReference>>> | undefined;
  /** Host name inside; needs a UTS namespace, new or entered. */
  readonly hostname?: string | undefined;
  /** Mounts proc as the new PID namespace sees it: on /proc if true. Makes a mount namespace too, if none is entered. */
  readonly mountProc?: boolean | string | undefined;
  /** Maps of a new user namespace; `root` when left out. */
  readonly idMap?: IdMaps | undefined;
  /** Root directory of the program, after everything is entered and made. */
  readonly root?: string | undefined;
  /** Working directory of the program, inside `root`. */
  readonly cwd?: string | undefined;
  /** User id of the program, as seen inside. */
  readonly uid?: number | undefined;
  /** Group id of the program, as seen inside. */
  readonly gid?: number | undefined;
  /** What mounts have to do with those outside, in a new mount namespace; `private` when left out. */
  readonly propagation?: Propagation | undefined;
  /** Offsets of the clocks of a new time namespace in whole seconds. */
  readonly clockOffsets?: { readonly monotonic?: number; readonly boottime?: number } | undefined;
}

const KINDS: readonly NamespaceKind[] = ['user', 'cgroup', 'ipc', 'uts', 'net', 'pid', 'mount', 'time'];
/** MAX_ARG_STRLEN: the kernel takes no longer words. */
const MAX_WORD = 131_071;
const MAX_TIMEOUT = 0x7fffffff;

/** What is given to Node's own `spawn`. */
export const PASSED: Shape<PassedSpawnOptions> = {
  env: environment,
  stdio: standardStreams,
  detached: flag,
  signal,
  killSignal: signalName,
  timeout: integer(0, MAX_TIMEOUT),
};

const MAPPINGS = list(
  object<IdMapping>({ inside: integer(0, MAX_ID), outside: integer(0, MAX_ID), count: integer(1, MAX_ID) }, [
    'inside',
    'outside',
    'count',
  ]),
);
const MAPS = object<Exclude<IdMaps, string>>({ users: MAPPINGS, groups: MAPPINGS }, ['users', 'groups']);
const SECONDS = integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);

const SPAWN: Shape<SpawnOptions> = {
  ...PASSED,
  newNamespaces: list(oneOf(KINDS)),
  join: (argument, value) =>
    new Map(entriesOf(argument, value).map(([name, reference]) => [oneOf(KINDS)(argument, name), reference])),
  hostname: text,
  mountProc: (argument, value) => (typeof value === 'boolean' ? value : text(argument, value)),
  idMap: (argument, value) =>
    typeof value === 'string' ? oneOf(['root', 'own', 'none'])(argument, value) : MAPS(argument, value),
  root: text,
  cwd: text,
  uid: integer(0, MAX_ID),
  gid: integer(0, MAX_ID),
  propagation: oneOf<Propagation>(['slave', 'shared', 'private', 'unchanged']),
  clockOffsets: object<NonNullable<SpawnOptions['clockOffsets']>>({ monotonic: SECONDS, boottime: SECONDS }),
};

/** Variables of a program: texts by their names. */
function environment(argument: string, value: unknown): NodeJS.ProcessEnv {
  const variables = entriesOf(argument, value).map(([name, content]) => {
    if (name === '' || name.includes('=') || name.includes('\0'))
      throw new ArgumentError(`${argument}.${show(name)}`, 'is no name of a variable');
    return [name, word(`${argument}.${name}`, content)];
  });
  return Object.fromEntries(variables);
}

/** A word of a command line, or a variable. */
function word(argument: string, value: unknown): string {
  if (typeof value !== 'string' || value.includes('\0'))
    throw new ArgumentError(argument, `${show(value)} is not a text without NUL`);
  if (Buffer.byteLength(value) > MAX_WORD)
    throw new ArgumentError(argument, `is longer than ${MAX_WORD} bytes`);
  return value;
}

const STREAM_WORDS = ['pipe', 'overlapped', 'ignore', 'inherit'] as const;

/** `stdio` as Node takes it: a word for all streams, or for each a word, a stream, or a descriptor. */
function standardStreams(argument: string, value: unknown): NodeSpawnOptions['stdio'] {
  if (typeof value === 'string') return oneOf(STREAM_WORDS)(argument, value);
  return list((place, stream) => {
    if (typeof stream === 'number') return integer(0, MAX_TIMEOUT)(place, stream);
    if (typeof stream === 'string') return oneOf([...STREAM_WORDS, 'ipc'] as const)(place, stream);
    if (stream === null || stream === undefined) return stream;
    if (typeof stream === 'object' && !types.isProxy(stream) && stream instanceof Stream) return stream;
    throw new ArgumentError(place, `${show(stream)} is neither a word for a stream nor a stream`);
  })(argument, value) as NodeSpawnOptions['stdio'];
}

function signalName(argument: string, value: unknown): NodeJS.Signals | number {
  const { signals } = constants;
  if (typeof value === 'number' && Object.values(signals).includes(value)) return value;
  return oneOf(Object.keys(signals) as NodeJS.Signals[])(argument, value);
}

/**
 * Starts a program in namespaces. `argv` is the program, looked up in PATH, and its arguments.
 *
 * The child returned is Node's: its descriptors, events and exit code are those of the program. With a new PID namespace
 * its pid is that of a process that waits outside for the program and dies with it; SIGINT and SIGTERM are passed on.
 * (The first process of a PID namespace ignores signals that it has no handler for: `child.kill('SIGKILL')`
 * ends it for certain.) If a namespace cannot be entered or made, a line on standard error says why and the exit code
 * is 1; it is 127 where there is no such program, 126 where it cannot be executed.
 *
 * Throws {@link ArgumentError} for options that do not go together, {@link SystemError} for namespaces in `join` that
 * cannot be opened.
 */
export function spawn(argv: readonly string[], options: SpawnOptions = {}): ChildProcess {
  const words = commandOf('argv', argv);
  return spawnChecked(words, members('options', options, SPAWN, { prefix: '' }));
}

/** The same of options that the shape has read: `join` is a map. */
function spawnChecked(argv: readonly string[], options: SpawnOptions): ChildProcess {
  const made = new Set<Kind>((options.newNamespaces ?? []).map(kindOf));
  const references = new Map<Kind, NamespaceReference>();
  const joined = (options.join ?? new Map()) as unknown as ReadonlyMap<NamespaceKind, NamespaceReference>;
  for (const [name, reference] of joined) references.set(kindOf(name), reference);
  const mountProc = options.mountProc === true ? '/proc' : options.mountProc || undefined;
  if (mountProc !== undefined && !references.has('mnt')) made.add('mnt');
  checkOptions(options, made, references);
  return spawnPlan(
    references,
    options,
    (joined, command) => {
      const { monotonic, boottime } = options.clockOffsets ?? {};
      const child: ChildOptions = {
        joined,
        made,
        ...mapsOf(options.idMap, made.has('user')),
        user: options.uid,
        group: options.gid,
        hostname: options.hostname,
        propagation: options.propagation ?? 'private',
        root: options.root,
        workingDirectory: options.cwd,
        mountProc,
        monotonic: monotonic === undefined ? undefined : String(monotonic),
        boottime: boottime === undefined ? undefined : String(boottime),
        command,
      };
      return childPlan(child, { user: process.geteuid!(), group: process.getegid!() });
    },
    argv,
  );
}

/**
 * Starts nsexec with a plan, which gets the numbers that the opened namespaces have in the child. Throws as
 * {@link spawn}.
 */
export function spawnPlan(
  references: ReadonlyMap<Kind, NamespaceReference>,
  options: PassedSpawnOptions,
  makePlan: (joined: ReadonlyMap<Kind, number>, command: readonly string[]) => Plan,
  argv: readonly string[],
): ChildProcess {
  const { stdio = 'pipe', ...passed } = options;
  const streams = typeof stdio === 'string' ? new Array(STANDARD_DESCRIPTORS).fill(stdio) : [...stdio];
  while (streams.length < STANDARD_DESCRIPTORS) streams.push('pipe');
  const descriptors: number[] = [];
  try {
    const joined = new Map<Kind, number>();
    for (const [kind, reference] of references) {
      descriptors.push(openReference(`join.${kind}`, reference, kind));
      joined.set(kind, streams.length);
      streams.push(descriptors.at(-1)!);
    }
    return spawnInChild(makePlan(joined, argv), 'nsexec', { ...pick(passed), stdio: streams });
  } finally {
    // The child has its own by now.
    for (const descriptor of descriptors) closeSync(descriptor);
  }
}

/** Only what is Node's business, whatever else the options hold. */
function pick({ env, detached, signal, killSignal, timeout }: PassedSpawnOptions): NodeSpawnOptions {
  return { env, detached, signal, killSignal, timeout };
}

/** A program and its arguments. Throws {@link ArgumentError}. */
export function commandOf(argument: string, argv: unknown): string[] {
  const words = list(word)(argument, argv);
  if (words.length === 0 || words[0] === '') throw new ArgumentError(argument, 'names no program');
  return words;
}

/** A command and its arguments apart, as Node's `spawn` takes them. Throws {@link ArgumentError}. */
export function commandWords(command: unknown, argv: unknown): string[] {
  return [text('command', command), ...list(word)('argv', argv)];
}

/** What would change something of the caller's instead of something of the child's own is refused. */
function checkOptions(
  options: SpawnOptions,
  made: ReadonlySet<Kind>,
  joined: ReadonlyMap<Kind, NamespaceReference>,
): void {
  const has = (kind: Kind) => made.has(kind) || joined.has(kind);
  if (options.hostname !== undefined && !has('uts'))
    throw new ArgumentError('hostname', 'needs a UTS namespace: the host would be renamed');
  if (options.idMap !== undefined && !made.has('user'))
    throw new ArgumentError('idMap', 'needs a new user namespace');
  if (options.clockOffsets !== undefined && !made.has('time'))
    throw new ArgumentError('clockOffsets', 'need a new time namespace');
}

function kindOf(name: NamespaceKind): Kind {
  return name === 'mount' ? 'mnt' : name;
}

function mapsOf(maps: IdMaps | undefined, isMade: boolean): { users: IdMap; groups: IdMap } {
  if (!isMade || maps === 'none') return { users: NO_MAP, groups: NO_MAP };
  const single = (id: number): IdMap => ({ single: id, ranges: [] });
  if (maps === undefined || maps === 'root') return { users: single(0), groups: single(0) };
  if (maps === 'own') return { users: single(process.geteuid!()), groups: single(process.getegid!()) };
  const ranges = (mappings: readonly IdMapping[]): IdMap => ({
    single: undefined,
    ranges: mappings.map(({ inside, outside, count }): IdRange => ({ inner: inside, outer: outside, count })),
  });
  return { users: ranges(maps.users), groups: ranges(maps.groups) };
}
