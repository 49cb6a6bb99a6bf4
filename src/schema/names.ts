/** What spelling and parsing need to know of the system: device names, name files, namespace ids, accounts. */

/** The number and name tables of /etc/iproute2 and their built-in entries. */
export type NameTable =
  | 'tables'
  | 'protocols'
  | 'scopes'
  | 'groups'
  | 'realms'
  | 'dsfield'
  | 'addressProtocols'
  | 'protodownReasons';

export interface Names {
  /** Name of a device: `*` for index 0, `ifN` when it is unknown. */
  device(index: number): string;
  /** Index of a device by name, alternative name or `ifN`; undefined if there is no such device. */
  deviceIndex(name: string): number | undefined;
  /** The same with its flags (IFF_*), as far as they are known. */
  deviceState(index: number): { readonly name: string; readonly flags?: number | undefined };
  /** The VRF device of this name or index; undefined if there is no such device, or it is of another kind. */
  vrf(device: string | number): { readonly index: number; readonly table: number } | undefined;
  /** Remembers what a link message reports. */
  remember(index: number, name: string, flags: number, type: number): void;
  /** Name of a number in a table, the number itself (spelt as the original does) when it has none or `-N` is given. */
  name(table: NameTable, number: number): string;
  /** Number of a name or number in a table; undefined when it is neither. */
  number(table: NameTable, word: string): number | undefined;
  /** Name in the run directory of the namespace with this nsid; undefined when it has none. */
  namespace(nsid: number): string | undefined;
  /** The name of the host with this IP address, where names are wanted and it has one; else the address itself. */
  host(address: string): string;
  /** Name of a user; undefined when it has none. */
  user(id: number): string | undefined;
  /** Name of a group of users; undefined when it has none. */
  userGroup(id: number): string | undefined;
}
