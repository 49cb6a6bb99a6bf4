/** `ip vrf show`: VRF devices. Sources: ip-vrf(8), vrf.rst of the kernel. */

import { type Ask, answerTo } from '../../kernel/netlink/request-sync.ts';
import { RTEXT_FILTER_SKIP_STATS } from '../../linux/rtnetlink.ts';
import type { Vrf } from '../../namespaces/inventory/vrf-association.ts';
import { vrf as vrfKind } from '../../rtnetlink/kinds/vrf.ts';
import { decodeLink, type Link, link } from '../../rtnetlink/link.ts';
import { type Args, EXIT_FAILURE, EXIT_USAGE, UsageError, UsageRequest } from '../../schema/args.ts';
import type { Message } from '../../wire/message.ts';
import { padEndBytes } from '../../wire/text.ts';
import type { Context } from '../frame/context.ts';
import { isDeviceName } from '../grammar/device-names.ts';
import { linkGetRequest } from '../grammar/device-request.ts';
import { linkDumpRequest } from '../grammar/link-filter.ts';

const NAME_WIDTH = 16;
const NUMBER_WIDTH = 5;

/** `ip vrf show [NAME]`. */
export async function showVrfs(args: Args, context: Context): Promise<number> {
  const name = args.peek();
  if (name === undefined) return listVrfs(context);
  args.skip();
  if (!args.done) throw new UsageRequest();
  const found = findVrf(context.ask, name);
  if (found === undefined) throw new UsageError('Invalid VRF', singleExitCode(context));
  const out = context.textOutput();
  out.list();
  out.open();
  out.field('name', name, `${name} `);
  out.field('table', found.table, `${found.table}\n`);
  out.close();
  out.end();
  return 0;
}

async function listVrfs(context: Context): Promise<number> {
  // Of a refused list nothing is shown.
  const messages: Message[] = [];
  const request = linkDumpRequest({ kind: 'vrf' }, context.view, 0);
  for await (const batch of context.dump(request, { exitCode: EXIT_USAGE })) messages.push(...batch);
  const out = context.output();
  let count = 0;
  out.list(undefined, `${padEndBytes('Name', NAME_WIDTH)}  Table\n${'-'.repeat(23)}\n`);
  for (const message of messages) {
    const found = decodeLink(message, DECODE);
    const table = tableOf(found);
    if (found?.ifname === undefined || table === undefined) continue;
    out.open();
    out.field('name', found.ifname, padEndBytes(found.ifname, NAME_WIDTH));
    out.field('table', table, ` ${String(table).padStart(NUMBER_WIDTH)}`);
    out.text('\n');
    out.close();
    count++;
  }
  out.end(count === 0 ? 'No VRF has been configured\n' : '');
  return 0;
}

const DECODE = link.select(['ifname', 'linkinfo']);

/** The routing table of a VRF device; undefined for devices of other kinds. */
function tableOf(found: Link | undefined): number | undefined {
  const { kind, data } = found?.linkinfo ?? {};
  if (kind !== 'vrf' || data === undefined) return undefined;
  return vrfKind.table.decode(data, 0, data.length).table;
}

/** The exit code of the original if there is no such VRF: 255, in a batch 1. */
export function singleExitCode({ isBatch }: Context): number {
  return isBatch ? EXIT_FAILURE : EXIT_USAGE;
}

/** A VRF device with its table. */
export interface FoundVrf extends Vrf {
  /** Its routing table. */
  readonly table: number;
}

/** The VRF `name`; undefined if there is no such VRF. */
export function findVrf(ask: Ask, name: string): FoundVrf | undefined {
  if (!isDeviceName(name)) return undefined;
  const answer = answerTo(ask, linkGetRequest({ name }, RTEXT_FILTER_SKIP_STATS, 0));
  const found = answer === undefined ? undefined : decodeLink(answer, DECODE);
  const table = tableOf(found);
  return found === undefined || table === undefined ? undefined : { name, index: found.header.index, table };
}
