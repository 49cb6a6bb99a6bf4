/** `tsip lab list` and `show`: the labs of this host, and one of them. */

import { NETWORKS } from '../../lab/desired.ts';
import { isRunning } from '../../lab/services.ts';
import { labFolders } from '../../lab/state.ts';
import { listNames } from '../../namespaces/named.ts';
import { visible } from '../../wire/visible.ts';
import type { Context } from '../frame/context.ts';
import type { LabOptions } from './options.ts';
import { EXIT, printJson } from './report.ts';
import { appliedLab, labOf } from './source.ts';

const LAB_NAMESPACE = /^([a-z][a-z0-9-]*)\.([a-z_][a-z0-9-]*)$/;

/** Names of labs: those with a folder, and those of which only namespaces are left. */
export function labNames(): string[] {
  const names = new Set(labFolders());
  for (const name of listNames()) {
    const lab = LAB_NAMESPACE.exec(name)?.[1];
    if (lab !== undefined) names.add(lab);
  }
  return [...names].sort();
}

/** Lists the labs. A namespace with a point in its name counts if it has a lab's mark. */
export async function list({ json }: LabOptions, context: Context): Promise<number> {
  const rows: { lab: string; nodes: number; file: string | undefined; state: string }[] = [];
  for (const name of labNames()) {
    const lab = labOf(name, context);
    const state = lab.state;
    if (state === undefined && !(await lab.isMarked())) continue;
    const nodes = lab.nodes();
    rows.push({
      lab: name,
      nodes: nodes.length,
      file: state?.model.file,
      state:
        state === undefined
          ? 'without state'
          : nodes.length < state.model.nodes.length
            ? 'incomplete'
            : 'applied',
    });
  }
  if (json) printJson(context, rows);
  else
    printColumns(context, [
      ['LAB', 'NODES', 'STATE', 'FILE'],
      ...rows.map(row => [row.lab, String(row.nodes), row.state, row.file ?? '-']),
    ]);
  return EXIT.done;
}

/** Prints nodes with their addresses, and services. */
export async function show({ lab: name, json }: LabOptions, context: Context): Promise<number> {
  const { lab, model } = appliedLab(name, context);
  const services = lab.state?.services ?? [];
  const nodes = model.nodes.map(node => ({
    node: node.name,
    namespace: lab.store.nameOf(node.name),
    devices: node.devices.map(device => ({
      device: device.name,
      to:
        device.origin.kind === 'network'
          ? device.origin.network
          : device.origin.kind === 'cable'
            ? `${device.origin.peerNode}:${device.origin.peerDevice}`
            : undefined,
      addresses: device.addresses.map(({ text }) => text),
    })),
    services: services
      .filter(({ key }) => key.startsWith(`${node.name}/`))
      .map(state => ({
        name: state.key.slice(node.name.length + 1),
        pid: state.pid,
        running: isRunning(state),
        log: state.log,
      })),
  }));
  if (json) {
    printJson(context, {
      lab: model.name,
      file: model.file,
      networks: model.networks.map(network => network.name),
      nodes,
    });
    return EXIT.done;
  }
  const rows = nodes.flatMap(({ node, devices, services }) => [
    ...(devices.length === 0 ? [[node, '-', '-', '-']] : []),
    ...devices.map(({ device, to = '-', addresses }, at) => [
      at === 0 ? node : '',
      device,
      to,
      addresses.join(' ') || '-',
    ]),
    ...services.map(service => [
      '',
      `service ${service.name}`,
      service.running ? `pid ${service.pid}` : 'ended',
      service.log,
    ]),
  ]);
  printColumns(context, [['NODE', 'DEVICE', 'TO', 'ADDRESSES'], ...rows]);
  if (lab.store.names().includes(NETWORKS))
    context.sink.write(
      `networks: ${model.networks.map(network => network.name).join(', ')} (in ${lab.store.nameOf(NETWORKS)})\n`,
    );
  return EXIT.done;
}

/** Prints rows, the first of which are titles. */
export function printColumns({ sink }: Context, rows: readonly (readonly string[])[]): void {
  const shown = rows.map(row => row.map(visible));
  const widths = shown[0]!.map((_, column) => Math.max(...shown.map(row => row[column]!.length)));
  for (const row of shown)
    sink.write(
      `${row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd()}\n`,
    );
}
