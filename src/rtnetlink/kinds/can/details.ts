/** The details of CAN devices, as the original lays them out. */
import type { Switches, Values } from '../../../schema/facets.ts';
import type { Output } from '../../../schema/output.ts';
import type { ValueOf } from '../../../wire/codec.ts';
import { type BitTiming, type errorCounters, type Limits, MODES } from './attributes.ts';

/** The values of a device that are shown. */
export interface CanDetails {
  readonly ctrlmode?: Switches | undefined;
  readonly ctrlmode_ext?: { readonly supported?: number | undefined } | undefined;
  readonly state?: number | undefined;
  readonly berr_counter?: ValueOf<typeof errorCounters> | undefined;
  readonly restart_ms?: number | undefined;
  readonly clock?: number | undefined;
  readonly bittiming?: BitTiming | undefined;
  readonly bittiming_const?: Limits | undefined;
  readonly bitrate_const?: readonly number[] | undefined;
  readonly data_bittiming?: BitTiming | undefined;
  readonly data_bittiming_const?: Limits | undefined;
  readonly data_bitrate_const?: readonly number[] | undefined;
  readonly tdc?: Values | undefined;
  readonly xl_data_bittiming?: BitTiming | undefined;
  readonly xl_data_bittiming_const?: Limits | undefined;
  readonly xl_data_bitrate_const?: readonly number[] | undefined;
  readonly xl_tdc?: Values | undefined;
  readonly xl_pwm?: Values | undefined;
  readonly termination?: number | undefined;
  readonly termination_const?: readonly number[] | undefined;
}

const STATES = ['ERROR-ACTIVE', 'ERROR-WARNING', 'ERROR-PASSIVE', 'BUS-OFF', 'STOPPED', 'SLEEPING'];

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
function showControlMode({ ctrlmode, ctrlmode_ext: extension }: CanDetails, out: Output): void {
  if (ctrlmode === undefined) return;
  if (ctrlmode.flags !== 0) showModes('ctrlmode', ctrlmode.flags, out, true);
  const { supported } = extension ?? {};
  if (supported === undefined) return;
  if (supported !== 0) showModes('ctrlmode_supported', supported, out, false);
  const fixed = ctrlmode.flags & ~supported;
  if (fixed !== 0) showModes('ctrlmode_static', fixed, out, false);
}

/** One of the phases of a frame, each of which has its bit rate. */
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

function phasesOf(values: CanDetails): readonly Phase[] {
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
      // The original has the key of CAN FD here, too.
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

function showTermination({ termination, termination_const: choices }: CanDetails, out: Output): void {
  if (termination === undefined || choices === undefined) return;
  out.newline();
  out.field('termination', termination, `\t  termination ${termination} [ `);
  out.list('termination_const');
  for (const [index, choice] of choices.entries()) out.item(choice, `${index === 0 ? '' : ', '}${choice}`);
  out.end(' ]');
}

/** Prints the details of a device. */
export function showCan(values: CanDetails, out: Output): void {
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
