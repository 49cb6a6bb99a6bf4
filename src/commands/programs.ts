/**
 * The programs by name, as src/start/ runs them. Each answers its exit code; undefined if the process is to end when
 * nothing is left to do.
 */
import { native } from '../kernel/system/native.ts';
import { run } from './ip.ts';

export const PROGRAMS: Readonly<Record<string, () => Promise<number | undefined>>> = {
  tsip: run,
  tsnsenter: async () => (await import('./nsenter.ts')).run(),
  tsunshare: async () => (await import('./unshare.ts')).run(),
};

export { native };
