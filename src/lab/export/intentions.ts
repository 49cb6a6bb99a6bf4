/** What a lab was applied with and the kernel does not know: services, programs, names, checks. */

import type { Command, LabCheck, LabNat, LabNode, LabService } from '../format/shape.ts';
import type { CheckModel, LabModel, NatModel, ServiceModel } from '../model.ts';
import type { Draft } from './devices.ts';

/** The checks of a lab. */
export function saidOfLab({ checks }: LabModel): LabCheck[] {
  return checks.map(({ text, isNegated, within }: CheckModel): LabCheck => {
    if (!isNegated && within === 0) return text;
    return {
      ...(isNegated ? { not: text } : { check: text }),
      ...(within > 0 && { within: duration(within) }),
    };
  });
}

type Intention = 'nat' | 'internet' | 'hosts' | 'setup' | 'run';

/** What is said of a node besides its network. */
export function saidOfNode(model: LabModel | undefined, name: string): Pick<LabNode, Intention> {
  const node = model?.nodes.find(node => node.name === name);
  if (node === undefined) return {};
  const said: Draft<Pick<LabNode, Intention>> = {};
  if (node.nat.length > 0) said.nat = node.nat.map(natOf);
  if (node.internet) said.internet = true;
  if (Object.keys(node.hosts).length > 0) said.hosts = node.hosts;
  if (node.setup.length > 0) said.setup = node.setup.map(({ command }) => commandOf(command));
  if (node.services.length > 0)
    said.run = Object.fromEntries(node.services.map(service => [service.name, serviceOf(service, name)]));
  return said;
}

function natOf({ device, mapping, to }: NatModel): LabNat {
  if (mapping === 'port-restricted') return device;
  return { out: device, mapping, ...(to !== undefined && { to }) };
}

function serviceOf({ command, cwd, env, after, ready }: ServiceModel, node: string): LabService {
  return {
    command: commandOf(command),
    ...(cwd !== undefined && { cwd }),
    ...(Object.keys(env).length > 0 && { env }),
    ...(after.length > 0 && {
      after: after.map(key => (key.startsWith(`${node}/`) ? key.slice(node.length + 1) : key)),
    }),
    ...(ready !== undefined && {
      ready: {
        ...(ready.tcp !== undefined && { tcp: ready.tcp }),
        ...(ready.log !== undefined && { log: ready.log }),
        ...(ready.file !== undefined && { file: ready.file }),
        ...(ready.exec !== undefined && { exec: commandOf(ready.exec) }),
        within: duration(ready.within),
      },
    }),
  };
}

function commandOf(words: readonly string[]): Command {
  const [shell, option, script] = words;
  return words.length === 3 && shell === 'sh' && option === '-c' ? script! : words;
}

function duration(milliseconds: number): string {
  return milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${milliseconds}ms`;
}
