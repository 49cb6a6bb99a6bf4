/**
 * Which ids there are in a user namespace for `--rootless`: root, who is the caller, and those that the system lets the
 * caller use besides, which newuidmap(1) and newgidmap(1) write. Sources: subuid(5), subgid(5).
 */
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { accountOf } from '../../kernel/system/accounts.ts';
import type { IdRange } from '../plans/id-maps.ts';
import type { IdMaps } from '../plans/rootless-plan.ts';
import { readSubordinateIds } from '../plans/subids.ts';

/** Maps of many ids; undefined where the caller has none, or nothing can write them. */
export function manyIds(): IdMaps | undefined {
  const user = process.geteuid!();
  if (user !== 0 && !['newuidmap', 'newgidmap'].every(isThere)) return undefined;
  const users = rangesOf('/etc/subuid', user);
  const groups = rangesOf('/etc/subgid', user);
  if (users.length === 0 || groups.length === 0) return undefined;
  return { users: { single: 0, ranges: users }, groups: { single: 0, ranges: groups } };
}

/** The first range that a user has, seen inside from 1 on. */
function rangesOf(file: string, user: number): readonly IdRange[] {
  const owners = [String(user), accountOf(user)?.name];
  let lines: ReturnType<typeof readSubordinateIds>;
  try {
    lines = readSubordinateIds(file);
  } catch {
    return [];
  }
  const found = lines.find(
    line => owners.includes(line.owner) && isNumber(line.start) && isNumber(line.count),
  );
  return found === undefined
    ? []
    : [{ inner: undefined, outer: Number(found.start), count: Number(found.count) }];
}

function isNumber(text: string): boolean {
  return /^[1-9]\d{0,9}$/.test(text);
}

function isThere(program: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some(folder => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}
