/** `tsip run --record`: what stands when the command has ended, as a lab file. */
import { closeSync } from 'node:fs';
import { basename } from 'node:path';
import { type ExportedLab, exportNamespaces } from '../../lab/export/lab-file.ts';
import { nodeNames } from '../../lab/export/names.ts';
import { type NamespaceEntry, openNamespace, readRegistry } from '../../namespaces/inventory/registry.ts';
import { readTopology } from '../../namespaces/inventory/topology.ts';
import { ipWords } from '../lab/ip-words.ts';

/** Lab files that are JSON by their names. */
const JSON_NAME = /\.json$/;
/** The node of the namespace in which the command ran. */
const OWN = 'host';
const OTHER_NAME = 'recorded';

/** What was there before. */
interface Before {
  readonly namespaces: ReadonlySet<string>;
  /** Devices of the own network namespace, `INDEX NAME`. */
  readonly devices: ReadonlySet<string>;
}

/** A lab file, and what it does not say, a line each. */
export interface Recorded {
  readonly text: string;
  readonly lost: readonly string[];
}

/** Records what is made from its construction on. */
export class Recorder {
  readonly #before: Before;

  private constructor(before: Before) {
    this.#before = before;
  }

  /** Notes what is there. */
  static async begin(): Promise<Recorder> {
    const { namespaces } = readRegistry();
    return new Recorder({
      namespaces: new Set(namespaces.map(({ identity }) => identity)),
      devices: await devicesOf(namespaces),
    });
  }

  /**
   * The lab of the named namespaces that were not there before, and of the own one if it has devices that were not; for the
   * file called `path`.
   */
  async end(path: string): Promise<Recorded> {
    const { file, text, lost } = await this.#export(path);
    return { text: JSON_NAME.test(path) ? `${JSON.stringify(file, undefined, 2)}\n` : text, lost };
  }

  async #export(path: string): Promise<ExportedLab> {
    const { namespaces } = readRegistry();
    const found = namespaces.filter(
      ({ identity, names, problem }) =>
        names.length > 0 && problem === undefined && !this.#before.namespaces.has(identity),
    );
    const { lab, names } = nodeNames(found.map(({ names: [name = ''] }) => name));
    const own = (await this.#hasNewDevices(namespaces))
      ? namespaces.filter(({ isCurrent }) => isCurrent)
      : [];
    const nodes = [...own, ...found];
    const nodeOf = [...own.map(() => nameBesides(names)), ...names];
    const open: { name: string; descriptor: number }[] = [];
    try {
      for (const [at, entry] of nodes.entries())
        open.push({ name: nodeOf[at]!, descriptor: openNamespace(entry) });
      return await exportNamespaces(open, ipWords, { lab: lab ?? labName(path) });
    } finally {
      for (const { descriptor } of open) closeSync(descriptor);
    }
  }

  async #hasNewDevices(namespaces: readonly NamespaceEntry[]): Promise<boolean> {
    for (const device of await devicesOf(namespaces)) if (!this.#before.devices.has(device)) return true;
    return false;
  }
}

/** Devices of the own network namespace. */
async function devicesOf(namespaces: readonly NamespaceEntry[]): Promise<Set<string>> {
  const [own] = await readTopology(namespaces.filter(({ isCurrent }) => isCurrent));
  return new Set(own?.devices.map(({ link }) => `${link.header.index} ${link.ifname}`));
}

function nameBesides(names: readonly string[]): string {
  return names.includes(OWN) ? `${OWN}-itself` : OWN;
}

/** A name for a lab, of the file's. */
function labName(path: string): string {
  const name = basename(path).replace(/\.\w+$/, '');
  return /^[a-z][a-z0-9-]*$/.test(name) ? name : OTHER_NAME;
}
