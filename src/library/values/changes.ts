/** Which members of a call's arguments differ from what a listing has returned. */

const changesOf = new WeakMap<object, object>();

/** Notes that arguments were made of a value of a listing, and which of them are not as they are there. */
export function noteChanges(checked: object, changed: object): void {
  changesOf.set(checked, changed);
}

/** Those of a call's checked arguments that are not as a listing has returned them. */
export function changedIn<T extends object>(checked: T): Partial<T> {
  return changesOf.get(checked) ?? checked;
}
