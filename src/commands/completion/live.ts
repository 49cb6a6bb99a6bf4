/** What is there at the moment, as candidates: devices, namespaces, processes, users, groups. Never fails. */
import { readdirSync, readFileSync } from 'node:fs';
import { Session } from '../../kernel/netlink/event-session.ts';
import { listNames, pathOfNamespace } from '../../namespaces/named.ts';
import { decodeLink, link } from '../../rtnetlink/link.ts';
import { linkRequest } from '../../rtnetlink/request.ts';
import { decodeText } from '../../wire/text.ts';
import type { Candidate } from './answer.ts';

const DECODE = link.select(['ifname', 'linkinfo', 'prop_list']);

/** The devices of this network namespace, with their alternative names. */
export async function devices(): Promise<Candidate[]> {
  const found: Candidate[] = [];
  try {
    const session = Session.open();
    try {
      for await (const batch of session.dump(linkRequest({}, {}, { ext_mask: 8 }))) {
        for (const message of batch) {
          const { ifname, linkinfo, prop_list: others = [] } = decodeLink(message, DECODE) ?? {};
          if (ifname === undefined) continue;
          found.push({ word: ifname, about: `${linkinfo?.kind ?? ''} device`.trimStart() });
          for (const word of others) found.push({ word, about: `device ${ifname}` });
        }
      }
    } finally {
      session.close();
    }
  } catch {
    // The kernel may not be asked: there is nothing to offer.
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

/** The id of an account is told about it. */
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
