/** Words in the wrong order, and programs and commands in the place of an object. */
import { isIP } from 'node:net';
import { findObject, OBJECTS } from '../objects.ts';
import type { Hint } from './failure.ts';
import { commandsOf, isCommand } from './line.ts';
import { complaintOf } from './request.ts';
import type { SystemView } from './system-view.ts';

/** Words that change a device: after a device they mean `link set`. */
const SETTINGS: ReadonlySet<string> = new Set(['up', 'down', 'mtu', 'master', 'name', 'netns', 'nomaster']);

export const wordOrder: Hint = ({ words, error }, system) => {
  const complaint = complaintOf(error) ?? '';
  const object = /^Object "(.*?)" is unknown/.exec(complaint)?.[1];
  if (object !== undefined) return wrongObject(words, object, system);
  const command = /^Command "(.*?)" is unknown/.exec(complaint)?.[1];
  return command === undefined ? undefined : wrongCommand(words, command, system);
};

async function wrongObject(
  words: readonly string[],
  word: string,
  system: SystemView,
): Promise<string | undefined> {
  const [, next, ...rest] = words;
  if (next !== undefined && findObject(next)?.name.startsWith(next)) {
    const commands = await commandsOf(next);
    if (commands !== undefined && isCommand(commands, word)) {
      return `the object comes before the command: '${[next, word, ...rest].join(' ')}'`;
    }
  }
  const first = system.devices().includes(word) ? word : undefined;
  if (first !== undefined) return deviceFirst(first, words.slice(1));
  const objects = await objectsWith(word);
  if (objects.length > 0) {
    return `"${word}" is a command; the object that it is about comes before it: '${objects[0]} ${word}', for example`;
  }
  if (system.isProgram(word)) {
    return `"${word}" is a program: run it by itself, or in a namespace by 'netns exec NAME ${words.join(' ')}'`;
  }
  return undefined;
}

/** The objects that have this command. */
async function objectsWith(word: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of ['link', 'address', 'route', ...OBJECTS.map(({ name }) => name)]) {
    const commands = await commandsOf(name);
    if (commands?.commands.some(({ names }) => names.includes(word))) found.push(name);
  }
  return found;
}

/** `v0 up`. */
function deviceFirst(device: string, rest: readonly string[]): string {
  if (rest.length === 0) return `"${device}" is a device: 'link show ${device}' or 'address show ${device}'`;
  return `an object and a command come first: 'link set ${[device, ...rest].join(' ')}', for example`;
}

async function wrongCommand(
  words: readonly string[],
  word: string,
  system: SystemView,
): Promise<string | undefined> {
  const [object = '', ...rest] = words;
  const commands = await commandsOf(object);
  if (commands === undefined) return undefined;
  const meant = await commandsOf(word);
  if (meant !== undefined && isCommand(meant, object)) {
    return `the object comes before the command: '${[word, object, ...rest.slice(1)].join(' ')}'`;
  }
  const name = findObject(object)!.name;
  const others = rest.filter(other => other !== word);
  const later = rest.find(other => other !== word && isCommand(commands, other));
  if (later !== undefined) {
    const line = [name, later, ...rest.filter(other => other !== later)];
    return `the command comes right after the object: '${line.join(' ')}'`;
  }
  if (system.devices().includes(word)) {
    const isChange = others.some(other => SETTINGS.has(other));
    if (name === 'link' && isChange) return `the command is missing: 'link set ${rest.join(' ')}'`;
    return `a command comes before the device: '${name} show ${name === 'route' ? 'dev ' : ''}${word}' for example`;
  }
  if (isIP(word.split('/', 1)[0]!) !== 0 && commands.commands.some(({ names }) => names.includes('add'))) {
    return `a command comes before the address: '${name} add ${rest.join(' ')}' for example`;
  }
  return undefined;
}
