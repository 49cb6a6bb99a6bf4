/** What is made when it is first asked for, because most calls do not need it. */

/** What gives the value of `make`, and makes it the first time. */
export function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
