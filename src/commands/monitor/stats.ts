/** Counters of devices in a monitor: whether hardware counts for a device, which the kernel reports unasked. */
import { isSwitch, showSwitches } from '../../layouts/offload-switches.ts';
import { RTM_NEWSTATS } from '../../linux/rtnetlink.ts';
import { rawCounters, statisticsHeader } from '../../rtnetlink/link-statistics.ts';
import type { Context } from '../frame/context.ts';
import type { Printer } from './printer.ts';

/** Prints counter messages, whatever device is named, as the original does. */
export function statisticsPrinter(context: Context): Printer['print'] {
  const { view } = context;
  return ({ bytes, payload, end, type }, out, begin) => {
    if (type !== RTM_NEWSTATS || end - payload < statisticsHeader.size) return;
    const { index } = statisticsHeader.read(bytes, payload, statisticsHeader.size)!;
    begin();
    const name = view.names.device(index);
    out.open();
    out.field('ifindex', index, `${index}:`);
    out.field('ifname', name, ` ${name}:`, 'ifname');
    const counters = rawCounters.decode(bytes, payload + statisticsHeader.size, end);
    const info = counters.link_offload_xstats?.hw_s_info;
    if (info !== undefined) {
      out.newline();
      const { request = 0, used = 0 } = info.l3_stats ?? {};
      // The original ends here, without the end of a line.
      if (!isSwitch(request)) {
        context.complain(wrongSwitch('request', request));
        out.close();
        return;
      }
      if (!isSwitch(used)) context.complain(wrongSwitch('used', used));
      if (info.l3_stats !== undefined) {
        out.open('l3_stats');
        out.text('    l3_stats');
        showSwitches(info.l3_stats, out);
        out.close();
      }
    }
    out.newline();
    out.close();
  };
}

function wrongSwitch(name: string, value: number): string {
  return `Invalid value for ${name}: expected 0 or 1, got ${value}.`;
}
