/** `ip xfrm state allocspi`: a state of which only the SPI is settled, to be completed when a key has been agreed on. */
import { AF_INET, AF_UNSPEC } from '../../linux/families.ts';
import { IPPROTO_COMP, XFRM_MSG_ALLOCSPI } from '../../linux/xfrm.ts';
import type { Args } from '../../schema/args.ts';
import { exact, type Grammar, readWords } from '../../schema/keywords.ts';
import { swap32 } from '../../wire/integers.ts';
import { xfrmAttributes } from '../../xfrm/attributes.ts';
import { xfrmRequest } from '../../xfrm/messages.ts';
import { MODES } from '../../xfrm/names.ts';
import { type Mark, spiRequest } from '../../xfrm/structs.ts';
import type { Context } from '../frame/context.ts';
import { number } from '../grammar/values.ts';
import { ask, failed } from './conversation.ts';
import { type Identified, identityKeywords, newIdentity, readIdentity } from './identity.ts';
import { EVERY_CPU } from './state-change.ts';
import { showAnswer } from './state-one.ts';
import { effectiveMark, MODE, markKeyword, numberAfter, once, REQID, STATE_DIRECTION } from './values.ts';

/** The SPIs from which one is taken: all that are not reserved, of comp those of 16 bits. */
const FIRST = 0x100;
const LAST = 0x0fffffff;
const LAST_COMPRESSION_INDEX = 0xffff;

interface SpiDraft extends Identified {
  mode: number;
  reqid: number;
  seq: number;
  mark?: Mark;
  min?: number;
  max?: number;
  direction?: number;
  cpu?: number;
}

/** The words of `allocspi`. */
export const SPI_GRAMMAR: Grammar<SpiDraft, Context> = {
  keywords: [
    exact('mode', MODE, 'mode'),
    markKeyword(),
    exact('reqid', REQID, 'reqid'),
    exact('seq', number('SEQ', 'SEQ value is invalid'), 'seq'),
    once('min', numberAfter('min', 'SPI'), 'min'),
    once('max', numberAfter('max', 'SPI'), 'max'),
    exact('dir', STATE_DIRECTION, 'direction'),
    exact('pcpu-num', numberAfter('pcpu-num', 'CPUNUM'), 'cpu'),
    ...identityKeywords<SpiDraft>(false),
  ],
  readOperand: (draft, args, context) => readIdentity(draft, args, context, false),
};

/** Runs `allocspi`. */
export async function allocateSpi(args: Args, context: Context): Promise<number> {
  const draft: SpiDraft = { ...newIdentity(context.family), mode: MODES.transport, reqid: 0, seq: 0 };
  readWords(SPI_GRAMMAR, draft, args, context);
  if (!draft.isIdRead) throw failed('Not enough information: ID is required');
  if (draft.id.spi !== 0) throw failed('"spi" is invalid');
  const { min, max } = rangeOf(draft);
  const zero = spiRequest.zero();
  const request = xfrmRequest(XFRM_MSG_ALLOCSPI, 0, spiRequest, {
    info: {
      ...zero.info,
      id: draft.id,
      saddr: draft.saddr,
      seq: swap32(draft.seq),
      reqid: draft.reqid,
      family: draft.family === AF_UNSPEC ? AF_INET : draft.family,
      mode: draft.mode,
    },
    min,
    max,
  });
  xfrmAttributes.encode(request, {
    sa_dir: draft.direction,
    mark: effectiveMark(draft.mark),
    sa_pcpu: draft.cpu === EVERY_CPU ? undefined : draft.cpu,
  });
  return ask(request, context, answer => showAnswer(answer, context));
}

function rangeOf({ id, min, max }: SpiDraft): { min: number; max: number } {
  if (min === undefined && max === undefined)
    return { min: FIRST, max: id.proto === IPPROTO_COMP ? LAST_COMPRESSION_INDEX : LAST };
  if (max === undefined) throw failed('"max" is missing');
  if (min === undefined) throw failed('"min" is missing');
  if (min > max) throw failed('value after "min" is larger than value after "max"');
  return { min, max };
}
