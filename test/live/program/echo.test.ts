/**
 * -echo in batches. The original takes the first thing that is there for the answer to a line, be it left from the line
 * before: an acknowledgement, or what the kernel said besides. Lists read all that is left.
 */
import { differential, line } from '../../support/twin.ts';

const WORLD = [
  'link add v0 address 02:00:00:00:00:a0 type veth peer name v1 address 02:00:00:00:00:a1',
  ...['1', '2', '3'].map(host => `addr add 10.0.0.${host}/24 dev v0`),
  ...['v0', 'v1'].map(device => `link set ${device} up`),
];

/** Batches: each is run with every format. */
const BATCHES: Readonly<Record<string, readonly string[]>> = {
  'a deletion that deletes others': [
    'addr del 10.0.0.1/24 dev v0',
    ...['1', '2'].map(host => `addr add 10.1.0.${host}/24 dev v0`),
    ...['add', 'del'].map(command => `route ${command} 10.9.0.0/16 dev v0`),
    'addr del 10.1.0.2/24 dev v0',
    'link show v1',
    'addr add 10.1.0.3/24 dev v0',
  ],
  'every object': [
    'addr add 10.1.0.1/24 dev v0',
    ...['add', 'del'].map(command => `rule ${command} from 1.1.1.1 table 7`),
    'nexthop add id 1 dev v0',
    'link set v0 mtu 1400',
    'nexthop add id 2 dev v1',
    'nexthop del id 1',
    'route add 10.9.0.0/16 dev v0',
    'nexthop flush',
    'rule add table 9',
    'rule show',
    'route add 10.8.0.0/16 dev v0',
  ],
  'a line that does not echo': [
    'addr del 10.0.0.1/24 dev v0',
    'addrlabel add prefix fd00::/8 label 7',
    'addr add 10.1.0.2/24 dev v0',
    'neigh add 10.0.0.7 lladdr 02:00:00:00:00:01 dev v0',
    'neigh get 10.0.0.7 dev v0',
  ],
  'a refusal, which the next line reports': [
    'addr add 10.1.0.1/24 dev v0',
    'addr add 10.1.0.1/24 dev v0',
    'addr add 10.1.0.2/24 dev v0',
    'route get 10.0.0.9',
    'nexthop get id 9',
    'nexthop bucket get id 1 index 1',
    'addr add 10.1.0.3/24 dev v0',
  ],
  'filters of addresses, which count for the lines after them': [
    'addr show dev v1 scope global',
    'addr add 10.1.0.1/24 dev v0',
    'link set v0 up',
    'addr add 10.1.0.2/24 dev v1',
    'link set v0 up',
    'addr show scope host',
    'addr add 10.1.0.3/24 dev v0',
    'link set v0 up',
    'addr show dev v0 scope global',
  ],
  'an addr flush, after which nothing is shown of what is added': [
    'addr flush dev v0',
    ...['1', '2'].map(host => `addr add 10.1.0.${host}/24 dev v0`),
    'addr add 10.1.0.3/24 dev v1',
    'link set v0 up',
    'addr del 10.1.0.2/24 dev v0',
    'addr add 10.1.0.4/24 dev v0',
    'addr show dev v0',
    'addr flush dev v1',
    'addr add 10.1.0.5/24 dev v0',
    'addr add 10.1.0.6/24 dev v0',
    'addr del 10.1.0.6/24 dev v0',
    'addr show dev v0',
    'addr add 10.1.0.7/24 dev v0',
  ],
  'filters of routes and rules, and a route flush': [
    'route show dev v0 proto static',
    'route add 10.7.1.0/24 dev v0 proto static',
    'link set v0 up',
    'route add 10.7.2.0/24 dev v0',
    'link set v0 up',
    'route show table 5',
    'route add 10.7.3.0/24 dev v0 table 5',
    'link set v0 up',
    'route add 10.7.4.0/24 dev v0',
    'link set v0 up',
    'route flush root 10.7.0.0/16',
    'route add 10.7.5.0/24 dev v0',
    'route del 10.7.5.0/24 dev v0',
    'route add 10.8.5.0/24 dev v0',
    'route get 10.8.5.1',
    'route add 10.7.6.0/24 dev v0',
    'rule show pref 9',
    'rule add pref 9 table 9',
    'link set v0 up',
    'rule add pref 10 table 9',
    'link set v0 up',
    'rule show',
  ],
};

describe('-echo in a batch', () => {
  for (const [what, batch] of Object.entries(BATCHES))
    for (const options of ['-echo', '-echo -force -j', '-echo -d -force'])
      differential(`${what}: ${options}`, [
        ...WORLD,
        line(`${options} -batch -`, { stdin: `${batch.join('\n')}\n` }),
      ]);
});
