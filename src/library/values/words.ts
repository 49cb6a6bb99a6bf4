/** Numbers that have names in the files of /etc/iproute2: routing tables, protocols, scopes, groups of devices. */
import { NameFiles } from '../../rtnetlink/names/name-files.ts';
import type { Names, NameTable } from '../../schema/names.ts';
import { ArgumentError } from './argument.ts';

/** Reads and spells names as `ip` does. Lines of the files that are no entries are passed over. */
export class Words {
  readonly #registry = new NameFiles(() => undefined);

  /** The name of a number, or the number in text if it has none. */
  name(table: NameTable, number: number): string {
    return this.#registry.name(table, number, false);
  }

  /** The number of a name, or of a number in text. Throws {@link ArgumentError}. */
  number(argument: string, table: NameTable, word: string | number): number {
    const number = this.#registry.number(table, String(word));
    if (number === undefined)
      throw new ArgumentError(argument, `"${word}" is neither a known name nor a number`);
    return number;
  }

  /** The same, for spellings: without devices, which take a question to the kernel. */
  get names(): Names {
    return {
      device: index => `if${index}`,
      deviceIndex: () => undefined,
      deviceState: index => ({ name: `if${index}` }),
      vrf: () => undefined,
      remember: () => undefined,
      name: (table, number) => this.name(table, number),
      number: (table, word) => this.#registry.number(table, word),
      namespace: () => undefined,
      host: address => address,
      user: () => undefined,
      userGroup: () => undefined,
    };
  }
}
