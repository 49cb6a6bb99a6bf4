/** Neighbours in a monitor. */
import { showNeighbour } from '../../layouts/neighbour.ts';
import { AF_UNSPEC } from '../../linux/families.ts';
import { decodeNeighbour } from '../../rtnetlink/neighbour.ts';
import type { Context } from '../frame/context.ts';
import type { Printer } from './printer.ts';

/** Prints neighbour messages about `device` (0: any): changes, deletions, and addresses that do not answer. */
export function neighbourPrinter({ view, family }: Context, device: number): Printer['print'] {
  return (message, out, begin) => {
    const neighbour = decodeNeighbour(message);
    if (neighbour === undefined) return;
    const { header } = neighbour;
    if (device !== 0 && header.ifindex !== device) return;
    if (family !== AF_UNSPEC && header.family !== family) return;
    begin();
    showNeighbour(neighbour, out, view, { messageType: message.type, hidesDevice: device !== 0 });
  };
}
