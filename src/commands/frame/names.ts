/** What commands call devices, namespaces, hosts, users and numbers. */
import type { Ask } from '../../kernel/netlink/request-sync.ts';
import { findVrf } from '../../kernel/netlink/vrf-devices.ts';
import { HostNames } from '../../kernel/system/host-names.ts';
import { native } from '../../kernel/system/native.ts';
import { NameFiles } from '../../rtnetlink/names/name-files.ts';
import type { Names } from '../../schema/names.ts';
import { decodeText } from '../../wire/text.ts';
import type { CallState } from './call-state.ts';
import type { GlobalOptions } from './options.ts';

/** The names of a call, those of devices and namespaces as they are where its commands run. */
export function namesOf(
  state: CallState,
  { numeric, resolve }: GlobalOptions,
  ask: Ask,
  complain: (text: string) => void,
): Names {
  const files = new NameFiles(complain);
  const hosts = new HostNames();
  return {
    device: index => state.place.devices.name(index),
    deviceIndex: name => state.place.devices.index(name),
    deviceState: index => state.place.devices.state(index),
    vrf: device => findVrf(ask, device),
    remember: (index, name, flags, type) => state.place.devices.remember(index, name, flags, type),
    name: (table, number) => files.name(table, number, numeric),
    number: (table, word) => files.number(table, word),
    // JSON has the ids only, so their names are not even looked for.
    namespace: nsid => (state.json > 0 ? undefined : state.place.namespaces.known(nsid)),
    host: address => (resolve ? hosts.name(address) : address),
    user: id => accountName(native.userName(id)),
    userGroup: id => accountName(native.groupName(id)),
  };
}

function accountName(answer: Buffer | number): string | undefined {
  return typeof answer === 'number' ? undefined : decodeText(answer);
}
