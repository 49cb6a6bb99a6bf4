/**
 * CAN devices: classical CAN, CAN FD and CAN XL. Source: linux/can/netlink.h. Times of bits are nanoseconds and
 * multiples of the time quantum; sample points are thousandths of a bit.
 */
import { type Args, EXIT_USAGE, mustBeOnOrOff, UsageError, wrongArgument } from '../../schema/args.ts';
import { parseFloat32, parseUnsigned } from '../../schema/number.ts';
import type { Output } from '../../schema/output.ts';
import type { Facets, Values } from '../../schema/row.ts';
import * as row from '../../schema/row.ts';
import { table } from '../../schema/table.ts';
import * as codec from '../../wire/codec.ts';
import { linkKind } from '../kind.ts';

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

/** struct can_bittiming. */
const bitTiming = codec.struct({
  bitrate: codec.u32,
  sample_point: codec.u32,
  tq: codec.u32,
  prop_seg: codec.u32,
  phase_seg1: codec.u32,
  phase_seg2: codec.u32,
  sjw: codec.u32,
  brp: codec.u32,
});

type BitTiming = codec.ValueOf<typeof bitTiming>;

const limits = codec.struct({
  tseg1_min: codec.u32,
  tseg1_max: codec.u32,
  tseg2_min: codec.u32,
  tseg2_max: codec.u32,
  sjw_max: codec.u32,
  brp_min: codec.u32,
  brp_max: codec.u32,
  brp_inc: codec.u32,
});

type Limits = codec.ValueOf<typeof limits> & { readonly name: string };

const NAME_LENGTH = 16;

/** struct can_bittiming_const: the name of the hardware, and what it can do. */
const bitTimingLimits: codec.Codec<Limits> = {
  read(bytes, at, length) {
    if (length < NAME_LENGTH + limits.size) return undefined;
    const name = codec.text.read(bytes, at, NAME_LENGTH) ?? '';
    return { name, ...limits.read(bytes, at + NAME_LENGTH, limits.size)! };
  },
  write(out, value) {
    const start = out.length;
    codec.text.write(out, value.name);
    out.reserve(Math.max(0, start + NAME_LENGTH - out.length));
    limits.write(out, value);
  },
};

/** Numbers one after another. */
function array(item: codec.Codec<number>, size: number): codec.Codec<number[]> {
  return {
    read: (bytes, at, length) =>
      Array.from(
        { length: Math.floor(length / size) },
        (_, index) => item.read(bytes, at + index * size, size)!,
      ),
    write(out, values) {
      for (const value of values) item.write(out, value);
    },
  };
}

/** IFLA_CAN_TDC_*, of transmitter delay compensation. */
const delayCompensation = table({
  tdcv_min: row.u32(1),
  tdcv_max: row.u32(2),
  tdco_min: row.u32(3),
  tdco_max: row.u32(4),
  tdcf_min: row.u32(5),
  tdcf_max: row.u32(6),
  tdcv: row.u32(7),
  tdco: row.u32(8),
  tdcf: row.u32(9),
});

/** IFLA_CAN_PWM_*, of pulse-width modulation. */
const pulseWidth = table({
  pwms_min: row.u32(1),
  pwms_max: row.u32(2),
  pwml_min: row.u32(3),
  pwml_max: row.u32(4),
  pwmo_min: row.u32(5),
  pwmo_max: row.u32(6),
  pwms: row.u32(7),
  pwml: row.u32(8),
  pwmo: row.u32(9),
});

/** IFLA_CAN_CTRLMODE_EXT. */
const controlModeExtension = table({ supported: row.u32(1) });

/** struct can_ctrlmode. */
const controlMode: codec.Codec<row.Switches> = codec.struct({ mask: codec.u32, flags: codec.u32 });

/** CAN_CTRLMODE_*, in print order. */
const MODES: Readonly<Record<string, number>> = {
  LOOPBACK: 0x1,
  'LISTEN-ONLY': 0x2,
  'TRIPLE-SAMPLING': 0x4,
  'ONE-SHOT': 0x8,
  'BERR-REPORTING': 0x10,
  FD: 0x20,
  'FD-NON-ISO': 0x80,
  'PRESUME-ACK': 0x40,
  'CC-LEN8-DLC': 0x100,
  'TDC-AUTO': 0x200,
  'TDC-MANUAL': 0x400,
  RESTRICTED: 0x800,
  XL: 0x1000,
  'XL-TDC-AUTO': 0x2000,
  'XL-TDC-MANUAL': 0x4000,
  TMS: 0x8000,
};

/** Words for modes: those that may be abbreviated, and those that may not. */
const ABBREVIABLE_MODES = [
  'LOOPBACK',
  'LISTEN-ONLY',
  'TRIPLE-SAMPLING',
  'ONE-SHOT',
  'BERR-REPORTING',
  'FD',
  'FD-NON-ISO',
  'PRESUME-ACK',
  'CC-LEN8-DLC',
];
const EXACT_MODES = ['RESTRICTED', 'XL', 'TMS'];

const STATES = ['ERROR-ACTIVE', 'ERROR-WARNING', 'ERROR-PASSIVE', 'BUS-OFF', 'STOPPED', 'SLEEPING'];

const errorCounters = codec.struct({ tx: codec.u16, rx: codec.u16 });

/** struct can_device_stats, as IFLA_INFO_XSTATS. */
const deviceStatistics = codec.struct({
  bus_error: codec.u32,
  error_warning: codec.u32,
  error_passive: codec.u32,
  bus_off: codec.u32,
  arbitration_lost: codec.u32,
  restarts: codec.u32,
});

const invalidValue = (_word: string, keyword: string) => `invalid "${keyword}" value`;

function readUnsigned(args: Args, keyword: string, max = 0xffffffff): number {
  const word = args.next();
  const value = parseUnsigned(word, max);
  if (value === undefined) throw wrongArgument(word, invalidValue(word, keyword));
  return value;
}

/** Thousandths of a bit, computed in single precision as the original does. */
function readSamplePoint(args: Args, keyword: string): number {
  const word = args.next();
  const value = parseFloat32(word);
  if (value === undefined) throw wrongArgument(word, invalidValue(word, keyword));
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

/** The facets of the timing of a phase, whose words begin with `prefix`. */
function timingWords(prefix: string): Facets<BitTiming> {
  return {
    keyword: Object.keys(TIMING_WORDS).map(word => prefix + word),
    parse(args, draft, _tools, keyword, name) {
      const member = TIMING_WORDS[keyword.slice(prefix.length)]!;
      const value = member === 'sample_point' ? readSamplePoint(args, keyword) : readUnsigned(args, keyword);
      draft[name] = { ...bitTiming.zero(), ...(draft[name] as BitTiming | undefined), [member]: value };
    },
  };
}

/** What the original takes for a value that is not given. */
const UNSET = 0xffffffff;

/** The facets of a set of values, each with its own word; `prefix` is not part of the names. */
function nestWords<T>(words: readonly string[], prefix = ''): Facets<T> {
  return {
    keyword: words.map(word => prefix + word),
    parse(args, draft, _tools, keyword, name) {
      const value = readUnsigned(args, keyword);
      const given = { ...(draft[name] as Values | undefined) };
      const member = keyword.slice(prefix.length);
      if (value === UNSET) delete given[member];
      else given[member] = value;
      draft[name] = given;
    },
  };
}

/** The facets of modes that are switched on and off. */
function modeWords(modes: readonly string[]): Facets<row.Switches> {
  return {
    keyword: modes.map(mode => mode.toLowerCase()),
    parse(args, draft, _tools, keyword) {
      const word = args.next();
      if (word !== 'on' && word !== 'off')
        throw new UsageError(mustBeOnOrOff(keyword, word).message, EXIT_USAGE);
      switchMode(draft, MODES[keyword.toUpperCase()]!, word === 'on');
    },
  };
}

/** As the original has it: `off` after `on` does not clear a flag. */
function switchMode(draft: Values, bits: number, isOn: boolean): void {
  const { flags, mask } = (draft['ctrlmode'] as row.Switches | undefined) ?? { flags: 0, mask: 0 };
  draft['ctrlmode'] = { flags: isOn ? flags | bits : flags, mask: mask | bits };
}

/** The facets of a pair of modes of which at most one is on. */
function compensationMode(word: string, auto: number, manual: number): Facets<row.Switches> {
  return {
    keyword: word,
    parse(args, draft, _tools, keyword) {
      const value = args.next();
      if (value === 'auto') switchMode(draft, auto, true);
      else if (value === 'manual') switchMode(draft, manual, true);
      else if (value === 'off') switchMode(draft, auto | manual, false);
      else throw wrongArgument(value, `"${keyword}" must be either of "auto", "manual" or "off"`);
    },
  };
}

const unsignedWord: Facets<number> = {
  complaint: (word, keyword) => wrongArgument(word, invalidValue(word, keyword)),
};

/** Rows in the order in which abbreviations are tried; {@link showCan} knows the order of printing. */
const rows = {
  bittiming: row.value(1, bitTiming, { ...timingWords(''), abbreviable: true }),
  data_bittiming: row.value(9, bitTiming, { ...timingWords('d'), abbreviable: true }),
  tdc: row.nest(16, delayCompensation, { ...nestWords(['tdcv', 'tdco', 'tdcf']), abbreviable: true }),
  xl_data_bittiming: row.value(18, bitTiming, timingWords('x')),
  xl_tdc: row.nest(21, delayCompensation, nestWords(['tdcv', 'tdco', 'tdcf'], 'x')),
  xl_pwm: row.nest(22, pulseWidth, nestWords(['pwms', 'pwml', 'pwmo'])),
  ctrlmode: row.value(5, controlMode, { ...modeWords(ABBREVIABLE_MODES), abbreviable: true }),
  tdc_mode: row.value(5, controlMode, {
    ...compensationMode('tdc-mode', MODES['TDC-AUTO']!, MODES['TDC-MANUAL']!),
    abbreviable: true,
  }),
  exact_modes: row.value(5, controlMode, modeWords(EXACT_MODES)),
  xtdc_mode: row.value(
    5,
    controlMode,
    compensationMode('xtdc-mode', MODES['XL-TDC-AUTO']!, MODES['XL-TDC-MANUAL']!),
  ),
  restart: row.u32(7, {
    abbreviable: true,
    parse(_args, draft, _tools, _keyword, name) {
      draft[name] = 1;
    },
  }),
  restart_ms: row.u32(6, { keyword: 'restart-ms', abbreviable: true, ...unsignedWord }),
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

type CanValues = row.ValuesOf<typeof rows>;

function showModes(key: string, flags: number, out: Output, isText: boolean): void {
  const names = Object.keys(MODES).filter(name => flags & MODES[name]!);
  const rest = Object.values(MODES).reduce((left, bit) => left & ~bit, flags) >>> 0;
  if (rest !== 0) names.push(rest.toString(16));
  out.list(key, isText ? '<' : '');
  for (const [index, name] of names.entries())
    out.item(name, isText ? `${index === 0 ? '' : ','}${name}` : '');
  out.end(isText ? '> ' : '');
}

/** The modes that are on, which are supported, and for programs those that are on and cannot be changed. */
function showControlMode({ ctrlmode, ctrlmode_ext: extension }: CanValues, out: Output): void {
  if (ctrlmode === undefined) return;
  if (ctrlmode.flags !== 0) showModes('ctrlmode', ctrlmode.flags, out, true);
  const { supported } = extension ?? {};
  if (supported === undefined) return;
  if (supported !== 0) showModes('ctrlmode_supported', supported, out, false);
  const fixed = ctrlmode.flags & ~supported;
  if (fixed !== 0) showModes('ctrlmode_static', fixed, out, false);
}

/** One of the phases of a frame that have a bit rate of their own. */
interface Phase {
  /** The letter before words. */
  readonly letter: string;
  /** What keys begin with. */
  readonly key: string;
  /** The key of the list of bit rates. */
  readonly rates: string;
  readonly timing: BitTiming | undefined;
  readonly limits: Limits | undefined;
  readonly bitrates: readonly number[] | undefined;
  readonly extras: readonly Extra[];
}

/** Further values and limits of a phase. */
interface Extra {
  readonly key: string;
  /** The letter before words. */
  readonly letter: string;
  /** What stands before the keys of values: a space that slipped into the original. */
  readonly keyPrefix: string;
  readonly names: readonly string[];
  readonly values: Values | undefined;
}

function phasesOf(values: CanValues): readonly Phase[] {
  const delay = { keyPrefix: '', names: ['tdcv', 'tdco', 'tdcf'] };
  return [
    {
      letter: '',
      key: '',
      rates: 'bitrate_const',
      timing: values.bittiming,
      limits: values.bittiming_const,
      bitrates: values.bitrate_const,
      extras: [],
    },
    {
      letter: 'd',
      key: 'data_',
      rates: 'data_bitrate_const',
      timing: values.data_bittiming,
      limits: values.data_bittiming_const,
      bitrates: values.data_bitrate_const,
      extras: [{ ...delay, key: 'tdc', letter: '', values: values.tdc }],
    },
    {
      letter: 'x',
      key: 'xl_data_',
      // Not a slip of ours: the original has the key of CAN FD here.
      rates: 'data_bitrate_const',
      timing: values.xl_data_bittiming,
      limits: values.xl_data_bittiming_const,
      bitrates: values.xl_data_bitrate_const,
      extras: [
        { ...delay, key: 'xtdc', letter: 'x', values: values.xl_tdc },
        { key: 'pwm', letter: '', keyPrefix: ' ', names: ['pwms', 'pwml', 'pwmo'], values: values.xl_pwm },
      ],
    },
  ];
}

function showPhase(phase: Phase, out: Output): void {
  if (phase.bitrates !== undefined) {
    showBitrates(phase, phase.bitrates, out);
    return;
  }
  if (phase.timing !== undefined) showTiming(phase, phase.timing, out);
  if (phase.limits !== undefined) showLimits(phase, phase.limits, out);
}

const BITRATES_A_LINE = 6;

function showBitrates({ letter, key, rates, timing }: Phase, bitrates: readonly number[], out: Output): void {
  const bitrate = timing?.bitrate ?? 0;
  out.newline();
  out.field(`${key}bittiming_bitrate`, bitrate, `\t  ${letter}bitrate ${bitrate}`);
  out.newline();
  out.list(rates, '\t     [');
  for (const [index, rate] of bitrates.entries()) {
    const startsLine = index > 0 && index % BITRATES_A_LINE === 0;
    if (index > 0) out.text(', ');
    if (startsLine) out.newline();
    out.item(rate, `${startsLine ? '\t      ' : ''}${String(rate).padStart(8)}`);
  }
  out.end(' ]');
}

/** The original keeps five characters. */
function samplePoint(thousandths: number): string {
  return (thousandths / 1000).toFixed(3).slice(0, 5);
}

function showTiming({ letter, key, extras }: Phase, timing: BitTiming, out: Output): void {
  const field = (name: keyof BitTiming, word: string, isLast = false) =>
    out.field(name, timing[name], `${letter}${word} ${timing[name]}${isLast ? '' : ' '}`);
  out.newline();
  out.open(`${key}bittiming`);
  out.text('\t  ');
  field('bitrate', 'bitrate');
  const point = samplePoint(timing.sample_point);
  out.field('sample_point', point, `${letter}sample-point ${point}`);
  out.newline();
  out.text('\t  ');
  field('tq', 'tq');
  field('prop_seg', 'prop-seg');
  field('phase_seg1', 'phase-seg1');
  field('phase_seg2', 'phase-seg2');
  field('sjw', 'sjw');
  field('brp', 'brp', true);
  for (const extra of extras) showExtraValues(extra, out);
  out.close();
}

function showExtraValues({ key, letter, keyPrefix, names, values }: Extra, out: Output): void {
  if (!names.some(name => values?.[name] !== undefined)) return;
  out.newline();
  out.open(key);
  out.text('\t ');
  for (const name of names) {
    const value = values?.[name] as number | undefined;
    if (value !== undefined) out.field(`${keyPrefix}${name}`, value, ` ${letter}${name} ${value}`);
  }
  out.close();
}

/** `MIN..MAX`, for people as signed numbers. */
function showRange(key: string, word: string, min: number, max: number, out: Output): void {
  out.open(key);
  out.field('min', min, ` ${word} ${min | 0}`);
  out.field('max', max, `..${max | 0}`);
  out.close();
}

function showLimits({ letter, key, extras }: Phase, limit: Limits, out: Output): void {
  out.newline();
  out.open(`${key}bittiming_const`);
  out.field('name', limit.name, `\t  ${limit.name}:`);
  showRange('tseg1', `${letter}tseg1`, limit.tseg1_min, limit.tseg1_max, out);
  showRange('tseg2', `${letter}tseg2`, limit.tseg2_min, limit.tseg2_max, out);
  showRange('sjw', `${letter}sjw`, 1, limit.sjw_max, out);
  showRange('brp', `${letter}brp`, limit.brp_min, limit.brp_max, out);
  out.field('brp_inc', limit.brp_inc, ` ${letter}brp_inc ${limit.brp_inc}`);
  for (const extra of extras) showExtraLimits(extra, out);
  out.close();
}

function showExtraLimits({ key, letter, names, values }: Extra, out: Output): void {
  if (values === undefined) return;
  out.newline();
  out.open(key);
  out.text('\t ');
  for (const name of names) {
    const [min, max] = [values[`${name}_min`], values[`${name}_max`]] as (number | undefined)[];
    if (min !== undefined && max !== undefined) showRange(name, `${letter}${name}`, min, max, out);
  }
  out.close();
}

function showTermination({ termination, termination_const: choices }: CanValues, out: Output): void {
  if (termination === undefined || choices === undefined) return;
  out.newline();
  out.field('termination', termination, `\t  termination ${termination} [ `);
  out.list('termination_const');
  for (const [index, choice] of choices.entries()) out.item(choice, `${index === 0 ? '' : ', '}${choice}`);
  out.end(' ]');
}

function showCan(values: CanValues, out: Output): void {
  showControlMode(values, out);
  const { state, berr_counter: errors, restart_ms: restartMs, clock } = values;
  if (state !== undefined) {
    const name = STATES[state] ?? 'UNKNOWN';
    out.field('state', name, `state ${name} `);
  }
  if (errors !== undefined) {
    out.open('berr_counter');
    out.field('tx', errors.tx, `(berr-counter tx ${errors.tx} `);
    out.field('rx', errors.rx, `rx ${errors.rx}) `);
    out.close();
  }
  if (restartMs !== undefined) out.field('restart_ms', restartMs, `restart-ms ${restartMs} `);
  for (const phase of phasesOf(values)) showPhase(phase, out);
  showTermination(values, out);
  if (clock !== undefined) {
    out.newline();
    out.field('clock', clock, `\t  clock ${clock} `);
  }
}

/** IFLA_INFO_XSTATS: its columns as the original orders them. */
const STATISTICS = [
  ['restarts', 're-started'],
  ['bus_error', 'bus-errors'],
  ['arbitration_lost', 'arbit-lost'],
  ['error_warning', 'error-warn'],
  ['error_passive', 'error-pass'],
  ['bus_off', 'bus-off'],
] as const;

function showStatistics(bytes: Buffer, out: Output): void {
  if (bytes.length < deviceStatistics.size) return;
  const counters = deviceStatistics.read(bytes, 0, bytes.length)!;
  out.newline();
  out.text(`\t  ${STATISTICS.map(([, word]) => word).join(' ')}`);
  out.newline();
  out.text('\t  ');
  for (const [index, [name]] of STATISTICS.entries()) {
    out.field(name, counters[name], `${index === 0 ? '' : ' '}${String(counters[name]).padEnd(10)}`);
  }
}

export const can = linkKind('can', usage, rows, {
  unknownWord: (word, kind) => `${kind}: unknown option "${word}"`,
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
  showStatistics,
});
