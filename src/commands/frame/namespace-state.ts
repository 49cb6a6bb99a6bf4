/** What is known of the network namespace in which commands run. */
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

  constructor(isHome: boolean, lookups: DeviceLookups, prepare: Prepare, onRefusal: OnRefusal) {
    this.isHome = isHome;
    this.devices = new DeviceNames(lookups, prepare);
    this.namespaces = new NamespaceNames(lookups.ask, onRefusal);
  }

  /** Closes its sessions. */
  close(): void {
    this.eventDriven?.close();
    this.blocking?.close();
  }
}
