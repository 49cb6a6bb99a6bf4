/** Names of nodes for namespaces, which may be called anything. */

/** Longest name of a node. */
const LONGEST = 40;
const LAB_NAME = /^[a-z][a-z0-9-]*$/;

/** What namespaces are called as nodes of a lab. */
export interface NodeNames {
  /** The lab that all of them belong to by their names, `LAB.NODE`; undefined if there is none. */
  readonly lab: string | undefined;
  /** A name for each, unique among them. */
  readonly names: readonly string[];
}

/** Makes names of nodes from those of namespaces. */
export function nodeNames(namespaces: readonly string[]): NodeNames {
  const lab = commonLab(namespaces);
  const taken = new Set<string>();
  const names = namespaces.map(name => {
    const base = nodeName(lab === undefined ? name : name.slice(lab.length + 1));
    let unique = base;
    for (let number = 2; taken.has(unique); number++) unique = `${base.slice(0, LONGEST - 4)}-${number}`;
    taken.add(unique);
    return unique;
  });
  return { lab, names };
}

function commonLab(namespaces: readonly string[]): string | undefined {
  const labs = new Set(namespaces.map(name => /^([^.]+)\../.exec(name)?.[1]));
  const [only] = labs;
  return labs.size === 1 && only !== undefined && LAB_NAME.test(only) ? only : undefined;
}

function nodeName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return (/^[a-z]/.test(plain) ? plain : plain === '' ? 'node' : `n${plain}`).slice(0, LONGEST);
}
