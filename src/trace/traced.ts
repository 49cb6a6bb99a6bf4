/** A kernel that prints what is asked of it, and the answers. */

import type { Kernel } from '../kernel/kernel.ts';
import type { Connect } from '../kernel/netlink/transport.ts';
import type { PlanRunner } from '../kernel/plans/exec.ts';
import { callLine, type Print } from './calls.ts';
import { decorateCalls, decorateFiles } from './decorate.ts';
import { datagramLines, learnFrom } from './message.ts';
import { planLines } from './plan.ts';
import { Protocols } from './protocol.ts';

/** `kernel`, traced by `print`. */
export function traced(kernel: Kernel, print: Print): Kernel {
  const { calls, files, plans, sockets } = kernel;
  const protocols = new Protocols();
  return {
    calls: decorateCalls(calls, (call, run) => {
      const result = run();
      print([callLine(call.text, result)]);
      return result;
    }),
    files: decorateFiles(files, (call, _name, _path, run) => {
      try {
        run();
      } catch (error) {
        print([callLine(call.text, (error as NodeJS.ErrnoException).errno ?? -1)]);
        throw error;
      }
      print([callLine(call.text, 0)]);
    }),
    plans: tracedPlans(plans, print),
    sockets: {
      blocking: tracedConnect(sockets.blocking, protocols, print),
      eventDriven: async () => tracedConnect(await sockets.eventDriven(), protocols, print),
    },
  };
}

/** `plans`, traced by `print`. */
export function tracedPlans(plans: PlanRunner, print: Print): PlanRunner {
  return {
    exec(plan, title) {
      print(planLines(plan, false));
      return plans.exec(plan, title);
    },
    spawn(plan, title) {
      print(planLines(plan, false));
      return plans.spawn(plan, title);
    },
  };
}

/** Sockets that do nothing in the background: it would be printed too late. */
function tracedConnect(connect: Connect, protocols: Protocols, print: Print): Connect {
  return (options, events) => {
    const protocol = protocols.of(options.protocol);
    const {
      sendInBackground: _sendInBackground,
      readAhead: _readAhead,
      note,
      ...transport
    } = connect(options, {
      message(bytes, port, nsid) {
        learnFrom(bytes, protocol);
        print(datagramLines(bytes, 'received:', protocol));
        events.message(bytes, port, nsid);
      },
      truncated: () => events.truncated(),
      error: errno => events.error(errno),
    });
    if (note !== undefined) print([`note: ${note}`]);
    return {
      ...transport,
      send(bytes, onSent) {
        print(datagramLines(bytes, 'sent:', protocol));
        transport.send(bytes, onSent);
      },
    };
  };
}
