/** vxlan devices: every parameter made, shown, changed and refused by this kernel. */
import { differential, line, type Step } from '../../support/twin.ts';

const below: readonly Step[] = [
  'link add below type veth peer name other',
  'addr add 192.0.2.1/24 dev below',
  'link set below up',
  'link set other up',
];

/** A device made with `words`, shown with all that is known of it, and removed. */
const made = (words: string): readonly Step[] => [
  `link add vx type vxlan ${words}`,
  '-d -d link show vx',
  'link del vx',
];

describe('vxlan', () => {
  differential('usual values are those of the kernel', [
    ...below,
    ...made('id 5'),
    ...made('id 5 dstport 0'),
    ...made('id 5 dstport 4789'),
    ...made('external dstport 4789'),
    ...made('external'),
    ...made('id 5 gpe'),
  ]);

  differential('every parameter arrives', [
    ...below,
    ...made('id 1 dstport 4789 remote 198.51.100.7 local 192.0.2.1 dev below'),
    ...made('id 2 dstport 4789 group 239.1.1.1 dev below'),
    ...made('id 3 dstport 4789 group ff05::7 dev below'),
    ...made('id 4 dstport 4789 remote 2001:db8::1 local 2001:db8::2'),
    ...made('id 5 dstport 1 ttl 9 tos 10 df set'),
    ...made('id 6 dstport 1 ttl inherit tos inherit df inherit'),
    ...made('id 7 dstport 1 remote 2001:db8::1 flowlabel 0xabcde'),
    ...made('id 8 dstport 1 srcport 1000 2000 ageing 60 maxaddress 9'),
    ...made('id 9 dstport 1 ageing none maxaddress unlimited'),
    ...made('id 10 dstport 1 nolearning proxy rsc l2miss l3miss'),
    ...made('id 11 dstport 1 noudpcsum udp6zerocsumtx udp6zerocsumrx'),
    ...made('id 12 dstport 1 remcsumtx remcsumrx gbp'),
    ...made('id 13 dstport 1 nolocalbypass mcroute'),
    ...made('id 14 dstport 1 reserved_bits 0xff000005'),
    ...made('external vnifilter dstport 4789'),
    ...made('external gbp dstport 4789 learning'),
  ]);

  differential('a device is changed', [
    ...below,
    'link add vx type vxlan id 5 dstport 4789 remote 198.51.100.7 dev below',
    'link set vx type vxlan ttl 9',
    '-d link show vx',
    'link set vx type vxlan remote 198.51.100.8 ageing 33 maxaddress 4',
    'link set vx type vxlan nolearning tos inherit',
    'link set vx type vxlan group 239.1.1.1 dev below',
    '-d link show vx',
    '-d -j link show vx',
    'link change vx type vxlan',
    'link replace vx type vxlan id 5 dstport 4789 ttl 8',
    '-d link show vx',
  ]);

  differential('the kernel refuses what it refuses', [
    ...below,
    'link add vx type vxlan id 5 dstport 4789',
    'link add vy type vxlan id 5 dstport 4789',
    'link add vz type vxlan id 6 dstport 4790 group ff05::7 dev below local 192.0.2.1',
    'link set vx type vxlan id 6',
    'link set vx type vxlan dstport 7',
    'link set vx type vxlan external',
    'link set vx type vxlan gbp',
    'link set below type vxlan ttl 5',
    'link add vw type vxlan id 7 gpe dstport 5',
    'link add vv type vxlan external id 7',
    'link add vv type vxlan id 16777216',
    'link add vv type vxlan',
    'link add vv type vxlan help',
    '-d link show type vxlan',
  ]);

  differential('packets travel through a tunnel', [
    'netns add far',
    'link add a type veth peer name b netns far',
    'addr add 192.0.2.1/24 dev a',
    'link set a up',
    '-n far addr add 192.0.2.2/24 dev b',
    '-n far link set b up',
    'link add vx type vxlan id 42 dstport 4789 remote 192.0.2.2 local 192.0.2.1 dev a',
    '-n far link add vx type vxlan id 42 dstport 4789 remote 192.0.2.1 local 192.0.2.2 dev b',
    'addr add 10.42.0.1/24 dev vx',
    'link set vx up',
    '-n far addr add 10.42.0.2/24 dev vx',
    '-n far link set vx up',
    line('$ ping -c 1 -w 5 10.42.0.2 | grep -c "1 received"', {}),
  ]);
});
