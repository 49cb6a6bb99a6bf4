/**
 * Whether a namespace has rules of a firewall: said, not interpreted. Sources: linux/netfilter/nfnetlink.h struct nfgenmsg,
 * linux/netfilter/nf_tables.h NFT_MSG_GETTABLE, NFTA_TABLE_NAME; /proc/net/ip_tables_names of iptables.
 */
import { readFileSync } from 'node:fs';
import type { Kernel } from '../../kernel/kernel.ts';
import { NetlinkSession } from '../../kernel/netlink/session.ts';
import { insideNamespace } from '../../kernel/system/namespace.ts';
import { NETLINK_NETFILTER } from '../../linux/netlink.ts';
import * as row from '../../schema/row.ts';
import { table } from '../../schema/table.ts';
import type { Message } from '../../wire/message.ts';
import { MessageWriter } from '../../wire/writer.ts';

/** NFNL_SUBSYS_NFTABLES in the upper byte, NFT_MSG_* in the lower one. */
const NEWTABLE = 0xa00;
const GETTABLE = 0xa01;
/** struct nfgenmsg: family, version, resource. */
const HEADER_LENGTH = 4;
const FAMILIES: Readonly<Record<number, string>> = {
  1: 'inet',
  2: 'ip',
  3: 'arp',
  5: 'netdev',
  7: 'bridge',
  10: 'ip6',
};
const attributes = table({ name: row.text(1) });

/** Names of the tables, of iptables `filter`, of nftables `nftables: inet filter`. What may not be looked at is left out. */
export async function firewallTables(
  kernel: Kernel,
  namespace: number | undefined,
): Promise<readonly string[]> {
  return [...new Set([...iptables(kernel, namespace), ...(await nftables(kernel, namespace))])];
}

function iptables({ calls }: Kernel, namespace: number | undefined): readonly string[] {
  const read = () =>
    ['ip_tables_names', 'ip6_tables_names'].flatMap(file => {
      try {
        const text = readFileSync(`/proc/thread-self/net/${file}`, 'latin1');
        return text.split('\n').filter(Boolean);
      } catch {
        return [];
      }
    });
  return namespace === undefined ? read() : insideNamespace(calls, namespace, read);
}

async function nftables({ sockets }: Kernel, namespace: number | undefined): Promise<readonly string[]> {
  const inside = namespace === undefined ? {} : { namespace };
  const names: string[] = [];
  let session: NetlinkSession | undefined;
  try {
    session = new NetlinkSession(sockets.blocking, { protocol: NETLINK_NETFILTER, ...inside });
    const request = new MessageWriter(GETTABLE, 0);
    request.reserve(HEADER_LENGTH);
    for await (const batch of session.dump(request)) names.push(...batch.flatMap(nameIn));
  } catch {
    // A kernel without nftables, or a namespace of another user.
  } finally {
    session?.close();
  }
  return names;
}

function nameIn({ type, bytes, payload, end }: Message): readonly string[] {
  if (type !== NEWTABLE || end - payload < HEADER_LENGTH) return [];
  const { name } = attributes.decode(bytes, payload + HEADER_LENGTH, end);
  const family = FAMILIES[bytes[payload]!] ?? `family ${bytes[payload]}`;
  return name === undefined ? [] : [`nftables: ${family} ${name}`];
}
