/** Columns that text takes on a terminal, where many scripts and pictures take two each and marks above none. */
import type width from 'string-width';
import { onDemand } from './on-demand.ts';

const stringWidth = onDemand<typeof width>('string-width');

/** Columns of `text`, which may have colours. */
export function columnsOf(text: string): number {
  return stringWidth()(text);
}

/** `text` cut to so many columns, with a mark where something is missing. */
export function shortened(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let kept = '';
  for (const character of text) {
    if (columnsOf(kept + character) >= columns) break;
    kept += character;
  }
  return `${kept}…`;
}
