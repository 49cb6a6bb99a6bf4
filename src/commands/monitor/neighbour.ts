/** Neighbours in a monitor. */
import { showNeighbour } from '../../layouts/neighbour.ts';
import { decodeNeighbour } from '../../rtnetlink/neighbour.ts';
import type { Context } from '../frame/context.ts';
import type { Printer } from './printer.ts';

/** Prints neighbour messages about `device` (0: any): changes, deletions, and questions that nobody answers. */
export function neighbourPrinter({ view }: Context, device: number): Printer['print'] {
  return (message, out, begin) => {
    const neighbour = decodeNeighbour(message);
    if (neighbour === undefined || (device !== 0 && neighbour.header.ifindex !== device)) return;
    begin();
    showNeighbour(neighbour, out, view, { messageType: message.type });
  };
}
