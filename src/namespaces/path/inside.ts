/** Questions about routes, neighbours and settings, asked inside a namespace. Sources: rtnetlink(7), linux/netconf.h. */
import { closeSync } from 'node:fs';
import type { Kernel } from '../../kernel/kernel.ts';
import { NetlinkSession } from '../../kernel/netlink/session.ts';
import { KernelError } from '../../kernel/system/errors.ts';
import { AF_INET, AF_INET6 } from '../../linux/families.ts';
import { RTM_F_LOOKUP_TABLE, RTM_GETNEIGH, RTM_GETNETCONF } from '../../linux/rtnetlink.ts';
import { decodeNeighbour, neighbourHeader } from '../../rtnetlink/neighbour.ts';
import { decodeNetconf, NETCONF_HEADER_LENGTH, netconf } from '../../rtnetlink/netconf.ts';
import { routeRequest } from '../../rtnetlink/request.ts';
import { decodeRoute, type Route } from '../../rtnetlink/route.ts';
import { MessageWriter } from '../../wire/writer.ts';
import { type NamespaceEntry, openNamespace } from '../inventory/registry.ts';
import { firewallTables } from './firewall.ts';

/** One namespace that can be asked. */
export class Inside {
  readonly entry: NamespaceEntry;
  readonly #kernel: Kernel;
  readonly #descriptor: number;
  readonly #session: NetlinkSession;

  /** Throws {@link SystemError} if it may not be looked into. */
  constructor(kernel: Kernel, entry: NamespaceEntry) {
    this.entry = entry;
    this.#kernel = kernel;
    this.#descriptor = openNamespace(entry);
    const inside = entry.isCurrent ? {} : { namespace: this.#descriptor };
    this.#session = new NetlinkSession(kernel.sockets.blocking, { strict: true, ...inside });
  }

  close(): void {
    this.#session.close();
    closeSync(this.#descriptor);
  }

  /** The route that a packet would take, as `ip route get` prints it, or the kernel's refusal. */
  async route(destination: string, source?: string): Promise<Route | KernelError> {
    const family = familyOf(destination);
    const whole = family === AF_INET ? 32 : 128;
    const request = routeRequest(
      {},
      {
        family,
        dst_len: whole,
        src_len: source === undefined ? 0 : whole,
        flags: family === AF_INET ? RTM_F_LOOKUP_TABLE : 0,
      },
      { dst: destination, ...(source === undefined ? {} : { src: source }) },
    );
    try {
      const [answer] = await this.#session.request(request, 'answer');
      const route = answer === undefined ? undefined : decodeRoute(answer);
      return route ?? new KernelError(0, Buffer.alloc(0));
    } catch (error) {
      if (error instanceof KernelError) return error;
      throw error;
    }
  }

  /** State (NUD_*) of the entry for an address; undefined if there is none. */
  async neighbourState(address: string, device: number): Promise<number | undefined> {
    const request = new MessageWriter(RTM_GETNEIGH, 0);
    neighbourHeader.write(request, { ...neighbourHeader.zero(), family: familyOf(address) });
    for await (const batch of this.#session.dump(request)) {
      for (const message of batch) {
        const found = decodeNeighbour(message);
        if (found?.dst === address && found.header.ifindex === device) return found.header.state;
      }
    }
    return undefined;
  }

  /** Whether packets that come in by a device are forwarded; undefined where the kernel does not say. */
  async forwards(family: number, device: number): Promise<boolean | undefined> {
    const request = new MessageWriter(RTM_GETNETCONF, 0);
    request.bytes[request.reserve(NETCONF_HEADER_LENGTH)] = family;
    netconf.encode(request, { ifindex: device });
    try {
      const [answer] = await this.#session.request(request, 'answer');
      const forwarding = answer === undefined ? undefined : decodeNetconf(answer)?.forwarding;
      return forwarding === undefined ? undefined : forwarding !== 0;
    } catch (error) {
      if (error instanceof KernelError) return undefined;
      throw error;
    }
  }

  /** Names of the tables of a firewall that are here: rules may drop packets. */
  firewallTables(): Promise<readonly string[]> {
    return firewallTables(this.#kernel, this.entry.isCurrent ? undefined : this.#descriptor);
  }
}

/** The family of an address in text. */
export function familyOf(address: string): number {
  return address.includes(':') ? AF_INET6 : AF_INET;
}
