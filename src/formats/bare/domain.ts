/** Tells k-space from complex images, and which samples of k-space were acquired, by looking at one slice. */
import type { NdArray } from '../../array/nd-array.ts';

/** Side of the window around the peak as a part of each axis: 1/64 of the area. */
const WINDOW = 1 / 8;
/**
 * Part of the energy that lies in the window. An image spreads its energy over the object (1/64 of the area holds a few
 * per cent of it); k-space of an image gathers nearly all of it around the centre, undersampled or not.
 */
const CONCENTRATED = 0.35;

export interface Peak {
  readonly row: number;
  readonly column: number;
  /** How far it lies from ⌊n/2⌋, in samples, taken round the edge where that is nearer. */
  readonly offset: readonly [number, number];
  /** Energy in the window around it (which goes round the edges) ÷ energy of all; 0 for an array of zeros. */
  readonly concentration: number;
}

/** `slice`: [coil, row, column]. k-space has its peak in the middle, or, where nobody shifted it, in the corners. */
export function guessDomain(slice: NdArray<'complex64'>): 'kspace' | 'image' {
  if (centralEnergy(slice) > CONCENTRATED) return 'kspace';
  return isKspacePeak(energyPeak(slice), slice.shape) ? 'kspace' : 'image';
}

/** Whether a concentrated peak lies where only that of k-space does: near the centre, or at the corners. */
function isKspacePeak({ concentration, offset }: Peak, shape: readonly number[]): boolean {
  if (concentration <= CONCENTRATED) return false;
  const sides = shape.slice(-2);
  const near = offset.every((shift, axis) => Math.abs(shift) <= (sides[axis] as number) * WINDOW);
  const corner = offset.every((shift, axis) => Math.abs(shift) >= (sides[axis] as number) / 2 - 1);
  return near || corner;
}

/** Energy in the central window ÷ energy of all; 0 for an array of zeros. */
export function centralEnergy(slice: NdArray<'complex64'>): number {
  const [, rows, columns] = slice.shape as [number, number, number];
  return concentrationAt(energyMap(slice), rows, columns, Math.floor(rows / 2), Math.floor(columns / 2));
}

/** Where most of the energy of all coils is. */
export function energyPeak(slice: NdArray<'complex64'>): Peak {
  const [, rows, columns] = slice.shape as [number, number, number];
  const energy = energyMap(slice);
  let at = 0;
  for (let i = 1; i < energy.length; i++) if ((energy[i] as number) > (energy[at] as number)) at = i;
  const [row, column] = [Math.floor(at / columns), at % columns];
  const offset = [row - Math.floor(rows / 2), column - Math.floor(columns / 2)] as const;
  return { row, column, offset, concentration: concentrationAt(energy, rows, columns, row, column) };
}

/** Energy of all coils, [row, column]; what is no number counts as none. */
export function energyMap({ data, shape }: NdArray<'complex64'>): Float64Array {
  const [, rows, columns] = shape as [number, number, number];
  const energy = new Float64Array(rows * columns);
  for (let i = 0; i < data.length / 2; i++) {
    const value = (data[2 * i] as number) ** 2 + (data[2 * i + 1] as number) ** 2;
    if (Number.isFinite(value)) energy[i % energy.length] = (energy[i % energy.length] as number) + value;
  }
  return energy;
}

function concentrationAt(energy: Float64Array, rows: number, columns: number, row: number, column: number): number {
  const inside = (i: number, peak: number, n: number) => {
    const apart = Math.abs(i - peak);
    return Math.min(apart, n - apart) <= (n * WINDOW) / 2;
  };
  let central = 0;
  let total = 0;
  for (let i = 0; i < energy.length; i++) {
    total += energy[i] as number;
    if (inside(Math.floor(i / columns), row, rows) && inside(i % columns, column, columns)) central += energy[i] as number;
  }
  return total > 0 ? central / total : 0;
}

export interface AcquiredSamples {
  /** One value per column; null where all columns were acquired or lines cannot tell. */
  readonly lines: Uint8Array | null;
  /** One value per [row, column]; null where lines say it all. */
  readonly points: Uint8Array | null;
  readonly fraction: number;
}

/** Samples that are exactly zero in every coil were not acquired. */
export function findAcquired({ data, shape }: NdArray<'complex64'>): AcquiredSamples {
  const [, rows, columns] = shape as [number, number, number];
  const points = new Uint8Array(rows * columns);
  for (let i = 0; i < data.length / 2; i++) if (data[2 * i] !== 0 || data[2 * i + 1] !== 0) points[i % points.length] = 1;
  const kept = points.reduce((sum, value) => sum + value, 0);
  const fraction = kept / points.length;
  // Nothing at all: an empty slice says nothing about the sampling.
  if (kept === 0 || kept === points.length) return { lines: null, points: null, fraction: kept === 0 ? 1 : fraction };
  const lines = new Uint8Array(columns);
  for (let c = 0; c < columns; c++) {
    let inColumn = 0;
    for (let r = 0; r < rows; r++) inColumn += points[r * columns + c] as number;
    if (inColumn !== 0 && inColumn !== rows) return { lines: null, points, fraction };
    lines[c] = inColumn === 0 ? 0 : 1;
  }
  return { lines, points: null, fraction };
}
