/** Objects that a lab did not make, in words: as short as finds them again. */

import { AF_INET, AF_INET6 } from '../linux/families.ts';
import {
  FRA_DST,
  FRA_PRIORITY,
  FRA_SRC,
  IFA_ADDRESS,
  IFA_LOCAL,
  NDA_DST,
  RTA_DST,
  RTA_GATEWAY,
} from '../linux/rtnetlink.ts';
import { ROUTE_TYPES } from '../rtnetlink/route.ts';
import { formatIp } from '../wire/address.ts';
import { deviceOf, type KernelObject } from './kernel-object.ts';

/** An object in the words of `ip`; `nameOf` names devices. */
export function objectText(object: KernelObject, nameOf: (index: number) => string): string {
  const { kind, header, attributes } = object;
  const address = (type: number) => {
    const payload = attributes.get(type)?.payload;
    return payload === undefined ? undefined : formatIp(payload, 0, payload.length);
  };
  const device = deviceOf(object);
  const dev = device === 0 ? [] : ['dev', nameOf(device)];
  switch (kind) {
    case 'address':
      return [`${address(IFA_LOCAL) ?? address(IFA_ADDRESS)}/${header[1]}`, ...dev].join(' ');
    case 'neighbour':
      return [address(NDA_DST) ?? '', ...dev].join(' ');
    case 'route': {
      const type = ROUTE_TYPES[header[7]!] ?? String(header[7]);
      const gateway = address(RTA_GATEWAY);
      const words = [
        ...(type === 'unicast' ? [] : [type]),
        header[1] === 0 ? 'default' : `${address(RTA_DST)}/${header[1]}`,
        ...(gateway === undefined ? [] : ['via', gateway]),
      ];
      return [...words, ...dev].join(' ');
    }
    case 'rule': {
      const side = (type: number, length: number) => (length === 0 ? 'all' : `${address(type)}/${length}`);
      const priority = attributes.get(FRA_PRIORITY)?.payload.readUInt32LE(0) ?? 0;
      const family = header[0] === AF_INET6 ? '-6 ' : header[0] === AF_INET ? '' : `family ${header[0]} `;
      const to = header[1] === 0 ? '' : ` to ${side(FRA_DST, header[1]!)}`;
      return `${family}${priority}: from ${side(FRA_SRC, header[2]!)}${to}`;
    }
  }
}
