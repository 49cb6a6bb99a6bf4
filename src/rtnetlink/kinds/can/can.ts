/**
 * CAN devices: classical CAN, CAN FD and CAN XL. Source: linux/can/netlink.h. Times of bits are nanoseconds and
 * multiples of the time quantum; sample points are thousandths of a bit.
 */
import { type Args, EXIT_USAGE, mustBeOnOrOff, UsageError, wrongArgument } from '../../../schema/args.ts';
import type { Facets, Switches } from '../../../schema/facets.ts';
import { parseFloat32, parseUnsigned } from '../../../schema/number.ts';
import * as row from '../../../schema/row.ts';
import { oneOf, onOff } from '../../../schema/spelling.ts';
import * as codec from '../../../wire/codec.ts';
import { linkKind } from '../../kind.ts';
import {
  array,
  type BitTiming,
  bitTiming,
  bitTimingLimits,
  controlMode,
  controlModeExtension,
  delayCompensation,
  errorCounters,
  MODES,
  pulseWidth,
} from './attributes.ts';
import { showCan } from './details.ts';

const usage = `Usage: ip link set DEVICE type can
	[ bitrate BPS [ sample-point POINT ] |
	  tq NS prop-seg TQ phase-seg1 TQ phase-seg2 TQ [ sjw TQ ] ]
	[ dbitrate BPS [ dsample-point POINT ] |
	  dtq NS dprop-seg TQ dphase-seg1 TQ dphase-seg2 TQ [ dsjw TQ ] ]
	[ tdcv MTQ tdco MTQ tdcf MTQ ]
	[ xbitrate BPS [ xsample-point POINT ] |
	  xtq NS xprop-seg TQ xphase-seg1 TQ xphase-seg2 TQ [ xsjw TQ ] ]
	[ xtdcv MTQ xtdco MTQ xtdcf MTQ ] [ pwms MTQ pwml MTQ pwmo MTQ ]
	[ loopback on|off ] [ listen-only on|off ] [ triple-sampling on|off ] [ one-shot on|off ]
	[ berr-reporting on|off ] [ fd on|off ] [ fd-non-iso on|off ] [ presume-ack on|off ]
	[ cc-len8-dlc on|off ] [ tdc-mode auto|manual|off ] [ restricted on|off ]
	[ xl on|off ] [ xtdc-mode auto|manual|off ] [ tms on|off ]
	[ restart-ms MS ] [ restart ] [ termination OHM ]

BPS: bits a second; POINT: 0.000 to 0.999 of a bit; NS: nanoseconds; TQ: in time quanta;
MTQ: in the least time quanta of the controller; MS: milliseconds, 0 is never; OHM: 0 to 65535.
Words beginning with d are for the data of CAN FD, those with x for the data of CAN XL.`;

/** Modes that words switch on and off. */
const SWITCHED_MODES = [
  'LOOPBACK',
  'LISTEN-ONLY',
  'TRIPLE-SAMPLING',
  'ONE-SHOT',
  'BERR-REPORTING',
  'FD',
  'FD-NON-ISO',
  'PRESUME-ACK',
  'CC-LEN8-DLC',
  'RESTRICTED',
  'XL',
  'TMS',
];

/** Abbreviations of these words begin with one of these texts: the last three have none. */
const MODE_ABBREVIATIONS = ['l', 'o', 'tr', 'b', 'f', 'p', 'c'];

const invalidValue = (word: string, keyword: string) => wrongArgument(word, `invalid "${keyword}" value`);

function readUnsigned(args: Args, keyword: string): number {
  const word = args.next();
  const value = parseUnsigned(word, 0xffffffff);
  if (value === undefined) throw invalidValue(word, keyword);
  return value;
}

/** Thousandths of a bit, computed in single precision as the original does. */
function readSamplePoint(args: Args, keyword: string): number {
  const word = args.next();
  const value = parseFloat32(word);
  if (value === undefined) throw invalidValue(word, keyword);
  const thousandths = Math.trunc(Math.fround(value * 1000));
  return Math.abs(thousandths) < 2 ** 63 ? Number(BigInt.asUintN(32, BigInt(thousandths))) : 0;
}

/** Words of bit timing, without the letter that says of which phase. */
const TIMING_WORDS: Readonly<Record<string, keyof BitTiming>> = {
  bitrate: 'bitrate',
  'sample-point': 'sample_point',
  tq: 'tq',
  'prop-seg': 'prop_seg',
  'phase-seg1': 'phase_seg1',
  'phase-seg2': 'phase_seg2',
  sjw: 'sjw',
};

type Timings = { [N in 'bittiming' | 'data_bittiming' | 'xl_data_bittiming']?: BitTiming };

/** The facets of the timing of a phase, row `name`, whose words begin with `prefix`. */
function timingWords(name: keyof Timings, prefix: string): Facets<BitTiming, never, Timings> {
  return {
    keyword: Object.keys(TIMING_WORDS).map(word => prefix + word),
    operands: [{ synopsis: 'NUMBER', range: [0, 0xffffffff] }],
    parse(args, keyword, draft) {
      const member = TIMING_WORDS[keyword.slice(prefix.length)]!;
      const value = member === 'sample_point' ? readSamplePoint(args, keyword) : readUnsigned(args, keyword);
      return { ...bitTiming.zero(), ...draft[name], [member]: value };
    },
  };
}

/** What the original takes for a value that is not given. */
const UNSET = 0xffffffff;

type Sets = { [N in 'tdc' | 'xl_tdc' | 'xl_pwm']?: Readonly<Record<string, number | undefined>> };

/** The facets of a set of values, row `name`, each with a word that is its name after `prefix`. */
function setWords(name: keyof Sets, words: readonly string[], prefix = ''): Facets<object, never, Sets> {
  return {
    keyword: words.map(word => prefix + word),
    operands: [{ synopsis: 'NUMBER', range: [0, UNSET] }],
    parse(args, keyword, draft) {
      const value = readUnsigned(args, keyword);
      const member = keyword.slice(prefix.length);
      const { [member]: _, ...others } = draft[name] ?? {};
      return value === UNSET ? others : { ...draft[name], [member]: value };
    },
  };
}

type Modes = { ctrlmode?: Switches };

/** As the original has it: `off` after `on` does not clear a flag. */
function switchMode({ ctrlmode }: Modes, bits: number, isOn: boolean): Switches {
  const { flags, mask } = ctrlmode ?? { flags: 0, mask: 0 };
  return { flags: isOn ? flags | bits : flags, mask: mask | bits };
}

function readSwitch(args: Args, keyword: string, draft: Modes): Switches {
  const word = args.next();
  if (word !== 'on' && word !== 'off') throw new UsageError(mustBeOnOrOff(keyword, word).message, EXIT_USAGE);
  return switchMode(draft, MODES[keyword.toUpperCase()]!, word === 'on');
}

/** The facets of a pair of modes of which at most one is on. */
function compensationMode(keyword: string, auto: number, manual: number): Facets<Switches, never, Modes> {
  const modes = oneOf(['auto', 'manual', 'off']);
  return {
    keyword,
    operands: [modes.operand!],
    patch(args, _keyword, draft) {
      const value = args.next();
      if (value === 'auto') return { ctrlmode: switchMode(draft, auto, true) };
      if (value === 'manual') return { ctrlmode: switchMode(draft, manual, true) };
      if (value === 'off') return { ctrlmode: switchMode(draft, auto | manual, false) };
      throw wrongArgument(value, `"${keyword}" must be either of "auto", "manual" or "off"`);
    },
  };
}

const DELAYS = ['tdcv', 'tdco', 'tdcf'];

const unsignedWord: Facets<number, never> = { complaint: invalidValue };

/** Rows in the order in which abbreviations are tried; {@link showCan} knows the order of printing. */
const rows = {
  bittiming: row.value(1, bitTiming, { ...timingWords('bittiming', ''), abbreviable: true }),
  data_bittiming: row.value(9, bitTiming, { ...timingWords('data_bittiming', 'd'), abbreviable: true }),
  tdc: row.nest(16, delayCompensation, { ...setWords('tdc', DELAYS), abbreviable: true }),
  xl_data_bittiming: row.value(18, bitTiming, timingWords('xl_data_bittiming', 'x')),
  xl_tdc: row.nest(21, delayCompensation, setWords('xl_tdc', DELAYS, 'x')),
  xl_pwm: row.nest(22, pulseWidth, setWords('xl_pwm', ['pwms', 'pwml', 'pwmo'])),
  ctrlmode: row.value(5, controlMode, {
    keyword: SWITCHED_MODES.map(mode => mode.toLowerCase()),
    abbreviable: MODE_ABBREVIATIONS,
    operands: [onOff.operand!],
    parse: readSwitch,
  }),
  tdc_mode: row.value(5, controlMode, {
    ...compensationMode('tdc-mode', MODES['TDC-AUTO']!, MODES['TDC-MANUAL']!),
    abbreviable: true,
  }),
  xtdc_mode: row.value(
    5,
    controlMode,
    compensationMode('xtdc-mode', MODES['XL-TDC-AUTO']!, MODES['XL-TDC-MANUAL']!),
  ),
  restart: row.u32(7, { abbreviable: true, standalone: { restart: 1 } }),
  restart_ms: row.u32(6, { word: 'restart-ms', abbreviable: true, ...unsignedWord }),
  termination: row.u16(11, { abbreviable: true, ...unsignedWord }),
  bittiming_const: row.value(2, bitTimingLimits),
  clock: row.u32(3, { keyword: false }),
  state: row.u32(4, { keyword: false }),
  berr_counter: row.value(8, errorCounters),
  data_bittiming_const: row.value(10, bitTimingLimits),
  termination_const: row.value(12, array(codec.u16, 2)),
  bitrate_const: row.value(13, array(codec.u32, 4)),
  data_bitrate_const: row.value(14, array(codec.u32, 4)),
  bitrate_max: row.u32(15, { keyword: false }),
  ctrlmode_ext: row.nest(17, controlModeExtension),
  xl_data_bittiming_const: row.value(19, bitTimingLimits),
  xl_data_bitrate_const: row.value(20, array(codec.u32, 4)),
} as const;

export const can = linkKind('can', usage, rows, {
  unknownWord: (word, kind) => `${kind}: unknown option "${word}"`,
  sentOnce: ['bittiming', 'data_bittiming', 'tdc', 'xl_data_bittiming', 'xl_tdc', 'xl_pwm', 'ctrlmode'],
  // Timing without a bit rate or a time quantum is not sent, nor are sets without values.
  finish(draft) {
    for (const name of ['bittiming', 'data_bittiming', 'xl_data_bittiming'] as const) {
      if (draft[name]?.bitrate === 0 && draft[name].tq === 0) delete draft[name];
    }
    for (const name of ['tdc', 'xl_tdc', 'xl_pwm'] as const) {
      if (draft[name] !== undefined && Object.keys(draft[name]).length === 0) delete draft[name];
    }
  },
  show: showCan,
});
