/** What bridges have besides their devices and ports. Source: bridge(8). */
import { Forwarding } from './collections/forwarding.ts';
import type { Connection } from './connection.ts';

/** The bridges of a network. */
export class Bridges {
  /** Their forwarding tables, and those of VXLAN devices. */
  readonly forwarding: Forwarding;

  /** @internal */
  constructor(connection: Connection) {
    this.forwarding = new Forwarding(connection);
  }
}
