/** A lab in a few lines, for the messages of tests that fail. */

import type { LabModel } from '../lab/model.ts';

/** Nodes, devices and addresses, and what is otherwise in the kernel. */
export function pictureOf({ name, nodes }: LabModel, differences: readonly string[]): string {
  const width = Math.max(0, ...nodes.map(node => node.name.length));
  const lines = nodes.flatMap(node =>
    node.devices.length === 0
      ? [`  ${node.name}`]
      : node.devices.map((device, at) => {
          const { origin } = device;
          const to =
            origin.kind === 'network'
              ? ` -- ${origin.network}`
              : origin.kind === 'cable'
                ? ` -- ${origin.peerNode}:${origin.peerDevice}`
                : '';
          const addresses = device.addresses.map(({ text }) => ` ${text}`).join('');
          return `  ${(at === 0 ? node.name : '').padEnd(width)} ${device.name}${addresses}${to}${device.up ? '' : ' (down)'}`;
        }),
  );
  const state =
    differences.length === 0
      ? ['Everything is as the lab says.']
      : ['Otherwise in the kernel:', ...differences.map(line => `  ${line}`)];
  return [`lab "${name}"`, ...lines, ...state].join('\n');
}
