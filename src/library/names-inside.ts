/**
 * Names of hosts as programs in a network namespace see them: those of /etc/netns/NAME/hosts, or of /etc/hosts, then
 * those of the servers that resolv.conf names, which are asked from inside. Sources: ip-netns(8), hosts(5), resolv.conf(5).
 */
import { Resolver } from 'node:dns';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { ArgumentError, show } from './values/argument.ts';

/** 4 for IPv4, 6 for IPv6. */
export type IpVersion = 4 | 6;

/** An address of a host. */
export interface HostAddress {
  readonly address: string;
  readonly family: IpVersion;
}

/** Where names are looked up: the files of one namespace, and a way to make sockets in it. */
export interface NameSource {
  /** Name of the namespace, if it has one: its files come before those of the host. */
  readonly name: string | undefined;
  /** Calls `callback` with this thread in the namespace. */
  run<T>(callback: () => T): T;
}

const LOCALHOST: readonly HostAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];
const DNS_TIMEOUT_MS = 5000;
const ATTEMPTS = 2;
/** What resolvers ask where resolv.conf names no server. */
const USUAL_SERVER = '127.0.0.1';

/** A file of /etc as the namespace has it; empty where there is none. */
function readFile({ name }: NameSource, file: string): string {
  const paths = [...(name === undefined ? [] : [`/etc/netns/${name}/${file}`]), `/etc/${file}`];
  for (const path of paths) {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      // The next one counts.
    }
  }
  return '';
}

/** The words of each line, without comments. */
function wordsOfLines(text: string): string[][] {
  return text.split('\n').map(line =>
    line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/),
  );
}

function withFamily(address: string): HostAddress {
  return { address, family: isIP(address) as IpVersion };
}

/** What the hosts file has for a name, or the address itself; IPv4 first. Empty if it does not know the name. */
export function addressesInFiles(source: NameSource, host: string, family?: IpVersion): HostAddress[] {
  const isWanted = (found: HostAddress) => family === undefined || found.family === family;
  if (isIP(host) !== 0) return [withFamily(host)].filter(isWanted);
  const wanted = host.toLowerCase();
  const found = wordsOfLines(readFile(source, 'hosts'))
    .filter(
      ([address = '', ...names]) => isIP(address) !== 0 && names.some(name => name.toLowerCase() === wanted),
    )
    .map(([address = '']) => withFamily(address));
  const all = found.length === 0 && wanted === 'localhost' ? LOCALHOST : found;
  return all.filter(isWanted).sort((one, other) => one.family - other.family);
}

/** Error of a name that nobody knows, as of node:dns. */
export function notFound(host: string): Error {
  const error = new Error(`getaddrinfo ENOTFOUND ${host}`);
  return Object.assign(error, { code: 'ENOTFOUND', hostname: host, syscall: 'getaddrinfo' });
}

/** The addresses of a host, IPv4 first. Rejects with an error of node:dns where nobody knows the name. */
export async function addressesOf(
  source: NameSource,
  host: string,
  family?: IpVersion,
): Promise<HostAddress[]> {
  if (typeof host !== 'string' || host === '' || host.includes('\0'))
    throw new ArgumentError('host', `${show(host)} is not a name of a host`);
  const known = addressesInFiles(source, host, family);
  if (known.length > 0) return known;
  const settings = wordsOfLines(readFile(source, 'resolv.conf'));
  const named = settings.filter(([word]) => word === 'nameserver').flatMap(([, server]) => server ?? []);
  const servers = named.filter(server => isIP(server.replace(/%.*/, '')) !== 0);
  const families: readonly IpVersion[] = family === undefined ? [4, 6] : [family];
  const results = await Promise.allSettled(
    families.map(one => resolveBy(source, servers.length === 0 ? [USUAL_SERVER] : servers, host, one)),
  );
  const found = results.flatMap(result => (result.status === 'fulfilled' ? result.value : []));
  if (found.length === 0) throw notFound(host);
  return found;
}

/** Asks one server after the other, each by its own socket, which is made at once, inside. */
async function resolveBy(
  source: NameSource,
  servers: readonly string[],
  host: string,
  family: IpVersion,
): Promise<HostAddress[]> {
  let failure: unknown;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++)
    for (const server of servers) {
      try {
        return (await askServer(source, server, host, family)).map(withFamily);
      } catch (error) {
        failure = error;
        const { code } = error as { code?: string };
        if (code === 'ENOTFOUND' || code === 'ENODATA') throw error;
      }
    }
  throw failure;
}

function askServer(source: NameSource, server: string, host: string, family: IpVersion): Promise<string[]> {
  const resolver = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: 1 });
  resolver.setServers([server]);
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, addresses: string[]) => (error ? reject(error) : resolve(addresses));
    source.run(() => {
      if (family === 4) resolver.resolve4(host, done);
      else resolver.resolve6(host, done);
    });
  });
}
