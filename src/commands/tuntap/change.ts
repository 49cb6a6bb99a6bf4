/** `ip tuntap add` and `delete`: persistent TUN and TAP devices. */
import { native } from '../../kernel/system/native.ts';
import { addTunDevice, deleteTunDevice } from '../../kernel/system/tun-device.ts';
import {
  IFF_MULTI_QUEUE,
  IFF_NO_PI,
  IFF_ONE_QUEUE,
  IFF_TAP,
  IFF_TUN,
  IFF_VNET_HDR,
} from '../../linux/interfaces.ts';
import {
  type Args,
  duplicateOrGarbage,
  EXIT_USAGE,
  isPrefixOf,
  UsageError,
  wrongArgument,
} from '../../schema/args.ts';
import {
  abbreviable,
  exact,
  flag,
  type Grammar,
  type Keyword,
  readWords,
  shortened,
  type Value,
  value,
} from '../../schema/keywords.ts';
import { encodeText } from '../../wire/text.ts';
import type { Command } from '../frame/command.ts';
import { isDeviceName } from '../grammar/device-names.ts';

/** What the words say. */
interface Draft {
  name: string;
  flags: number;
  user: number;
  group: number;
}

const MODE: Value<number> = value(
  { synopsis: '{ tun | tap }', words: ['tun', 'tap'] },
  word => (isPrefixOf(word, 'tun') ? IFF_TUN : isPrefixOf(word, 'tap') ? IFF_TAP : undefined),
  word => new UsageError(`Unknown tunnel mode "${word}"`, EXIT_USAGE),
);

const name = (synopsis: string) =>
  value<string, unknown>(
    { synopsis, examples: ['t0'] },
    word => (isDeviceName(word) ? word : undefined),
    (word, keyword) => wrongArgument(word, `"${keyword}" not a valid ifname`),
  );

/** A user or a group, by name or number. */
function id(what: 'user' | 'group'): Value<number> {
  return value(
    { synopsis: what.toUpperCase(), names: what === 'user' ? 'user' : 'userGroup' },
    word => {
      if (/^[+-]?\d+$/.test(word)) return Number(word) | 0;
      const found = what === 'user' ? native.userId(encodeText(word)) : native.groupId(encodeText(word));
      return found < 0 ? undefined : found;
    },
    word => new UsageError(`invalid ${what} "${word}"`, EXIT_USAGE),
  );
}

/** A keyword that sets a flag. */
const sets = (word: string, bit: number): Keyword<Draft, unknown> =>
  shortened(
    flag(word, draft => {
      draft.flags |= bit;
    }),
  );

const NAME = exact<Draft, unknown, string>('name', name('NAME'), 'name', {
  once: duplicateOrGarbage,
  isGiven: ({ name }) => name !== '',
});

const MODE_KEYWORD = abbreviable<Draft, unknown, number>('mode', MODE, (draft, mode) => {
  if ((draft.flags & (IFF_TUN | IFF_TAP)) !== 0) {
    throw new UsageError('You managed to ask for more than one tunnel mode.', EXIT_USAGE);
  }
  draft.flags |= mode;
});

const OWNERS: readonly Keyword<Draft, unknown>[] = [
  abbreviable('user', id('user'), 'user'),
  abbreviable('group', id('group'), 'group'),
];

const DEVICE_KEYWORDS: readonly Keyword<Draft, unknown>[] = [
  shortened(
    flag('pi', draft => {
      draft.flags &= ~IFF_NO_PI;
    }),
  ),
  sets('one_queue', IFF_ONE_QUEUE),
  sets('vnet_hdr', IFF_VNET_HDR),
  sets('multi_queue', IFF_MULTI_QUEUE),
  abbreviable('dev', name('PHYS_DEV'), 'name'),
  shortened(NAME),
];

const NAME_ALONE = {
  operand: NAME.operands[0]!,
  readOperand: (draft: Draft, args: Args) => NAME.read(draft, args, undefined, 'name'),
};

/** The words of `add`. */
export const ADD_GRAMMAR: Grammar<Draft, unknown> = {
  keywords: [MODE_KEYWORD, ...OWNERS, ...DEVICE_KEYWORDS],
  ...NAME_ALONE,
};

/** The words of `delete`. */
export const DELETE_GRAMMAR: Grammar<Draft, unknown> = {
  keywords: [MODE_KEYWORD, ...DEVICE_KEYWORDS],
  ...NAME_ALONE,
};

function readDraft(grammar: Grammar<Draft, unknown>, args: Args): Draft {
  const draft: Draft = { name: '', flags: IFF_NO_PI, user: -1, group: -1 };
  readWords(grammar, draft, args, undefined);
  if ((draft.flags & (IFF_TUN | IFF_TAP)) === 0) throw new UsageError('You failed to specify a tunnel mode');
  return draft;
}

/** `ip tuntap add`. */
export const addDevice: Command = (args, { kernel }) => {
  const { name, flags, user, group } = readDraft(ADD_GRAMMAR, args);
  addTunDevice(kernel.calls, { name, flags }, { user, group });
  return 0;
};

/** `ip tuntap delete`. */
export const deleteDevice: Command = (args, { kernel }) => {
  deleteTunDevice(kernel.calls, readDraft(DELETE_GRAMMAR, args));
  return 0;
};
