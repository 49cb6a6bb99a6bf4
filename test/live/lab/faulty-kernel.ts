/** A kernel that counts what would change it, and refuses one of these changes. */
import { type Kernel, systemKernel } from '../../../src/kernel/kernel.ts';

const ENOMEM = 12;
/** A message type that no kernel knows. */
const NO_TYPE = 0x7ff0;
/** Requests that only ask have types of this rest. */
const ASKS = 2;

/** NFT_MSG_NEWRULE and NFT_MSG_GETRULE: messages of nf_tables are numbered in another way. */
const NFT_NEWRULE = 0xa06;
const NFT_GETRULE = 0xa07;

function isQuestion(type: number): boolean {
  return type === NFT_GETRULE || ((type & 3) === ASKS && type !== NFT_NEWRULE);
}

/** Counts changes: netlink requests that change, namespaces made and mounted. */
export interface FaultyKernel {
  readonly kernel: Kernel;
  /** How many changes there have been. */
  count(): number;
}

/** Refuses change number `failAt`, from 1; none if it is left out. */
export function faultyKernel(failAt = 0): FaultyKernel {
  let count = 0;
  const isRefused = () => ++count === failAt;
  const { calls, sockets } = systemKernel;
  const kernel: Kernel = {
    ...systemKernel,
    calls: {
      ...calls,
      unshare: flags => (isRefused() ? -ENOMEM : calls.unshare(flags)),
      mount: (...words) => (isRefused() ? -ENOMEM : calls.mount(...words)),
    },
    sockets: {
      ...sockets,
      blocking(options, events) {
        const transport = sockets.blocking(options, events);
        const { port, receive, close, hold, join } = transport;
        const send: typeof transport.send = (bytes, onSent) => {
          for (let at = 0; at + 16 <= bytes.length; at += (bytes.readUInt32LE(at) + 3) & ~3) {
            if (isQuestion(bytes.readUInt16LE(at + 4))) continue;
            if (isRefused()) bytes.writeUInt16LE(NO_TYPE, at + 4);
          }
          transport.send(bytes, onSent);
        };
        return { port, send, close, hold, join, ...(receive && { receive }) };
      },
    },
  };
  return { kernel, count: () => count };
}
