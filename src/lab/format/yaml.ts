/** The yaml package, loaded when the first lab file is read or written. */
import type * as Yaml from 'yaml';
import { onDemand } from '../../wire/on-demand.ts';

export const yaml = onDemand<typeof Yaml>('yaml');
