/** `ip macsec add`, `set` and `delete`: channels that are received, and associations of these and of the device's own. */
import { type MacsecAttributes, type MacsecChannel, macsec } from '../../genetlink/macsec.ts';
import { type Args, UsageRequest } from '../../schema/args.ts';
import { type Grammar, type Keyword, reads, readWords } from '../../schema/keywords.ts';
import type { Context } from '../frame/context.ts';
import { openFamily } from '../generic/family-session.ts';
import { ASSOCIATION_GRAMMAR, NUMBER, readAssociation, stateWords, unknownWord } from './association.ts';
import { CHANNEL_GRAMMAR, readChannel } from './channel.ts';
import { DEV } from './operands.ts';

type Verb = 'add' | 'set' | 'delete';

/** Whether a channel is received. */
interface State {
  isActive?: boolean;
}

/** The prefixes of the family's commands. */
const COMMANDS = { add: 'add', set: 'upd', delete: 'del' } as const;

/** What follows a channel without an association. */
const STATE_GRAMMAR: Grammar<State, Context> = {
  keywords: stateWords<State>(),
  readOperand(_draft, args) {
    throw unknownWord(args.next());
  },
};

/** Describes keywords that {@link change} reads by place. */
function described(
  word: string,
  operands: Keyword['operands'],
  ...others: readonly Keyword['operands'][]
): Keyword {
  return reads(word, [...operands, ...others.flat()], () => undefined);
}

const association = described('sa', [NUMBER, { synopsis: '', grammar: () => ASSOCIATION_GRAMMAR }]);
const deletedAssociation = described('sa', [NUMBER]);
const CHANNEL = { synopsis: 'SCI', grammar: () => CHANNEL_GRAMMAR, isNonEmpty: true };

/** What follows the device, for code that looks at the words without running the command. */
export const CHANGE_GRAMMAR: Grammar = {
  keywords: [
    described('tx', [
      { synopsis: '', grammar: () => ({ keywords: [association] }), isChoice: true, isNonEmpty: true },
    ]),
    described('rx', [
      CHANNEL,
      {
        synopsis: '',
        grammar: () => ({ keywords: [association, ...STATE_GRAMMAR.keywords] }),
        isChoice: true,
        isOptional: true,
      },
    ]),
  ],
};

/** The same for `delete`, which passes over further words. */
export const DELETE_GRAMMAR: Grammar = {
  keywords: [
    described('tx', [
      { synopsis: '', grammar: () => ({ keywords: [deletedAssociation] }), isChoice: true, isNonEmpty: true },
    ]),
    described('rx', [
      CHANNEL,
      {
        synopsis: '',
        grammar: () => ({ keywords: [deletedAssociation] }),
        isChoice: true,
        isOptional: true,
      },
    ]),
  ],
};

export const add = (args: Args, context: Context) => change(args, context, 'add');
export const set = (args: Args, context: Context) => change(args, context, 'set');
export const remove = (args: Args, context: Context) => change(args, context, 'delete');

async function change(args: Args, context: Context, verb: Verb): Promise<number> {
  const session = await openFamily(macsec, context);
  if (args.done) throw new UsageRequest();
  const ifindex = DEV.read(args, context, verb);
  const isSent = args.accept('tx');
  if (!isSent && !args.accept('rx')) throw new UsageRequest();
  const attributes = isSent ? readSent(args, context, verb) : readReceived(args, context, verb);
  const isAssociation = attributes.sa_config !== undefined;
  const request = session.begin(`${COMMANDS[verb]}_${isSent ? 'txsa' : isAssociation ? 'rxsa' : 'rxsc'}`);
  macsec.attributes.encode(request, { ifindex, ...attributes });
  return session.change(request);
}

/** An association of the device's own channel. */
function readSent(args: Args, context: Context, verb: Verb): MacsecAttributes {
  if (!args.accept('sa')) throw new UsageRequest();
  return { sa_config: readNumbered(args, context, verb) };
}

/** A channel of another, or an association in it. */
function readReceived(args: Args, context: Context, verb: Verb): MacsecAttributes {
  const channel: MacsecChannel = { sci: readChannel(args, context) };
  if (args.accept('sa')) return { rxsc_config: channel, sa_config: readNumbered(args, context, verb) };
  if (verb === 'delete') return { rxsc_config: channel };
  const state: State = {};
  readWords(STATE_GRAMMAR, state, args, context);
  const { isActive } = state;
  return { rxsc_config: { ...channel, active: isActive === undefined ? undefined : Number(isActive) } };
}

function readNumbered(args: Args, context: Context, verb: Verb) {
  if (verb === 'delete') return { an: NUMBER.read(args, context, 'sa') };
  return readAssociation(args, context, verb === 'add');
}
