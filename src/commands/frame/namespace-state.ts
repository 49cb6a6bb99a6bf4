/** What is known of the network namespace in which commands run. */
import type { RegisteredFamily } from '../../genetlink/controller.ts';
import { type DeviceLookups, DeviceNames, type Prepare } from '../../kernel/netlink/device-names.ts';
import type { NetlinkSession } from '../../kernel/netlink/session.ts';
import { NamespaceNames, type OnRefusal } from '../../namespaces/inventory/nsid-names.ts';

export class NamespaceState {
  readonly devices: DeviceNames;
  readonly namespaces: NamespaceNames;
  /** Whether this is where the program was started, or has gone with `-n`. */
  readonly isHome: boolean;
  /** Sessions of both kinds of sockets, each opened at its first use. */
  eventDriven: NetlinkSession | undefined;
  blocking: NetlinkSession | undefined;
  /** Sessions of other protocols than rtnetlink, by protocol. */
  readonly others = new Map<number, NetlinkSession>();
  /** The families of generic netlink that have been asked for, by name. */
  readonly families = new Map<string, RegisteredFamily>();

  constructor(isHome: boolean, lookups: DeviceLookups, prepare: Prepare, onRefusal: OnRefusal) {
    this.isHome = isHome;
    this.devices = new DeviceNames(lookups, prepare);
    this.namespaces = new NamespaceNames(lookups.ask, onRefusal);
  }

  /** Closes its sessions. */
  close(): void {
    this.eventDriven?.close();
    this.blocking?.close();
    for (const session of this.others.values()) session.close();
  }
}
