/** What is there at the moment, as candidates: devices, addresses, routes, namespaces, processes, users, groups. Never fails. */
import { readdirSync, readFileSync } from 'node:fs';
import { Session } from '../../kernel/netlink/event-session.ts';
import { RT_TABLE_MAIN, RTEXT_FILTER_SKIP_STATS, RTM_GETADDR, RTM_GETROUTE } from '../../linux/rtnetlink.ts';
import { listNames, pathOfNamespace } from '../../namespaces/named.ts';
import { addressHeader, decodeAddress } from '../../rtnetlink/address.ts';
import { decodeLink, link } from '../../rtnetlink/link.ts';
import { linkRequest } from '../../rtnetlink/request.ts';
import { decodeRoute, routeHeader } from '../../rtnetlink/route.ts';
import type { Message } from '../../wire/message.ts';
import { decodeText } from '../../wire/text.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { Candidate } from './answer.ts';

const DECODE = link.select(['ifname', 'linkinfo', 'prop_list']);

/** The devices of this network namespace, with their alternative names. */
export function devices(): Promise<Candidate[]> {
  return dumped(linkRequest({}, {}, { ext_mask: RTEXT_FILTER_SKIP_STATS }), message => {
    const { ifname, linkinfo, prop_list: others = [] } = decodeLink(message, DECODE) ?? {};
    if (ifname === undefined) return [];
    return [
      { word: ifname, about: `${linkinfo?.kind ?? ''} device`.trimStart() },
      ...others.map(word => ({ word, about: `device ${ifname}` })),
    ];
  });
}

/** The addresses of the devices. */
export function addresses(): Promise<Candidate[]> {
  const request = new MessageWriter(RTM_GETADDR, 0);
  addressHeader.write(request, addressHeader.zero());
  return dumped(request, message => {
    const found = decodeAddress(message);
    const word = found?.local ?? found?.address;
    if (found === undefined || word === undefined) return [];
    return [{ word: `${word}/${found.header.prefixlen}`, about: found.label ?? 'address' }];
  });
}

/** The destinations of the main routing table. */
export function routes(): Promise<Candidate[]> {
  const request = new MessageWriter(RTM_GETROUTE, 0);
  routeHeader.write(request, { ...routeHeader.zero(), table: RT_TABLE_MAIN });
  return dumped(request, message => {
    const found = decodeRoute(message);
    if (found === undefined || found.table !== RT_TABLE_MAIN) return [];
    const { dst } = found.attributes;
    return [{ word: dst === undefined ? 'default' : `${dst}/${found.dst_len}`, about: 'route' }];
  });
}

async function dumped(request: MessageWriter, read: (message: Message) => Candidate[]): Promise<Candidate[]> {
  const found: Candidate[] = [];
  try {
    const session = Session.open();
    try {
      for await (const batch of session.dump(request)) found.push(...batch.flatMap(read));
    } finally {
      session.close();
    }
  } catch {
    // The kernel refuses to answer: there is nothing to offer.
  }
  return found;
}

/** The named network namespaces. */
export function namespaces(): Candidate[] {
  return listNames().map(word => ({ word, about: 'network namespace' }));
}

/** The processes that are to be seen, with their commands. */
export function processes(): Candidate[] {
  return read(() =>
    readdirSync('/proc')
      .filter(name => /^\d+$/.test(name))
      .map(pid => ({ word: pid, about: commandOf(pid) })),
  );
}

function commandOf(pid: string): string {
  return read(() => [decodeText(readFileSync(`/proc/${pid}/comm`)).trimEnd()])[0] ?? '';
}

/** The named network namespaces by their paths. */
export function namespaceFiles(): Candidate[] {
  return listNames().map(name => ({ word: pathOfNamespace(name), about: 'network namespace' }));
}

/** The ids of the users of /etc/passwd. */
export function userIds(): Candidate[] {
  return idsOf(users());
}

/** The ids of the groups of /etc/group. */
export function groupIds(): Candidate[] {
  return idsOf(groups());
}

/** The id of an account is its description. */
function idsOf(accounts: readonly Candidate[]): Candidate[] {
  return accounts.map(({ word, about = '' }) => ({ word: about.split(' ')[1] ?? '', about: word }));
}

/** The users of /etc/passwd. */
export function users(): Candidate[] {
  return accounts('/etc/passwd', 'user');
}

/** The groups of /etc/group. */
export function groups(): Candidate[] {
  return accounts('/etc/group', 'group');
}

function accounts(path: string, what: string): Candidate[] {
  return read(() =>
    decodeText(readFileSync(path))
      .split('\n')
      .map(line => line.split(':'))
      .filter(([name, , id]) => name !== '' && id !== undefined && !/^[+-]/.test(name ?? ''))
      .map(([name, , id]) => ({ word: name ?? '', about: `${what} ${id}` })),
  );
}

function read<T>(from: () => T[]): T[] {
  try {
    return from();
  } catch {
    return [];
  }
}
