/**
 * `link set` of tunnels whose requests describe the whole device: the values that it has are read, changed by the
 * words of the line, and all sent. What is expected was recorded from the original; attributes are `TYPE=BYTES`.
 */
import assert from 'node:assert/strict';
import { readMessage } from '../../support/capture/bytes.ts';
import { original, ours, type Recorded } from '../../support/capture/capture.ts';
import { needs } from '../../support/requirements.ts';

/** A device of a kind, what a line says of it, and what is sent: attributes, or the complaint. */
interface Change {
  readonly has: string | undefined;
  readonly words: string;
  readonly sends?: string;
  readonly complains?: string;
}

const GRE =
  '1=0b000000 2=b000 3=f000 4=00000007 5=00000008 6=c0000201 7=c6336407 8=09 9=0a 10=01 14=0100 15=0700 16=004d 17=004e 19=02 20=63000000';
const ERSPAN = '22=02 23=01 24=2100';
const IP6GRE =
  '1=0b000000 2=b000 3=b000 4=00000007 5=00000008 6=20010db8000000000000000000000001 7=fe800000000000000000000000000007 8=09 11=03 12=12345678 13=7f000000 14=0100 15=0700 16=004d 17=004e 20=63000000 21=04000000 22=02 23=01 24=2100';
const IPTUN =
  '1=0b000000 2=c0000201 3=c6336407 4=09 5=0a 8=0100 9=04 10=01 11=20010db8000000000000000000000000 12=0a000000 13=2000 14=0800 15=0100 16=0700 17=004d 18=004e 20=63000000';
const IP6TNL =
  '1=0b000000 2=20010db8000000000000000000000001 3=fe800000000000000000000000000007 4=09 6=0a 7=12345678 8=5f000000 9=04 15=0100 16=0700 17=004d 18=004e 20=63000000';
const VTI = '1=0b010000 2=00000007 3=00000008 4=c0000201 5=c6336407 6=63000000';

const changes: Readonly<Record<string, readonly Change[]>> = {
  gre: [
    {
      has: GRE,
      words: 'tos 5',
      sends:
        '1=0b000000 2=b000 3=f000 4=00000007 5=00000008 6=c0000201 7=c6336407 8=09 9=05 10=01 14=0100 15=0700 16=4d00 17=4e00 19=01 20=63000000',
    },
    {
      has: GRE,
      words: 'nokey noseq nocsum remote any nopmtudisc noignore-df noencap',
      sends:
        '1=0b000000 2=0000 3=4000 4=00000000 5=00000000 6=c0000201 8=09 9=0a 10=00 14=0000 15=0700 16=4d00 17=4e00 19=00 20=63000000',
    },
    {
      has: GRE,
      words: 'encap-sport 5 dev eth0',
      sends:
        '1=0a000000 2=b000 3=f000 4=00000007 5=00000008 6=c0000201 7=c6336407 8=09 9=0a 10=01 14=0100 15=0700 16=0005 17=4e00 19=01 20=63000000',
    },
    {
      has: '',
      words: 'ttl 5',
      sends:
        '2=0000 3=0000 4=00000000 5=00000000 8=05 9=00 10=01 14=0000 15=0000 16=0000 17=0000 20=00000000',
    },
    {
      has: '2=8000',
      words: 'key 5',
      sends:
        '2=a000 3=2000 4=00000005 5=00000005 8=00 9=00 10=01 14=0000 15=0000 16=0000 17=0000 20=00000000',
    },
    { has: undefined, words: 'ttl 5', complains: '1: Failed to get existing tunnel info.' },
    { has: `${GRE} 18=`, words: 'ttl 5', sends: '18=' },
    { has: GRE, words: 'external', sends: '18=' },
    {
      has: '6=c0000201 7=e0000001',
      words: 'ttl 5',
      sends:
        '2=2000 3=2000 4=e0000001 5=e0000001 6=c0000201 7=e0000001 8=05 9=00 10=01 14=0000 15=0000 16=0000 17=0000 20=00000000',
    },
    { has: '7=e0000001', words: 'ttl 5', complains: '1: A broadcast tunnel requires a source address.' },
    { has: GRE, words: 'ttl x', complains: '255: Error: argument "x" is wrong: invalid TTL' },
  ],
  gretap: [
    {
      has: `${GRE} ${ERSPAN}`,
      words: 'ttl 5',
      sends:
        '1=0b000000 2=b000 3=f000 4=00000007 5=00000008 6=c0000201 7=c6336407 8=05 9=0a 10=01 14=0100 15=0700 16=4d00 17=4e00 19=01 20=63000000',
    },
  ],
  erspan: [
    {
      has: `${GRE} ${ERSPAN}`,
      words: 'ttl 5',
      sends:
        '1=0b000000 2=b000 3=f000 4=00000007 5=00000008 6=c0000201 7=c6336407 8=05 9=0a 10=01 14=0100 15=0700 16=4d00 17=4e00 19=01 20=63000000 22=02 23=01 24=2100',
    },
    {
      has: `${GRE} ${ERSPAN}`,
      words: 'erspan_ver 1 erspan 5',
      sends:
        '1=0b000000 2=b000 3=f000 4=00000007 5=00000008 6=c0000201 7=c6336407 8=09 9=0a 10=01 14=0100 15=0700 16=4d00 17=4e00 19=01 20=63000000 21=05000000 22=01',
    },
    {
      has: '22=03',
      words: 'ttl 5',
      sends:
        '2=0000 3=0000 4=00000000 5=00000000 8=05 9=00 10=01 14=0000 15=0000 16=0000 17=0000 20=00000000 22=03',
    },
  ],
  ip6gre: [
    {
      has: IP6GRE,
      words: 'dev eth0',
      sends:
        '1=0a000000 2=b000 3=b000 4=00000007 5=00000008 6=20010db8000000000000000000000001 7=fe800000000000000000000000000007 8=09 11=03 12=12345678 13=7f000000 14=0100 15=0700 16=4d00 17=4e00 20=63000000 22=02 23=01 24=2100',
    },
    {
      has: IP6GRE,
      words: 'tclass 7 flowlabel 9 encaplimit 5 fwmark 5 noallow-localremote',
      sends:
        '1=0b000000 2=b000 3=b000 4=00000007 5=00000008 6=20010db8000000000000000000000001 7=fe800000000000000000000000000007 8=09 11=05 12=10700009 13=18000000 14=0100 15=0700 16=4d00 17=4e00 20=05000000 22=02 23=01 24=2100',
    },
    {
      has: IP6GRE,
      words: 'erspan_ver 1 noencap local any',
      sends:
        '1=0b000000 2=b000 3=b000 4=00000007 5=00000008 7=fe800000000000000000000000000007 8=09 11=03 12=12345678 13=7f000000 14=0000 15=0700 16=4d00 17=4e00 20=63000000 21=04000000 22=01',
    },
    {
      has: '',
      words: 'dscp inherit',
      sends:
        '2=0000 3=0000 4=00000000 5=00000000 8=40 11=04 12=00000000 13=10000000 14=0000 15=0200 16=0000 17=0000 20=00000000 22=01',
    },
    {
      has: '22=03',
      words: 'ttl 5',
      sends:
        '2=0000 3=0000 4=00000000 5=00000000 8=05 11=04 12=00000000 13=00000000 14=0000 15=0200 16=0000 17=0000 20=00000000',
    },
    { has: undefined, words: 'ttl 5', complains: '1: Failed to get existing tunnel info.' },
  ],
  ip6gretap: [{ has: IP6GRE, words: 'external', sends: '18=' }],
  ip6erspan: [
    {
      has: IP6GRE,
      words: 'nokey',
      sends:
        '1=0b000000 2=9000 3=9000 4=00000000 5=00000000 6=20010db8000000000000000000000001 7=fe800000000000000000000000000007 8=09 11=03 12=12345678 13=7f000000 14=0100 15=0700 16=4d00 17=4e00 20=63000000 22=02 23=01 24=2100',
    },
  ],
  ipip: [
    {
      has: IPTUN,
      words: 'tos 5',
      sends:
        '1=0b000000 2=c0000201 3=c6336407 4=09 5=05 9=04 10=01 15=0100 16=0700 17=4d00 18=4e00 20=63000000',
    },
    { has: IPTUN, words: 'nopmtudisc', complains: '255: ttl != 0 and nopmtudisc are incompatible' },
    {
      has: IPTUN,
      words: 'nopmtudisc ttl 0 remote any local any dev eth0 mode any',
      sends: '1=0a000000 4=00 5=0a 9=00 10=00 15=0100 16=0700 17=4d00 18=4e00 20=63000000',
    },
    {
      has: '',
      words: 'ttl 5',
      sends: '1=00000000 4=05 5=00 9=00 10=01 15=0000 16=0000 17=0000 18=0000 20=00000000',
    },
    { has: undefined, words: 'ttl 5', complains: '1: Failed to get existing tunnel info.' },
    { has: `${IPTUN} 19=`, words: 'ttl 5', sends: '9=04 19=' },
  ],
  sit: [
    {
      has: IPTUN,
      words: 'tos 5',
      sends:
        '1=0b000000 2=c0000201 3=c6336407 4=09 5=05 8=0100 9=04 10=01 11=20010db8000000000000000000000000 12=0a000000 13=2000 14=0800 15=0100 16=0700 17=4d00 18=4e00 20=63000000',
    },
    {
      has: IPTUN,
      words: '6rd-prefix 2002::/16',
      sends:
        '1=0b000000 2=c0000201 3=c6336407 4=09 5=0a 8=0100 9=04 10=01 11=20020000000000000000000000000000 12=0a000000 13=1000 14=0800 15=0100 16=0700 17=4d00 18=4e00 20=63000000',
    },
    {
      has: IPTUN,
      words: '6rd-relay_prefix 11.0.0.0/9 isatap encap-dport 7',
      sends:
        '1=0b000000 2=c0000201 3=c6336407 4=09 5=0a 8=0100 9=04 10=01 11=20010db8000000000000000000000000 12=0b000000 13=2000 14=0900 15=0100 16=0700 17=4d00 18=0007 20=63000000',
    },
    {
      has: '11=20010db8000000000000000000000000',
      words: 'ttl 5',
      sends:
        '1=00000000 4=05 5=00 8=0000 9=00 10=01 11=20010db8000000000000000000000000 13=0000 15=0000 16=0000 17=0000 18=0000 20=00000000',
    },
    {
      has: '8=0200 14=0800',
      words: 'isatap',
      sends: '1=00000000 4=00 5=00 8=0300 9=00 10=01 15=0000 16=0000 17=0000 18=0000 20=00000000',
    },
    { has: IPTUN, words: 'external', sends: '9=04 19=' },
  ],
  ip6tnl: [
    {
      has: IP6TNL,
      words: 'dev eth0',
      sends:
        '1=0a000000 2=20010db8000000000000000000000001 3=fe800000000000000000000000000007 4=09 6=0a 7=12345678 8=5f000000 9=04 15=0000 16=0200 17=0000 18=0000 20=63000000',
    },
    {
      has: IP6TNL,
      words: 'tclass inherit flowlabel 7 encap fou encap-sport 5',
      sends:
        '1=0b000000 2=20010db8000000000000000000000001 3=fe800000000000000000000000000007 4=09 6=0a 7=10000007 8=5b000000 9=04 15=0100 16=0200 17=0005 18=0000 20=63000000',
    },
    {
      has: '',
      words: 'ttl 5',
      sends: '1=00000000 4=05 6=04 7=00000000 8=00000000 9=00 15=0000 16=0200 17=0000 18=0000 20=00000000',
    },
    { has: undefined, words: 'ttl 5', complains: '1: Failed to get existing tunnel info.' },
    { has: IP6TNL, words: 'external mode any', sends: '9=00 19=' },
  ],
  vti: [
    { has: VTI, words: 'okey 5', sends: '1=0b000000 2=00000007 3=00000005 4=c0000201 5=c6336407 6=63000000' },
    {
      has: VTI,
      words: 'remote any local any fwmark 0',
      sends: '1=0b000000 2=00000007 3=00000008 6=00000000',
    },
    { has: '', words: 'key 5', sends: '2=00000005 3=00000005 6=00000000' },
    { has: undefined, words: 'key 5', complains: '1: Failed to get existing tunnel info.' },
  ],
  vti6: [
    {
      has: '4=20010db8000000000000000000000001',
      words: 'ikey 1.2.3.4',
      sends: '2=01020304 3=00000000 4=20010db8000000000000000000000001 6=00000000',
    },
  ],
};

/** A link message of a device `t0`, with these attributes of its kind. */
function device(kind: string, has: string | undefined): Buffer {
  const data = has === undefined ? [] : [attribute(2, Buffer.concat(pairs(has)))];
  const info = Buffer.concat([attribute(1, Buffer.from(`${kind}\0`)), ...data]);
  const body = Buffer.concat([attribute(3, Buffer.from('t0\0')), attribute(18, info)]);
  const message = Buffer.alloc(32);
  message.writeUInt32LE(message.length + body.length, 0);
  message.writeUInt16LE(16, 4);
  message.writeInt32LE(20, 20);
  return Buffer.concat([message, body]);
}

function pairs(text: string): Buffer[] {
  return text.split(' ').flatMap(pair => {
    const [type, bytes = ''] = pair.split('=');
    return type === '' ? [] : [attribute(Number(type), Buffer.from(bytes, 'hex'))];
  });
}

function attribute(type: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(4 + payload.length, 0);
  head.writeUInt16LE(type, 2);
  return Buffer.concat([head, payload, Buffer.alloc(-payload.length & 3)]);
}

/** What a run came to, in the words of {@link Change}. */
function outcome({ sent, status, stderr }: Recorded): Pick<Change, 'sends' | 'complains'> {
  if (status !== 0) return { complains: `${status}: ${stderr.trimEnd()}` };
  const request = sent.find(bytes => bytes.readUInt16LE(4) === 16);
  const info = request && readMessage(request).attributes.find(({ type }) => type === 18);
  const data = info?.nested?.find(({ type }) => type === 2);
  const list = (data?.nested ?? []).map(({ type, payload }) => ({ type, hex: payload.toString('hex') }));
  return {
    sends: list
      .sort((a, b) => a.type - b.type)
      .map(({ type, hex }) => `${type}=${hex}`)
      .join(' '),
  };
}

function run(kind: string, { has, words }: Change): [string[], { replies: Buffer }] {
  return [['link', 'set', 't0', 'type', kind, ...words.split(' ')], { replies: device(kind, has) }];
}

function titleOf({ has, words }: Change): string {
  if (has === undefined) return `"${words}" fails on a device without data`;
  const what = has === '' ? 'none' : has.length > 40 ? 'many' : has;
  return `"${words}" changes a device whose attributes are: ${what}`;
}

for (const [kind, list] of Object.entries(changes)) {
  describe(`link set type ${kind}`, () => {
    for (const change of list) {
      it(titleOf(change), async () => {
        const { has, words, ...wanted } = change;
        assert.deepEqual(outcome(await ours(...run(kind, change))), wanted);
      });
    }

    it('is what the original does', function () {
      needs(this, 'oracle', 'compiler');
      for (const change of list) {
        const { has, words, ...wanted } = change;
        assert.deepEqual(outcome(original(...run(kind, change))), wanted, titleOf(change));
      }
    });
  });
}
