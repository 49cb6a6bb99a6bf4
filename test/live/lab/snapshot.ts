/** Everything outside of a lab that it could leave something in: namespaces, devices, processes, files, mounts. */
import { readdirSync, readFileSync } from 'node:fs';

/** Comparable texts of this process's namespaces. */
export function snapshot(): Readonly<Record<string, readonly string[]>> {
  const lines = (path: string) => readFileSync(path, 'utf8').split('\n').filter(Boolean);
  return {
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
      .flatMap(pid => {
        try {
          return /^\d+ \(.*\) [ZX] /s.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
            ? []
            : [readFileSync(`/proc/${pid}/comm`, 'utf8').trim()];
        } catch {
          return []; // It has just ended.
        }
      })
      .sort(),
  };
}
