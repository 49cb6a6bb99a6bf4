/** The state of the kernel that command lines leave behind, in every namespace of a sandbox, as the originals print it. */
import { resolve } from 'node:path';
import { originals, repository } from './requirements.ts';
import { quote, type Sandbox } from './sandbox.ts';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Members that count time, or differ with it. */
const volatileMembers =
  /^(hello|tcn|topology_change|gc|message_age|forward_delay|hold)_timer$|^(used|confirmed|updated)$/;

const script = resolve(repository, 'test/support/state.sh');
const timeoutMs = 30_000;

/** Describes the state, one value a line, so that a difference names what differs. */
export async function kernelState(sandbox: Sandbox): Promise<string> {
  const { stdout, stderr } = await sandbox.query(`source ${quote(script)} ${quote(originals())}`, timeoutMs);
  const lines: string[] = [];
  let [part, namespace, question, objects] = ['', '', '', [] as string[]];
  for (const line of stdout.split('\n')) {
    const mark = /^#(namespace|question|object|files|mounts) ?(.*)$/.exec(line);
    const isAnswer = line === '[]' || (line.startsWith('[{') && line.endsWith('}]'));
    if (mark?.[1] === 'object') objects.push(mark[2]!);
    else if (mark?.[1] === 'question') [question, objects] = [mark[2]!, []];
    else if (mark) [part, namespace] = [mark[1]!, mark[2] ? `-n ${mark[2]} ` : ''];
    else if (line === '') continue;
    else if (part === 'files') lines.push(`file /run/${line}`);
    else if (part === 'mounts') lines.push(...mountLine(line));
    else if (isAnswer) {
      const object = `${namespace}${question} ${objects.shift()}`;
      for (const [index, item] of (JSON.parse(line) as Json[]).entries())
        if (!isPassing(item)) flatten(`${object}: ${nameOf(item) ?? index}`, ownPart(item), lines);
    } else lines.push(`${namespace}${line}`);
  }
  if (part !== 'mounts' || !lines.some(line => line.startsWith('ip -d link: lo.ifname')))
    throw new Error(`the state of the kernel cannot be read:\n${stdout}${stderr}`);
  return [...lines, ...stderr.split('\n').filter(Boolean)].join('\n');
}

/**
 * Entries that come and go with traffic: what neighbour discovery and a bridge have learnt; and proxy entries without
 * a device, which the kernel shows to all namespaces.
 */
function isPassing(item: Json): boolean {
  if (item === null || typeof item !== 'object' || Array.isArray(item)) return false;
  if ('proxy' in item && !('dev' in item)) return true;
  if ('lladdr' in item || Array.isArray(item.state)) return !String(item.state).includes('PERMANENT');
  return 'mac' in item && !('state' in item);
}

/** An address listing without what the link listing says too. */
function ownPart(item: Json): Json {
  const isAddressed =
    item !== null && typeof item === 'object' && !Array.isArray(item) && 'addr_info' in item;
  return isAddressed ? { addr_info: item.addr_info! } : item;
}

function nameOf(item: Json): string | undefined {
  if (item === null || typeof item !== 'object' || Array.isArray(item)) return undefined;
  const parts = [item.ifname ?? item.interface ?? item.dev, item.dst, item.mac].filter(
    part => typeof part === 'string',
  );
  return parts.length > 0 ? parts.join(' ') : undefined;
}

function flatten(path: string, value: Json, lines: string[]): void {
  if (value === null || typeof value !== 'object') lines.push(`${path} = ${JSON.stringify(value)}`);
  else if (Array.isArray(value)) {
    if (value.every(item => item === null || typeof item !== 'object'))
      lines.push(`${path} = ${JSON.stringify(value)}`);
    else
      for (const [index, item] of value.entries()) flatten(`${path}[${nameOf(item) ?? index}]`, item, lines);
  } else {
    for (const [key, member] of Object.entries(value))
      if (!volatileMembers.test(key)) flatten(`${path}.${key}`, member, lines);
  }
}

/** Of a line of /proc/self/mountinfo what a command can cause, if it is a mount that commands make. */
function mountLine(line: string): string[] {
  const fields = line.split(' ');
  const [, , , root, point, options] = fields;
  if (!/^\/(run|etc|sys)(\/|$)/.test(point!)) return [];
  const end = fields.indexOf('-');
  const propagation = fields.slice(6, end).map(field => field.replace(/:\d+$/, ''));
  return [`mount ${point} of ${root} ${options} ${propagation.join(' ')} ${fields.slice(end + 1).join(' ')}`];
}
