/** How much of a record is asked for: the options that layouts, unlike writers, depend on. */
import type { Names } from './names.ts';

export interface View {
  /** -d: how often it is given. */
  readonly details: number;
  /** -s: how often it is given. */
  readonly statistics: number;
  /** -o: one record a line. */
  readonly oneLine: boolean;
  readonly brief: boolean;
  /** -h and -iec: scaled counters. */
  readonly scale: 'none' | 'si' | 'iec';
  /** -N: numbers instead of names. */
  readonly numeric: boolean;
  readonly names: Names;
}
