/** What a program that lives for a tenth of a second asks of V8. */

/**
 * Has V8 optimise later. It compiles in other threads, which on a small machine are those that should read ahead; and
 * of what it compiles early for a list of some thousand records, most comes too late to be of use.
 */
export function optimiseLater(): void {
  // V8 complains on stderr of flags that it does not know; which there are later is not for us to say.
  if (process.versions.v8.startsWith('11.'))
    process.getBuiltinModule('node:v8').setFlagsFromString(`--interrupt-budget=${BUDGET}`);
}

/** Bytes of bytecode that a function runs before it is looked at; three times the usual number. */
const BUDGET = 400_000;
