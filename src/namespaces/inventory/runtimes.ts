/**
 * Containers by the names that their runtimes give them, out of the runtimes' own files; nothing is executed. Sources:
 * the formats of Docker's config.v2.json and of Podman's (containers/storage) containers.json, as of Docker 27 and
 * Podman 5.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A container as its runtime knows it. */
export interface NamedContainer {
  readonly id: string;
  /** Its first process; undefined where the files do not say. */
  readonly pid: number | undefined;
}

const DOCKER = 'var/lib/docker/containers';
const PODMAN = ['var/lib/containers/storage', 'run/containers/storage'] as const;
/** Longer files are no description of a container. */
const MAX_FILE = 1 << 24;

/** The container that a runtime calls `name`; `root` is the folder that the paths begin at. */
export function containerNamed(
  runtime: 'docker' | 'podman',
  name: string,
  root = '/',
): NamedContainer | undefined {
  return runtime === 'docker' ? dockerContainer(name, root) : podmanContainer(name, root);
}

function dockerContainer(name: string, root: string): NamedContainer | undefined {
  for (const id of folderOf(join(root, DOCKER))) {
    const config = readObject(join(root, DOCKER, id, 'config.v2.json'));
    const found = config?.['Name'];
    if (typeof found !== 'string' || found.replace(/^\//, '') !== name) continue;
    const state = config?.['State'];
    return { id, pid: pidIn(isObject(state) ? state['Pid'] : undefined) };
  }
  return undefined;
}

function podmanContainer(name: string, root: string): NamedContainer | undefined {
  for (const base of PODMAN) {
    const list = readJson(join(root, base, 'overlay-containers', 'containers.json'));
    for (const one of Array.isArray(list) ? list : []) {
      if (!isObject(one) || typeof one['id'] !== 'string' || !Array.isArray(one['names'])) continue;
      if (!one['names'].includes(name) || !/^[0-9a-f]+$/.test(one['id'])) continue;
      const file = join(root, PODMAN[1], 'overlay-containers', one['id'], 'userdata', 'pidfile');
      return { id: one['id'], pid: pidIn(Number(readText(file)?.trim() || Number.NaN)) };
    }
  }
  return undefined;
}

function pidIn(value: unknown): number | undefined {
  return Number.isInteger(value) && (value as number) > 0 ? (value as number) : undefined;
}

function folderOf(path: string): readonly string[] {
  try {
    return readdirSync(path).filter(name => /^[0-9a-f]+$/.test(name));
  } catch {
    return [];
  }
}

function readText(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    return text.length > MAX_FILE ? undefined : text;
  } catch {
    return undefined;
  }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readText(path) ?? 'null');
  } catch {
    return undefined;
  }
}

function readObject(path: string): Readonly<Record<string, unknown>> | undefined {
  const found = readJson(path);
  return isObject(found) ? found : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
