/** `ip link show`: devices, one by name or all that a filter lets through. */

import { type LinkLayout, showLink, showLinkBrief } from '../layouts/link.ts';
import type { Link } from '../rtnetlink/link.ts';
import { type Args, UsageRequest, wrongArgument } from '../schema/args.ts';
import type { Output } from '../schema/output.ts';
import type { Context } from './context.ts';
import {
  extensionMask,
  filterDeviceIndex,
  isWanted,
  type LinkFilter,
  linkDecoder,
  linkDumpRequest,
  linkGetRequest,
  linkLayout,
  readFilterDevice,
  readFilterWord,
  readLink,
  readLinks,
} from './link-filter.ts';
import { LINK_USAGE } from './link-usage.ts';
import { AF_PACKET } from './options.ts';
import { parsePrefix } from './prefix.ts';

/** Shows the devices that the rest of the line asks for; answers the exit code. */
export async function showLinks(args: Args, context: Context): Promise<number> {
  const { names, view } = context;
  context.hidesAddresses = true;
  const filter: LinkFilter = {};
  let isHidden = false;
  while (!args.done) {
    if (readFilterWord(args, filter, names)) continue;
    if (args.is('label')) isHidden = true;
    if (readAddressWord(args, context)) continue;
    if (args.matches('help')) throw new UsageRequest(LINK_USAGE);
    readFilterDevice(args, filter);
  }
  const index = filterDeviceIndex(filter, names);
  const layout = await linkLayout(context, 'link', AF_PACKET);
  const decode = linkDecoder(view, filter);
  const out = context.output();
  const show = (found: Link) => {
    const isShown = !isHidden && isWanted(found, filter);
    // With a group asked for, devices that are filtered out leave no trace; otherwise an empty object.
    if (!isShown && filter.group !== undefined) return;
    out.open();
    if (isShown) showOne(found, out, context, layout);
    out.close();
  };

  out.list();
  try {
    if (filter.deviceName !== undefined && index !== undefined) {
      const device = filter.group === undefined ? { name: filter.deviceName } : { index };
      const request = linkGetRequest(device, extensionMask(filter, view), AF_PACKET);
      const found = await readLink(context, request, decode);
      if (found !== undefined) show(found);
    } else {
      const request = linkDumpRequest(filter, view, AF_PACKET);
      for await (const links of readLinks(context, request, decode)) for (const found of links) show(found);
    }
  } finally {
    out.end();
  }
  return 0;
}

function showOne(found: Link, out: Output, context: Context, layout: LinkLayout): void {
  if (context.view.brief) {
    showLinkBrief(found, out, context.view, layout);
    out.text('\n');
  } else {
    showLink(found, out, context.view, layout);
  }
}

/** Words of `address show` that select addresses. `link show` takes them too, and they choose nothing there. */
const ADDRESS_FLAGS: ReadonlySet<string> = new Set([
  'dynamic',
  'permanent',
  'secondary',
  'temporary',
  'primary',
  'tentative',
  'dadfailed',
  'deprecated',
  'home',
  'mngtmpaddr',
  'noprefixroute',
  'autojoin',
  'stable-privacy',
  'nodad',
  'optimistic',
]);

function readAddressWord(args: Args, { names }: Context): boolean {
  const word = args.peek() as string;
  if (ADDRESS_FLAGS.has(word.replace(/^-/, ''))) {
    args.skip();
  } else if (args.accept('to')) {
    parsePrefix(args.next(), AF_PACKET);
  } else if (args.accept('label')) {
    args.next();
  } else if (args.accept('scope')) {
    const value = args.next();
    if (value !== 'all' && names.number('scopes', value) === undefined) {
      throw wrongArgument(value, 'invalid "scope"\n');
    }
  } else if (args.accept('proto')) {
    const value = args.next();
    if (names.number('addressProtocols', value) === undefined) {
      throw wrongArgument(value, '"proto" value is invalid\n');
    }
  } else {
    return false;
  }
  return true;
}
