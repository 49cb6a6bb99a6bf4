/** Names for one dump, in which the same device is named again and again. */
import type { Names } from '../../schema/names.ts';

/** `names`, with the name of the last device kept. Not for monitors: devices are renamed. */
export function namesOfDump(names: Names): Names {
  let lastIndex = Number.NaN;
  let lastName = '';
  return {
    ...names,
    device(index) {
      if (index !== lastIndex) {
        lastName = names.device(index);
        lastIndex = index;
      }
      return lastName;
    },
  };
}
