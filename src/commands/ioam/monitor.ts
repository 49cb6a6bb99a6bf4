/** `ip ioam monitor`: what packets that end here have collected on their way. */
import { commandOf, decodeGeneric } from '../../genetlink/family.ts';
import { IOAM6_EVENT_GROUP, ioam6, ioam6Events } from '../../genetlink/ioam6.ts';
import { showIoamTrace } from '../../layouts/generic/ioam6.ts';
import { type Args, EXIT_FAILURE, UsageError } from '../../schema/args.ts';
import type { Context } from '../frame/context.ts';
import { openFamily } from '../generic/family-session.ts';
import { monitorFamily } from '../generic/monitor.ts';

const NO_EVENTS = "can't subscribe to ioam6 events: No such file or directory";

/** Prints traces, as text with -json too; further words are passed over. */
export async function monitorIoam(_args: Args, context: Context): Promise<number> {
  const session = await openFamily(ioam6, context);
  const listening = await session.listening(IOAM6_EVENT_GROUP);
  if (listening === undefined) throw new UsageError(NO_EVENTS);
  return monitorFamily(listening, context, {
    output: context.textOutput(),
    isEndedBySignals: false,
    exitCode: EXIT_FAILURE,
    show(message, out) {
      if (commandOf(message) !== ioam6Events.commands.trace[0]) return false;
      return showIoamTrace(decodeGeneric(ioam6Events, message) ?? {}, out);
    },
  });
}
