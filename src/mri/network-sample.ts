/**
 * A made-up acquisition of any size, on which somebody's network is tried before it is taken and on which an execution provider
 * must agree with CPU: a smooth object with an edge, coils that lie around it, every other line or a checkerboard outside a full centre.
 */
import { zeros, type NdArray } from '../array/nd-array.ts';
import { coils as coilOperator } from '../operators/coils.ts';
import { fft2c } from '../transform/fft.ts';
import { fixedAxis, type NetworkShape } from './network-fit.ts';
import type { MriMeasurement } from './measurement.ts';

export interface SampleSize {
  readonly rows: number;
  readonly columns: number;
  readonly coils: number;
}

/** A size that the network takes: small, not square, and an odd number of times `multiple` where it leaves that open. */
export function sampleSize(network: NetworkShape): SampleSize {
  const multiple = network.multiple ?? 1;
  const side = (axis: 'rows' | 'columns', about: number): number =>
    fixedAxis(network, axis) ?? fixedAxis(network, `spectrum_${axis}`) ?? (2 * Math.floor(about / multiple / 2) + 1) * multiple;
  return { rows: side('rows', 48), columns: side('columns', 70), coils: fixedAxis(network, 'coils') ?? 2 };
}

/** Deterministic; about half of the samples are kept. */
export function sampleMeasurement({ rows, columns, coils }: SampleSize, kind: 'lines' | 'points'): MriMeasurement {
  const centre = { rows: kind === 'lines' ? ([0, rows] as const) : middle(rows), columns: middle(columns) };
  const kspace = fft2c(coilOperator(sensitivities(coils, rows, columns)).apply(object(rows, columns)));
  const mask = Uint8Array.from({ length: kind === 'lines' ? columns : rows * columns }, (_, i) => {
    const [r, c] = kind === 'lines' ? [0, i] : [Math.floor(i / columns), i % columns];
    const central = c >= centre.columns[0] && c < centre.columns[1] && (kind === 'lines' || (r >= centre.rows[0] && r < centre.rows[1]));
    return central || (r + c) % 2 === 0 ? 1 : 0;
  });
  for (let i = 0; i < kspace.data.length; i++) if (mask[(i >> 1) % mask.length] === 0) kspace.data[i] = 0;
  const kept = mask.reduce((sum, flag) => sum + flag, 0);
  const achieved = mask.length / kept;
  return { kspace, output: { rows, columns }, pattern: { kind, rows, columns, mask, nominal: achieved, achieved, kept, total: mask.length, centre } };
}

/** About a third around the middle, 8 at least. */
function middle(n: number): readonly [number, number] {
  const half = Math.min(n >> 1, Math.max(4, Math.round(n / 6)));
  return [Math.floor(n / 2) - half, Math.floor(n / 2) + half];
}

/** An ellipse with a dark disc and a phase ramp, height 1. */
function object(rows: number, columns: number): NdArray<'complex64'> {
  const image = zeros('complex64', [rows, columns]);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const [y, x] = [(r - rows / 2) / rows, (c - columns / 2) / columns];
      if (x * x + y * y * 0.8 > 0.16) continue;
      const height = (x - 0.1) ** 2 + y * y < 0.01 ? 0.3 : 1 - x * x;
      image.data.set([height * Math.cos(2 * x + y), height * Math.sin(2 * x + y)], 2 * (r * columns + c));
    }
  }
  return image;
}

/** Smooth, on a circle around the object, of unit root-sum-of-squares; one coil sees everything alike. */
function sensitivities(coils: number, rows: number, columns: number): NdArray<'complex64'> {
  const maps = zeros('complex64', [coils, rows, columns]);
  const plane = rows * columns;
  for (let i = 0; i < plane; i++) {
    const [y, x] = [(Math.floor(i / columns) - rows / 2) / rows, ((i % columns) - columns / 2) / columns];
    let power = 0;
    for (let coil = 0; coil < coils; coil++) {
      const turn = (2 * Math.PI * coil) / coils;
      const height = coils === 1 ? 1 : Math.exp(-2 * ((x - 0.6 * Math.cos(turn)) ** 2 + (y - 0.6 * Math.sin(turn)) ** 2));
      power += height ** 2;
      maps.data.set([height * Math.cos(turn), height * Math.sin(turn)], 2 * (coil * plane + i));
    }
    const by = 1 / Math.sqrt(power);
    for (let coil = 0; coil < coils; coil++) {
      const at = 2 * (coil * plane + i);
      maps.data[at] = by * (maps.data[at] as number);
      maps.data[at + 1] = by * (maps.data[at + 1] as number);
    }
  }
  return maps;
}
