/** How much of a device is laid out. */
import type { View } from '../../schema/view.ts';
import type { KindFinder } from './info.ts';
import type { ProgramFinder } from './xdp.ts';

/** What the command around a device asks of its layout. */
export interface LinkLayout {
  /** `link` adds mode, address generation, alias, counters; `monitor` leaves out the length of the queue. */
  readonly as: 'link' | 'address' | 'monitor';
  /** The family that addresses are wanted of: with -4 or -6 there is no line of link-layer addresses. */
  readonly family: number;
  /** Finds the kinds that details name; needed with -d only. */
  readonly findKind?: KindFinder | undefined;
  /** Looks at BPF programs; without it only their ids are shown. */
  readonly findProgram?: ProgramFinder | undefined;
  /** Reports what is wrong with a message that is printed all the same. */
  readonly complain?: ((text: string) => void) | undefined;
}

/** What is printed of a device: the view, and what the command around it asks. */
export interface LinkView extends View {
  readonly layout: LinkLayout;
}
