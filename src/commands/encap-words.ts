/** Encapsulations on the command line. */
import { type Args, wrongArgument } from '../schema/args.ts';
import type { Names } from '../schema/names.ts';

export interface Encap {
  /** LWTUNNEL_ENCAP_*. */
  readonly type: number;
  readonly payload: Buffer;
}

export function parseEncap(args: Args, _names: Names): Encap {
  throw wrongArgument(args.next(), '"encap type" value is invalid\n');
}
