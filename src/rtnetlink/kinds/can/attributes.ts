/** What CAN devices are described by. Source: linux/can/netlink.h. Sample points are thousandths of a bit. */
import type { Switches } from '../../../schema/facets.ts';
import * as row from '../../../schema/row.ts';
import { table } from '../../../schema/table.ts';
import * as codec from '../../../wire/codec.ts';

/** struct can_bittiming. */
export const bitTiming = codec.struct({
  bitrate: codec.u32,
  sample_point: codec.u32,
  tq: codec.u32,
  prop_seg: codec.u32,
  phase_seg1: codec.u32,
  phase_seg2: codec.u32,
  sjw: codec.u32,
  brp: codec.u32,
});

export type BitTiming = codec.ValueOf<typeof bitTiming>;

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

export type Limits = codec.ValueOf<typeof limits> & { readonly name: string };

const NAME_LENGTH = 16;

/** struct can_bittiming_const: the name of the hardware, and what it can do. */
export const bitTimingLimits: codec.Codec<Limits> = {
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
export function array(item: codec.Codec<number>, size: number): codec.Codec<number[]> {
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
export const delayCompensation = table({
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
export const pulseWidth = table({
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
export const controlModeExtension = table({ supported: row.u32(1) });

/** struct can_ctrlmode. */
export const controlMode: codec.Codec<Switches> = codec.struct({ mask: codec.u32, flags: codec.u32 });

/** CAN_CTRLMODE_*, in print order. */
export const MODES: Readonly<Record<string, number>> = {
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

export const errorCounters = codec.struct({ tx: codec.u16, rx: codec.u16 });
