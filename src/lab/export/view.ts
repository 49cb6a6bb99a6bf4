/** How words of `ip` are printed for a lab file: devices by their names, and of numbers those names that every host has. */
import type { Names } from '../../schema/names.ts';
import type { View } from '../../schema/view.ts';

/** A view of a namespace with these devices, whose indices are the values. */
export function exportView(
  devices: ReadonlyMap<string, number>,
  details: number,
  { name, number = () => undefined }: Pick<Names, 'name'> & Partial<Pick<Names, 'number'>>,
): View {
  const byIndex = new Map([...devices].map(([own, index]) => [index, own]));
  const device = (index: number) => byIndex.get(index) ?? `if${index}`;
  const names: Names = {
    device,
    deviceIndex: own => devices.get(own),
    deviceState: index => ({ name: device(index) }),
    vrf: () => undefined,
    remember: () => undefined,
    name,
    number,
    namespace: () => undefined,
    host: address => address,
    user: () => undefined,
    userGroup: () => undefined,
  };
  return { details, statistics: 0, oneLine: true, brief: false, scale: 'none', numeric: false, names };
}
