/** A drawn section of a thigh in a hyperthermia applicator: muscle, a tumour in it, bone, and fat that does not shift with temperature. */
import { zeros, type NdArray } from '../../array/nd-array.ts';

interface Part {
  /** In units of half the field of view, y downwards. */
  readonly x: number;
  readonly y: number;
  readonly rx: number;
  readonly ry: number;
  readonly signal: number;
  /** Share of the signal that is water, whose resonance shifts. */
  readonly water: number;
}

/** Later parts cover earlier ones. Muscle is 1, so that SNR is that of muscle. */
const PARTS: readonly Part[] = [
  { x: 0, y: 0, rx: 0.78, ry: 0.7, signal: 0.8, water: 0 },
  { x: 0, y: 0, rx: 0.69, ry: 0.61, signal: 1, water: 1 },
  { x: -0.3, y: 0.2, rx: 0.14, ry: 0.14, signal: 0.12, water: 0 },
  { x: -0.3, y: 0.2, rx: 0.08, ry: 0.08, signal: 0.7, water: 0 },
  { x: 0.02, y: -0.42, rx: 0.3, ry: 0.02, signal: 0.75, water: 0 },
  { x: 0.18, y: -0.06, rx: 0.2, ry: 0.17, signal: 0.9, water: 1 },
  { x: -0.1, y: -0.24, rx: 0.045, ry: 0.045, signal: 0.55, water: 1 },
  { x: 0.44, y: 0.22, rx: 0.05, ry: 0.04, signal: 0.6, water: 1 },
  { x: 0.05, y: 0.42, rx: 0.035, ry: 0.06, signal: 0.6, water: 1 },
];

/** Middle of the tumour, as a share of the field of view. */
export const TUMOUR = { x: (1 + 0.18) / 2, y: (1 - 0.06) / 2 } as const;

export interface Section {
  /** Magnitude at TE = 0, [row, column]; edges are one pixel soft. */
  readonly signal: NdArray<'float32'>;
  /** Share of the signal that shifts with temperature, 0–1. */
  readonly water: NdArray<'float32'>;
}

export function thighSection(rows: number, columns: number): Section {
  const signal = zeros('float32', [rows, columns]);
  const water = zeros('float32', [rows, columns]);
  for (const part of PARTS) {
    const sharpness = (Math.min(part.rx, part.ry) * Math.min(rows, columns)) / 2;
    for (let i = 0; i < signal.data.length; i++) {
      const u = ((2 * ((i % columns) + 0.5)) / columns - 1 - part.x) / part.rx;
      const v = ((2 * (Math.floor(i / columns) + 0.5)) / rows - 1 - part.y) / part.ry;
      const cover = Math.min(1, Math.max(0, 0.5 + (1 - Math.sqrt(u * u + v * v)) * sharpness));
      if (cover === 0) continue;
      const before = signal.data[i] as number;
      const after = before + cover * (part.signal - before);
      // Of a pixel that two tissues share, each counts with its signal.
      const shifted = (1 - cover) * before * (water.data[i] as number) + cover * part.signal * part.water;
      signal.data[i] = after;
      water.data[i] = after > 0 ? shifted / after : 0;
    }
  }
  return { signal, water };
}
