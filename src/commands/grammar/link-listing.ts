/** Reading devices to print them: one or a list, with the names and the kinds that printing needs. */
import { inspectProgram } from '../../kernel/system/bpf.ts';
import { KernelError, strerror } from '../../kernel/system/errors.ts';
import type { LinkLayout } from '../../layouts/link/view.ts';
import { RTM_NEWLINK } from '../../linux/rtnetlink.ts';
import { isLoaded, loadedKind, loadKind, loadKinds } from '../../rtnetlink/kinds/load.ts';
import { type Link, link, linkHeader } from '../../rtnetlink/link.ts';
import { EXIT_FAILURE } from '../../schema/args.ts';
import type { View } from '../../schema/view.ts';
import { load16, load32, loadSigned32 } from '../../wire/integers.ts';
import { attributeLength, findAttribute, type Message } from '../../wire/message.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';
import type { DumpOptions } from '../frame/dump.ts';
import { CommandFailed, kernelErrorText } from '../frame/report.ts';

const SLAVE_SUFFIX = '_slave';

/** Asks for one device. A refusal is reported in the original's words and ends the command. */
export async function askForLink(context: Context, request: MessageWriter): Promise<Message | undefined> {
  try {
    const [answer] = await context.request(request, 'answer');
    if (answer?.type !== RTM_NEWLINK) return undefined;
    remember(answer, context);
    return answer;
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    context.complain(kernelErrorText(error));
    context.complain(`Cannot send link get request: ${strerror(error.errno)}`);
    throw new CommandFailed(EXIT_FAILURE, error);
  }
}

/** What lists of devices and their addresses end with when the kernel refuses them. */
export const REFUSED_LISTING = 0;

/** How devices and their addresses are listed. */
export const LISTING: DumpOptions = { exitCode: REFUSED_LISTING, readsAhead: true };

/**
 * Yields the messages of devices datagram by datagram, each handed on when the names in the one after it are known:
 * devices that belong together mostly lie close together, and the kernel need not be asked for names that it is about
 * to report.
 */
export async function* dumpLinks(
  context: Context,
  request: MessageWriter,
): AsyncGenerator<readonly Message[], void> {
  let before: readonly Message[] = [];
  for await (const batch of context.dump(request, LISTING)) {
    const links = batch.filter(({ type }) => type === RTM_NEWLINK);
    for (const message of links) remember(message, context);
    yield before;
    before = links;
  }
  yield before;
}

/** Remembers the name that a message has of its device. */
export function remember(message: Message, context: Context): void {
  const { bytes, payload, end } = message;
  if (end - payload < linkHeader.size) return;
  const { ifname } = link.rows;
  const at = findAttribute(bytes, payload + linkHeader.size, end, ifname.type);
  if (at === 0) return;
  const index = loadSigned32(bytes, payload + 4);
  const name = ifname.codec.read(bytes, at, attributeLength(bytes, at)) ?? '';
  context.devices.remember(index, name, load32(bytes, payload + 8), load16(bytes, payload + 2));
}

/** How devices are laid out in a list; {@link loadKindsOf} one that is not {@link isPrintable} before it is printed. */
export function listLayout(context: Context, as: LinkLayout['as'], family: number): LinkLayout {
  const { view } = context;
  const findKind = view.details > 0 ? loadedKind : undefined;
  return { as, family, findKind, findProgram: inspectProgram, complain: text => context.complain(text) };
}

/** Whether all kinds are loaded that a view shows of a device. Asked for each device of a list. */
export function isPrintable({ details }: View): (device: Link) => boolean {
  return details === 0 ? () => true : ({ linkinfo }) => linkinfo === undefined || areLoaded(linkinfo);
}

function areLoaded({ kind, slave_kind: slaveKind }: NonNullable<Link['linkinfo']>): boolean {
  return (
    (kind === undefined || isLoaded(kind)) && (slaveKind === undefined || isLoaded(slaveKind + SLAVE_SUFFIX))
  );
}

export async function loadKindsOf({ linkinfo }: Link): Promise<void> {
  if (linkinfo?.kind !== undefined) await loadKind(linkinfo.kind);
  if (linkinfo?.slave_kind !== undefined) await loadKind(linkinfo.slave_kind + SLAVE_SUFFIX);
}

/** How devices of any kind are laid out; `family` is the one whose addresses are wanted. */
export async function linkLayout(
  context: Context,
  as: LinkLayout['as'],
  family: number,
): Promise<LinkLayout> {
  const { view } = context;
  const findKind = view.details > 0 ? loadedKind : undefined;
  if (findKind !== undefined) await loadKinds();
  return { as, family, findKind, findProgram: inspectProgram, complain: text => context.complain(text) };
}
