/** The options of listings. */
import type { ListOptions } from '../collections/collection.ts';
import { callback } from '../values/shape.ts';
import { options } from './call.ts';

/** What `list` takes besides a filter. */
export const listOptions = options<Pick<ListOptions, 'onInterrupted'>>({ onInterrupted: callback });
