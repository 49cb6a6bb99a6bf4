/** `ip xfrm state add` and `update`: one request made of arguments. */

import { AF_INET, AF_UNSPEC } from '../../linux/families.ts';
import * as xfrm from '../../linux/xfrm.ts';
import { type Args, duplicateArgument, wrongArgument } from '../../schema/args.ts';
import { anyWord, exact, type Grammar, type Operand, reads, readWords } from '../../schema/keywords.ts';
import { swap32 } from '../../wire/integers.ts';
import type { SecurityContext, XfrmAttributes } from '../../xfrm/attributes.ts';
import { xfrmAttributes } from '../../xfrm/attributes.ts';
import { xfrmRequest } from '../../xfrm/messages.ts';
import {
  ALGORITHM_ATTRIBUTES,
  ENCAPSULATIONS,
  EXTRA_FLAGS,
  isIpsec,
  isRouteOptimization,
  MODES,
  STATE_FLAGS,
  TRANSFORM_PROTOCOLS,
  wordOf,
} from '../../xfrm/names.ts';
import {
  type encapsulation,
  type LifetimeLimits,
  type Mark,
  type Selector,
  stateInfo,
} from '../../xfrm/structs.ts';
import type { Context } from '../frame/context.ts';
import { parseAddress } from '../grammar/prefix.ts';
import { number, oneOf } from '../grammar/values.ts';
import { type AlgorithmKind, type Algorithms, algorithmKeywords, checkAlgorithms } from './algorithms.ts';
import { change, failed, plainComplaint } from './conversation.ts';
import {
  addressOf,
  type Identified,
  identityKeywords,
  newIdentity,
  readIdentity,
  readPrefix,
} from './identity.ts';
import { limitKeyword, noLimits } from './limits.ts';
import { newSelecting, readSelector, SELECTOR_KEYWORDS } from './selector.ts';
import {
  contextKeyword,
  device,
  flagsKeyword,
  givenMark,
  MODE,
  markKeyword,
  maskOperand,
  numberAfter,
  REQID,
  STATE_DIRECTION,
} from './values.ts';

/** Packets that a window of struct xfrm_usersa_info reaches back; a longer one has its own attribute. */
const MAX_PLAIN_WINDOW = 32;

/** The number of no CPU: every one may use the state. */
export const EVERY_CPU = 0xffffffff;

/** What the words say. */
interface StateDraft extends Identified {
  sel: Selector;
  limits: LifetimeLimits;
  algorithms: Algorithms;
  mode: number;
  reqid: number;
  seq: number;
  flags: number;
  extraFlags: number;
  window: number;
  replay: { seq: number; seqHigh: number; oseq: number; oseqHigh: number };
  mark?: Mark;
  outputMark: Mark;
  encapsulations: ReturnType<typeof encapsulation.zero>[];
  careOfAddress?: Buffer;
  securityContext?: SecurityContext;
  offload?: { ifindex: number; flags: number };
  interfaceId?: number;
  padding: number;
  direction?: number;
  cpu?: number;
}

const SEQ = number('SEQ', 'SEQ value is invalid');
const WINDOW = numberAfter('replay-window', 'SIZE');
const OUTPUT_MARK = numberAfter('output-mark', 'OUTPUT-MARK');
const OUTPUT_MASK = number('MASK', 'mask value is invalid\n');
const ENCAP_TYPE = oneOf(ENCAPSULATIONS, 'ENCAP-TYPE value is invalid', 'ENCAP-TYPE');
const SPORT = number('SPORT', 'SPORT value after "encap" is invalid', 0xffff);
const DPORT = number('DPORT', 'DPORT value after "encap" is invalid', 0xffff);
const OADDR = anyWord({ synopsis: 'OADDR', examples: ['0.0.0.0', '::', 'any'] });
const CARE_OF: Operand = { synopsis: 'ADDR[/PLEN]', examples: ['fd00::1', '10.0.0.1'] };
const OFFLOAD_DEVICE = device('Invalid device name');
const SELECTOR: Operand = {
  synopsis: 'SELECTOR',
  grammar: () => ({ keywords: SELECTOR_KEYWORDS }),
  isNonEmpty: true,
};
const OFFLOAD_MODE: Operand = {
  synopsis: '{ crypto | packet }',
  words: ['crypto', 'packet'],
  isOptional: true,
};

/** The words of `dir DIR` that an offload needs. */
const DIR_WORD: Operand = { synopsis: 'dir', words: ['dir'] };
const DEV_WORD: Operand = { synopsis: 'dev', words: ['dev'] };

function replayKeyword(word: string, member: keyof StateDraft['replay']) {
  return exact<StateDraft, Context, number>(word, numberAfter(word, 'SEQ'), ({ replay }, value) => {
    replay[member] = value;
  });
}

/** The words of `add` and `update`. */
export const STATE_GRAMMAR: Grammar<StateDraft, Context> = {
  keywords: [
    exact('mode', MODE, 'mode'),
    markKeyword(),
    exact('reqid', REQID, 'reqid'),
    exact('dir', STATE_DIRECTION, 'direction'),
    exact('seq', SEQ, 'seq'),
    exact('replay-window', WINDOW, 'window'),
    replayKeyword('replay-seq', 'seq'),
    replayKeyword('replay-seq-hi', 'seqHigh'),
    replayKeyword('replay-oseq', 'oseq'),
    replayKeyword('replay-oseq-hi', 'oseqHigh'),
    flagsKeyword('flag', STATE_FLAGS, 0xff, 'FLAG value is invalid', (draft, bits) => {
      draft.flags |= bits;
    }),
    flagsKeyword('extra-flag', EXTRA_FLAGS, 0xffffffff, '"EXTRA-FLAG" is invalid', (draft, bits) => {
      draft.extraFlags = (draft.extraFlags | bits) >>> 0;
    }),
    reads('sel', [SELECTOR], readStateSelector),
    limitKeyword(),
    { ...reads('encap', [ENCAP_TYPE, SPORT, DPORT, OADDR], readEncapsulation), repeats: true },
    reads('coa', [CARE_OF], readCareOfAddress),
    contextKeyword(),
    reads('offload', [OFFLOAD_MODE, DEV_WORD, OFFLOAD_DEVICE, DIR_WORD, STATE_DIRECTION], readOffload),
    reads('output-mark', [OUTPUT_MARK, maskOperand('mask value is invalid\n')], (draft, args, context) => {
      draft.outputMark.v = OUTPUT_MARK.read(args, context, 'output-mark');
      if (args.accept('mask')) draft.outputMark.m = OUTPUT_MASK.read(args, context, 'mask');
    }),
    exact('if_id', numberAfter('if_id', 'IF_ID'), 'interfaceId'),
    exact('tfcpad', numberAfter('tfcpad', 'LENGTH'), 'padding'),
    exact('pcpu-num', numberAfter('pcpu-num', 'CPUNUM'), 'cpu'),
    ...algorithmKeywords<StateDraft>(),
    ...identityKeywords<StateDraft>(false),
  ],
  readOperand: (draft, args, context) => readIdentity(draft, args, context, false),
};

/** What follows is of the family of the selector, in the original as well. */
function readStateSelector(draft: StateDraft, args: Args, context: Context): void {
  if (args.peek() === undefined) args.next();
  const selecting = { ...newSelecting(AF_UNSPEC), sel: draft.sel };
  readSelector(selecting, args, context);
  draft.preferred = draft.sel.family;
}

function readEncapsulation(draft: StateDraft, args: Args, context: Context): void {
  draft.encapsulations.push({
    encap_type: ENCAP_TYPE.read(args, context, 'encap'),
    encap_sport: SPORT.read(args, context, 'encap'),
    encap_dport: DPORT.read(args, context, 'encap'),
    encap_oa: addressOf(parseAddress(args.next(), AF_UNSPEC)),
  });
}

function readCareOfAddress(draft: StateDraft, args: Args): void {
  if (draft.careOfAddress !== undefined) throw duplicateArgument('coa', 'coa');
  draft.careOfAddress = addressOf(readPrefix('coa', args, draft.preferred));
}

function readOffload(draft: StateDraft, args: Args, context: Context): void {
  const expect = (word: string, complaint: string) => {
    const found = args.next();
    if (found !== word) throw wrongArgument(found, complaint);
  };
  let flags = 0;
  if (args.accept('packet')) flags = xfrm.XFRM_OFFLOAD_PACKET;
  else args.accept('crypto');
  expect('dev', 'Missing dev keyword');
  const ifindex = OFFLOAD_DEVICE.read(args, context, 'dev');
  expect('dir', 'Missing DIR keyword');
  draft.direction = STATE_DIRECTION.read(args, context, 'dir');
  draft.offload = { ifindex, flags };
}

export const addState = (args: Args, context: Context) => changeState(args, context, xfrm.XFRM_MSG_NEWSA);
export const updateState = (args: Args, context: Context) => changeState(args, context, xfrm.XFRM_MSG_UPDSA);

async function changeState(args: Args, context: Context, type: number): Promise<number> {
  const draft: StateDraft = {
    ...newIdentity(context.family),
    sel: newSelecting(AF_UNSPEC).sel,
    limits: noLimits(),
    algorithms: {},
    mode: MODES.transport,
    reqid: 0,
    seq: 0,
    flags: 0,
    extraFlags: 0,
    window: 0,
    replay: { seq: 0, seqHigh: 0, oseq: 0, oseqHigh: 0 },
    outputMark: { v: 0, m: 0 },
    encapsulations: [],
    padding: 0,
  };
  readWords(STATE_GRAMMAR, draft, args, context);
  const hasWindow = checkWindow(draft);
  if (!draft.isIdRead) throw failed('Not enough information: ID is required');
  checkProtocol(draft);
  const request = xfrmRequest(type, 0, stateInfo, {
    ...stateInfo.zero(),
    sel: draft.sel,
    id: draft.id,
    saddr: draft.saddr,
    lft: draft.limits,
    seq: swap32(draft.seq),
    reqid: draft.reqid,
    family: draft.family === AF_UNSPEC ? AF_INET : draft.family,
    mode: draft.mode,
    replay_window: hasWindow ? 0 : draft.window,
    flags: draft.flags,
  });
  for (const encap of draft.encapsulations) xfrmAttributes.encode(request, { encap });
  xfrmAttributes.encode(request, attributesOf(draft, hasWindow));
  return change(request, context);
}

/** Whether the window against replays needs its own attribute. */
function checkWindow({ flags, window, direction }: StateDraft): boolean {
  const isExtended = (flags & xfrm.XFRM_STATE_ESN) !== 0;
  // What is sent needs no window.
  if (isExtended && window === 0 && direction !== xfrm.XFRM_SA_DIR_OUT)
    throw plainComplaint('Error: esn flag set without replay-window.');
  if (window > xfrm.XFRMA_REPLAY_ESN_MAX) {
    const most = `XFRMA_REPLAY_ESN_MAX (${xfrm.XFRMA_REPLAY_ESN_MAX})`;
    throw plainComplaint(`Error: replay-window (${window}) > ${most}.`);
  }
  return isExtended || window > MAX_PLAIN_WINDOW;
}

function checkProtocol({ id, mode, algorithms, careOfAddress }: StateDraft): void {
  const name = wordOf(TRANSFORM_PROTOCOLS, id.proto) ?? '';
  const complain = (text: string) => failed(`${text} with XFRM-PROTO value "${name}"`);
  const takes = (...modes: number[]) => modes.includes(mode);
  if (isIpsec(id.proto)) {
    const isBound = id.proto === xfrm.IPPROTO_ESP && mode === MODES.beet;
    if (!isBound && !takes(MODES.transport, MODES.tunnel)) throw complain('MODE value is invalid');
  }
  checkAlgorithms(id.proto, algorithms);
  if (isRouteOptimization(id.proto)) {
    if (mode === MODES.transport) throw complain('"mode" is required');
    if (!takes(MODES.ro, MODES.in_trigger)) throw complain('MODE value is invalid');
    if (careOfAddress === undefined) throw complain('"coa" is required');
  } else if (careOfAddress !== undefined) throw complain('"coa" is invalid');
}

/** The last direction of the line counts. */
function offloadOf({ offload, direction }: StateDraft): StateDraft['offload'] {
  if (offload === undefined || direction !== xfrm.XFRM_SA_DIR_IN) return offload;
  return { ...offload, flags: offload.flags | xfrm.XFRM_OFFLOAD_INBOUND };
}

function attributesOf(draft: StateDraft, hasWindow: boolean): XfrmAttributes {
  const { replay, outputMark, algorithms, window } = draft;
  const { seq, oseq, seqHigh: seq_hi, oseqHigh: oseq_hi } = replay;
  const values: XfrmAttributes = {};
  for (const [kind, found] of Object.entries(algorithms))
    values[ALGORITHM_ATTRIBUTES[kind as AlgorithmKind]] = found;
  return Object.assign(values, {
    mark: givenMark(draft.mark),
    sec_ctx: draft.securityContext,
    replay_esn_val: hasWindow ? { oseq, seq, oseq_hi, seq_hi, replay_window: window, bitmap: [] } : undefined,
    replay_val: !hasWindow && (seq !== 0 || oseq !== 0) ? { oseq, seq, bitmap: 0 } : undefined,
    coaddr: draft.careOfAddress,
    sa_extra_flags: draft.extraFlags || undefined,
    offload_dev: offloadOf(draft),
    set_mark: outputMark.v || undefined,
    set_mark_mask: outputMark.m || undefined,
    if_id: draft.interfaceId,
    tfcpad: draft.padding || undefined,
    sa_dir: draft.direction,
    sa_pcpu: draft.cpu === EVERY_CPU ? undefined : draft.cpu,
  });
}
