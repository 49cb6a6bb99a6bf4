/** What is known of the network namespace in which commands run. */
import type { NetlinkSession } from '../../kernel/netlink/conversation.ts';
import { DeviceNames, type Prepare } from '../../kernel/netlink/device-names.ts';
import { NamespaceNames, type OnRefusal } from '../../namespaces/inventory/nsid-names.ts';

export class NamespaceState {
  readonly devices: DeviceNames;
  readonly namespaces: NamespaceNames;
  /** Whether this is where the program was started, or has gone with `-n`. */
  readonly isHome: boolean;
  /** Opened at its first use. */
  session: NetlinkSession | undefined;

  constructor(isHome: boolean, prepare: Prepare, onRefusal: OnRefusal) {
    this.isHome = isHome;
    this.devices = new DeviceNames(prepare);
    this.namespaces = new NamespaceNames(onRefusal);
  }
}
