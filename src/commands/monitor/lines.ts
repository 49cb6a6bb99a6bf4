/** `ip monitor` with --strict-json: each message as one object on its own line. */
import type { Output } from '../../schema/output.ts';
import type { Message } from '../../wire/message.ts';
import type { Context } from '../frame/context.ts';
import type { StrictReport } from '../frame/strict-report.ts';
import type { Printer } from './printer.ts';

/** The lowest two bits of a message's type. */
const EVENTS = ['new', 'delete', 'get', 'set'] as const;

const OBJECTS: Readonly<Record<string, string>> = { ADDR: 'address', NEIGH: 'neighbour' };

/** Where a message comes from and when. */
export interface Arrival {
  readonly time: Date;
  /** The id of another namespace. */
  readonly nsid?: number | undefined;
}

/** Prints `{event, object, time, nsid, data}` for a message that is to be seen; `data` is as `show` prints it. */
export function printMonitorLine(
  strict: StrictReport,
  { label, print }: Printer,
  message: Message,
  { time, nsid }: Arrival,
  context: Context,
): void {
  let isShown = false;
  const show = (out: Output) => {
    out.open();
    out.data('event', EVENTS[message.type & 3]!);
    out.data('object', OBJECTS[label] ?? label.toLowerCase());
    if (context.options.timestamp !== 'none') out.data('time', time.toISOString());
    if (nsid !== undefined) out.data('nsid', nsid);
    out.open('data');
    const begin = () => {
      isShown = true;
    };
    print(message, out, begin, nsid !== undefined);
    out.close();
    out.close();
  };
  strict.printLine(show, () => isShown);
}
