/**
 * Measurement data headers, one in front of every readout, little-endian. VB: 128 bytes before the samples of each channel.
 * VD and later: a scan header of 192 bytes, then 32 bytes before the samples of each channel. Samples are pairs of float32.
 * Offsets after the sMDH and sScanHeader structures that the vendor hands to sequence programmers.
 */

/** Bits of the evaluation mask. Bits above 31 live in `high`. */
export const BIT = {
  acquisitionEnd: 0,
  feedbackRt: 1,
  feedbackHp: 2,
  syncData: 5,
  rawDataCorrection: 10,
  phaseStabilizationReference: 14,
  phaseStabilization: 15,
  phaseCorrection: 21,
  calibration: 22,
  calibrationAndImaging: 23,
  reflect: 24,
  noise: 25,
  multibandReference: 38,
  multibandPhaseCorrection: 39,
  dummy: 51,
} as const;

export type Vector = readonly [number, number, number];

/** Where a slice lies: its centre in patient coordinates (LPS, mm), and the quaternion (w, x, y, z) of its orientation. */
export interface SlicePlace {
  readonly position: Vector;
  readonly quaternion: readonly [number, number, number, number];
}

/** One readout of all channels. */
export interface Scan {
  /** Of its first header in the file. */
  readonly offset: number;
  readonly flags: number;
  readonly high: number;
  readonly samples: number;
  readonly channels: number;
  readonly line: number;
  readonly average: number;
  readonly slice: number;
  readonly partition: number;
  readonly echo: number;
  readonly phase: number;
  readonly repetition: number;
  readonly set: number;
  readonly segment: number;
  /** Samples before the first and after the last good one. */
  readonly cutBefore: number;
  readonly cutAfter: number;
  readonly centreColumn: number;
  readonly centreLine: number;
  readonly centrePartition: number;
}

export interface ScanLayout {
  readonly version: 'VB' | 'VD';
  /** Before the first channel. */
  readonly scanHeader: number;
  /** Before the samples of each channel. */
  readonly channelHeader: number;
  /** Bytes of a header that are looked at. */
  readonly look: number;
  readonly mask: number;
  readonly counts: number;
  readonly counters: number;
  readonly cut: number;
  readonly centreColumn: number;
  readonly centreLine: number;
  readonly place: number;
}

export const VB: ScanLayout = {
  version: 'VB', scanHeader: 0, channelHeader: 128, look: 128, mask: 20, counts: 28, counters: 32, cut: 60, centreColumn: 64, centreLine: 76, place: 96,
};
export const VD: ScanLayout = {
  version: 'VD', scanHeader: 192, channelHeader: 32, look: 192, mask: 40, counts: 48, counters: 52, cut: 80, centreColumn: 84, centreLine: 96, place: 100,
};

const BYTES_PER_SAMPLE = 8;

export function hasBit(scan: { readonly flags: number; readonly high: number }, bit: number): boolean {
  return bit < 32 ? ((scan.flags >>> bit) & 1) === 1 : ((scan.high >>> (bit - 32)) & 1) === 1;
}

/** The header at `at` in `view`; `offset` is where that is in the file. */
export function parseScan(view: DataView, at: number, layout: ScanLayout, offset: number): Scan {
  const short = (from: number): number => view.getUint16(at + from, true);
  const counter = (i: number): number => short(layout.counters + 2 * i);
  return {
    offset,
    flags: view.getUint32(at + layout.mask, true),
    high: view.getUint32(at + layout.mask + 4, true),
    samples: short(layout.counts),
    channels: short(layout.counts + 2),
    line: counter(0),
    average: counter(1),
    slice: counter(2),
    partition: counter(3),
    echo: counter(4),
    phase: counter(5),
    repetition: counter(6),
    set: counter(7),
    segment: counter(8),
    cutBefore: short(layout.cut),
    cutAfter: short(layout.cut + 2),
    centreColumn: short(layout.centreColumn),
    centreLine: short(layout.centreLine),
    centrePartition: short(layout.centreLine + 2),
  };
}

export function parsePlace(view: DataView, at: number, { place }: ScanLayout): SlicePlace {
  const float = (i: number): number => view.getFloat32(at + place + 4 * i, true);
  return { position: [float(0), float(1), float(2)], quaternion: [float(3), float(4), float(5), float(6)] };
}

/** Of a readout with its headers. The length field of the header is not used: packed readouts state the length of the pack. */
export function scanBytes({ samples, channels }: { readonly samples: number; readonly channels: number }, layout: ScanLayout): number {
  return layout.scanHeader + channels * (layout.channelHeader + BYTES_PER_SAMPLE * samples);
}

/** The low 25 bits of the first word: bytes of a packet that holds no readout (the end mark, synchronous data), its header included. */
export function statedBytes(view: DataView, at: number): number {
  return view.getUint32(at, true) & 0x01ff_ffff;
}
