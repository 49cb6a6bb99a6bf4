/** `ip sr` and `ip ioam` in namespaces. */
import { differential, line, start, stop, until } from '../../support/twin.ts';

/** The kernel's tables are hashed with a random seed. */
const shown = (words: string) => line(words, { unordered: 'hashed with a random seed' });

/** The same of JSON: each object on a line, sorted. */
const asSet = (words: string) => `$ ip ${words} | tr '{' '\\n' | tr -d ',]' | sort`;

const secret = (words: string, stdin: string) => line(words, { stdin });

describe('ip sr', () => {
  differential('sets, shows and deletes keys and the source of tunnels', [
    shown('sr hmac show'),
    asSet('-j sr hmac show'),
    secret('sr hmac set 5 sha1', 'a secret\n'),
    secret('sr hmac set 0x10 sha256', 'x'.repeat(64)),
    secret('sr hmac set 6 sha1', 'x'.repeat(65)),
    secret('sr hmac set 7 sha1', ''),
    secret('sr hmac set 0 sha1', 'a secret'),
    'sr hmac set 0',
    'sr hmac set 0x0 junk',
    shown('sr hmac show'),
    shown('-o sr hm s'),
    asSet('-j sr hmac show'),
    asSet('-j -p sr hmac show'),
    secret('sr hmac set 5 sha256', 'another'),
    shown('sr hmac show'),
    secret('sr hmac set 5 sha1', '\n'),
    shown('sr hmac show'),
    'sr tunsrc show',
    '-j sr tunsrc show',
    'sr tunsrc set fd00::1',
    'sr tunsrc set 10.0.0.1',
    'sr tunsrc show',
    '-j -p sr tunsrc show',
    'sr tunsrc set any',
    'sr tunsrc show',
    line('-batch -', { stdin: 'sr tunsrc set fd00::2\nsr tunsrc show\nsr tunsrc bogus\nsr tunsrc show\n' }),
  ]);
});

describe('ip ioam', () => {
  differential('adds, shows, binds and deletes namespaces and schemas', [
    shown('ioam namespace show'),
    asSet('-j ioam namespace show'),
    'ioam namespace add 1',
    'ioam namespace add 2 data 5',
    'ioam namespace add 3 data 4294967295 wide ffffffffffffffff',
    'ioam namespace add 4 wide 0',
    'ioam namespace add 1',
    'ioam schema add 1 abcd',
    'ioam schema add 2 abc',
    ['ioam', 'schema', 'add', '16777214', 'a longer text, of many words.'],
    'ioam schema add 16777216 abcd',
    shown('ioam schema show'),
    asSet('-j ioam schema show'),
    asSet('-j -p ioam schema show'),
    `$ ip -o ioam schema show | tr '\\\\' '\\n' | sort`,
    'ioam namespace set 1 schema 1',
    'ioam namespace set 9 schema 1',
    'ioam namespace set 1 schema 9',
    shown('ioam namespace show'),
    asSet('-j ioam namespace show'),
    `$ ip -o ioam namespace show | tr '\\\\' '\\n' | sort`,
    shown('ioam schema show'),
    asSet('-j ioam schema show'),
    'ioam namespace set 1 schema none',
    'ioam namespace del 1',
    'ioam namespace del 1',
    'ioam schema del 1',
    'ioam schema del 1',
    shown('ioam namespace show'),
    line('-force -batch -', { stdin: 'ioam namespace del 9\nioam namespace add 9\nioam namespace x\n' }),
  ]);

  differential('monitors until a signal ends it', [
    start('watch', 'ioam monitor'),
    until(`$ awk '$2 == 16 && $4 != "00000000" { found = 1 } END { exit !found }' /proc/net/netlink`),
    stop('watch', 'TERM'),
  ]);
});
