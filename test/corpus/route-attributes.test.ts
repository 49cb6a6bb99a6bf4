/** Each attribute of a route, alone and with every length, in each family, as the original shows it. */
import assert from 'node:assert/strict';
import { AF_BRIDGE, AF_INET, AF_INET6, AF_MPLS } from '../../src/linux/families.ts';
import { linkMessages, original, ours } from '../support/capture/capture.ts';
import { difference } from '../support/difference.ts';
import { needs } from '../support/requirements.ts';

const RTM_NEWROUTE = 24;
const HEADER = 28;
const LAST_ATTRIBUTE = 31;
const FAMILIES = { IPv4: AF_INET, IPv6: AF_INET6, MPLS: AF_MPLS, bridges: AF_BRIDGE };
const FLAGS = { plain: 0, cloned: 0x200 };
const LENGTHS = [4, 8, 16, 32];

function attribute(type: number, payload: Buffer): Buffer {
  const bytes = Buffer.alloc((4 + payload.length + 3) & ~3);
  bytes.writeUInt16LE(4 + payload.length, 0);
  bytes.writeUInt16LE(type, 2);
  payload.copy(bytes, 4);
  return bytes;
}

/** A message of a route of `family` with attributes. */
function route(family: number, flags: number, ...attributes: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(HEADER);
  header.writeUInt16LE(RTM_NEWROUTE, 4);
  header.set([family, 0, 0, 0, 254, 4, 0, 1], 16);
  header.writeUInt32LE(flags, 24);
  const message = Buffer.concat([header, ...attributes]);
  message.writeUInt32LE(message.length, 0);
  return message;
}

/** `length` bytes, none of which is alike. */
function payload(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, index) => index + 1));
}

const RTA_CACHEINFO = 12;
const RTA_ENCAP_TYPE = 21;
const RTA_ENCAP = 22;
/** RTA_METRICS, RTA_MULTIPATH and RTA_ENCAP hold attributes. */
const NESTED = [8, 9, RTA_ENCAP];

/** Beyond a shorter one the original reads what its memory holds. */
function leastOf(type: number, family: number): number {
  if (type === RTA_CACHEINFO) return 32;
  return family === AF_INET6 ? 16 : 4;
}

const types = Array.from({ length: LAST_ATTRIBUTE }, (_, index) => index + 1);

function messagesOf(family: number, flags: number): Buffer[] {
  const alone = types
    .filter(type => !NESTED.includes(type))
    .flatMap(type =>
      LENGTHS.filter(length => length >= leastOf(type, family)).map(length =>
        route(family, flags, attribute(type, payload(length))),
      ),
    );
  const u16 = (value: number) => Buffer.from([value, 0]);
  const mpls = attribute(1, Buffer.from([0, 6, 0x41, 0]));
  const encap = [attribute(RTA_ENCAP, mpls), attribute(RTA_ENCAP_TYPE, u16(1))];
  const size = family === AF_INET6 ? 16 : 4;
  const address = Buffer.alloc(size, 1);
  const cacheInfo = Buffer.alloc(32, 0);
  cacheInfo.writeUInt32LE(1000, 8);
  cacheInfo.writeInt32LE(-5, 12);
  cacheInfo.writeUInt32LE(7, 16);
  const together = [1, 2, 5, 7, 19].map(type => attribute(type, address));
  return [
    ...alone,
    route(family, flags, attribute(12, cacheInfo)),
    route(family, flags, ...encap, attribute(19, address)),
    route(family, flags, attribute(19, address), attribute(20, Buffer.from([1])), ...encap),
    route(
      family,
      flags,
      ...together,
      ...encap,
      attribute(12, cacheInfo),
      attribute(16, Buffer.from([5, 0, 0, 0])),
    ),
  ];
}

const VIEWS = ['', '-d', '-s', '-N', '-o', '-d -s', '-j', '-j -d -s'];

describe('routes with each attribute are shown as by the original', () => {
  before(function () {
    needs(this, 'oracle', 'compiler');
  });

  for (const [familyName, family] of Object.entries(FAMILIES)) {
    for (const [flagName, flags] of Object.entries(FLAGS)) {
      it(`of ${familyName}, ${flagName}`, async function () {
        this.timeout(120_000);
        const replies = Buffer.concat([linkMessages(), ...messagesOf(family, flags)]);
        const list = flags === 0 ? ['table', 'all'] : ['table', 'cache', 'table', 'all'];
        const reports: string[] = [];
        for (const view of VIEWS) {
          const words = [...view.split(' ').filter(Boolean), 'route', 'show', ...list];
          const found = await compare(words, replies);
          if (found !== '') reports.push(`ip ${words.join(' ')}\n${found}`);
        }
        assert.equal(reports.length, 0, reports.slice(0, 3).join('\n\n'));
      });
    }
  }
});

async function compare(words: readonly string[], replies: Buffer): Promise<string> {
  const [wanted, got] = [original(words, { replies }), await ours(words, { replies })];
  return [
    difference(wanted.stdout, got.stdout),
    difference(wanted.stderr, got.stderr),
    wanted.status === got.status ? '' : `exit code ${got.status} instead of ${wanted.status}`,
  ]
    .filter(text => text !== '')
    .join('\n');
}
