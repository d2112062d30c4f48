/** Tells k-space from complex images, and which samples of k-space were acquired, by looking at one slice. */
import type { NdArray } from '../../array/nd-array.ts';

/** Side of the central window as a part of each axis: 1/64 of the area. */
const WINDOW = 1 / 8;
/**
 * Part of the energy that lies in the window. An image spreads its energy over the object (1/64 of the area holds a few
 * per cent of it); k-space of an image gathers nearly all of it around the centre, undersampled or not.
 */
const CONCENTRATED = 0.35;

/** `slice`: [coil, row, column]. */
export function guessDomain(slice: NdArray<'complex64'>): 'kspace' | 'image' {
  return centralEnergy(slice) > CONCENTRATED ? 'kspace' : 'image';
}

/** Energy in the central window ÷ energy of all; 0 for an array of zeros. */
export function centralEnergy({ data, shape }: NdArray<'complex64'>): number {
  const [, rows, columns] = shape as [number, number, number];
  const inside = (i: number, n: number) => Math.abs(i - Math.floor(n / 2)) <= (n * WINDOW) / 2;
  let central = 0;
  let total = 0;
  for (let i = 0; i < data.length / 2; i++) {
    const energy = (data[2 * i] as number) ** 2 + (data[2 * i + 1] as number) ** 2;
    total += energy;
    if (inside(Math.floor(i / columns) % rows, rows) && inside(i % columns, columns)) central += energy;
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
