/**
 * What marks a device that is to come back into the namespace that it was taken from: an alternative name, which the
 * kernel keeps when the device is renamed or moved, also when it moves devices out of a namespace that ends.
 */

const PREFIX = 'tsip-return:';
/** The longest name of a device has 15 bytes. */
const MARK = new RegExp(`^${PREFIX}(\\d{1,10}):(.{1,15})$`, 's');

/** Where a device belongs. */
export interface Origin {
  /** Inode of its namespace. */
  readonly namespace: number;
  readonly name: string;
}

/** The alternative name that says it. */
export function returnMark({ namespace, name }: Origin): string {
  return `${PREFIX}${namespace}:${name}`;
}

/** The mark among the alternative names of a device, and what it says; undefined if it has none. */
export function findReturnMark(
  names: readonly string[] = [],
): { readonly mark: string; readonly origin: Origin } | undefined {
  for (const mark of names) {
    const [, namespace, name] = MARK.exec(mark) ?? [];
    if (name !== undefined) return { mark, origin: { namespace: Number(namespace), name } };
  }
  return undefined;
}
