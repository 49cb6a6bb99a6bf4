/** Everything outside of a lab that it could leave something in: namespaces, devices, processes, files, mounts, nf_tables. */
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { systemKernel } from '../../../src/kernel/kernel.ts';
import { NetlinkSession } from '../../../src/kernel/netlink/session.ts';
import { KernelError, SystemError } from '../../../src/kernel/system/errors.ts';
import { readNat } from '../../../src/lab/nat.ts';
import { NETLINK_NETFILTER } from '../../../src/linux/netlink.ts';
import { walkAttributes } from '../../../src/wire/message.ts';
import { MessageWriter } from '../../../src/wire/writer.ts';

/** NFNL_SUBSYS_NFTABLES and NFT_MSG_GETTABLE. */
const GET_TABLES = (10 << 8) | 1;
const NFGENMSG = 4;
const NFTA_TABLE_NAME = 1;

/** Comparable texts of this process's namespaces. */
export async function snapshot(): Promise<Readonly<Record<string, readonly string[]>>> {
  const lines = (path: string) => readFileSync(path, 'utf8').split('\n').filter(Boolean);
  return {
    tables: await tables(),
    files: readdirSync('/run', { recursive: true }).map(String).sort(),
    mounts: lines('/proc/self/mountinfo')
      .map(line => line.split(' ').slice(3).join(' '))
      .sort(),
    devices: lines('/proc/net/dev')
      .slice(2)
      .map(line => line.trim().split(':', 1)[0]!)
      .sort(),
    addresses: lines('/proc/net/fib_trie'),
    // The kernel gives link-local ones when it likes, and changes their flags.
    addresses6: lines('/proc/net/if_inet6').filter(line => !line.startsWith('fe80')),
    routes: lines('/proc/net/route'),
    forwarding: lines('/proc/sys/net/ipv4/ip_forward'),
    processes: readdirSync('/proc')
      .filter(name => /^\d+$/.test(name))
      .flatMap(programOf)
      .sort(),
  };
}

/** PF_EXITING: it has left its namespaces, and waits for its parent or soon will. */
const ENDING = 4;

/** The name of the program of a process; nothing of one that has ended, or is about to. */
function programOf(pid: string): string[] {
  try {
    const [, name, flags] = /^\d+ \((.*)\) \S(?: -?\d+){5} (\d+)/s.exec(
      readFileSync(`/proc/${pid}/stat`, 'latin1'),
    )!;
    return (Number(flags) & ENDING) === 0 ? [name!] : [];
  } catch {
    return []; // It is gone.
  }
}

/** The tables of nf_tables and their rules; none where the kernel has no nf_tables. */
async function tables(): Promise<readonly string[]> {
  const namespace = openSync('/proc/thread-self/ns/net', 'r');
  try {
    const found: string[] = [];
    for (const name of await tableNames())
      found.push(`${name}: ${(await readNat(systemKernel, namespace, name)).join('; ')}`);
    return found.sort();
  } catch (error) {
    if (error instanceof KernelError || error instanceof SystemError) return [];
    throw error;
  } finally {
    closeSync(namespace);
  }
}

async function tableNames(): Promise<readonly string[]> {
  using session = new NetlinkSession(systemKernel.sockets.blocking, { protocol: NETLINK_NETFILTER });
  const request = new MessageWriter(GET_TABLES, 0);
  request.reserve(NFGENMSG);
  const names: string[] = [];
  for await (const batch of session.dump(request))
    for (const { bytes, payload, end } of batch)
      walkAttributes(bytes, payload + NFGENMSG, end, (type, start, length) => {
        if ((type & 0x3fff) === NFTA_TABLE_NAME)
          names.push(bytes.toString('latin1', start, start + length).replace(/\0+$/, ''));
      });
  return names;
}
