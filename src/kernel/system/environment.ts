/** This process's environment, which the programs that it starts get. */
import { encodeText } from '../../wire/text.ts';
import { check } from './errors.ts';
import { native } from './native.ts';

/** Sets a variable, also for programs that the addon starts: Bun's process.env is a copy of what C has. */
export function setVariable(name: string, value: string): void {
  process.env[name] = value;
  check(native.setenv(encodeText(name), encodeText(value)), `cannot set ${name}`);
}
