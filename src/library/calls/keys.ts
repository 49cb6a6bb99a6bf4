/** Keys of algorithms in what a call was given: errors carry it, and are printed and recorded. */

/** `value` where of each key no more than its length is left, and members that are not enumerable are not there. */
export function withoutKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutKeys);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      name === 'key' ? lengthOf(member) : withoutKeys(member),
    ]),
  );
}

function lengthOf(key: unknown): string {
  return key instanceof Uint8Array ? `${key.length} bytes` : 'no bytes';
}

/** Signals and other objects with a class have no keys. */
function isRecord(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
