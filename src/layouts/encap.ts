/** How an encapsulation is laid out. */
import type { Output } from '../schema/output.ts';
import type { View } from '../schema/view.ts';
import type { AttributeIndex } from '../wire/attributes.ts';

export function showEncap(_attributes: AttributeIndex, _out: Output, _view: View): void {
  return;
}
