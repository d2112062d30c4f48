/** A drawn chest in a short-axis plane: a heart that beats and moves with the breath, a static wall. No person was scanned. */
import { zeros, type NdArray } from '../array/nd-array.ts';

export interface CineScan {
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  /** Heart beats over the whole series, and breaths. */
  readonly beats: number;
  readonly breaths: number;
}

/** An ellipse in units of half the field of view, y downwards; later ones cover earlier ones. */
interface Ellipse {
  readonly x: number;
  readonly y: number;
  readonly rx: number;
  readonly ry: number;
  readonly value: number;
}

const SIGNAL = { fat: 0.85, muscle: 0.35, lung: 0.05, blood: 1, liver: 0.5, bone: 0.2, marrow: 0.55 } as const;

/** Magnitude [row, column] of one frame, brightest 1; edges are one pixel soft. */
export function cineFrame({ rows, columns, frames, beats, breaths }: CineScan, frame: number): NdArray<'float32'> {
  const time = frame / frames;
  // Systole is shorter than diastole: a squared cosine bump.
  const squeeze = (0.5 - 0.5 * Math.cos(2 * Math.PI * beats * time)) ** 2;
  const breath = 0.5 - 0.5 * Math.cos(2 * Math.PI * breaths * time);
  const out = zeros('float32', [rows, columns]);
  for (const ellipse of chest(squeeze, breath)) paint(out, ellipse);
  return out;
}

function chest(squeeze: number, breath: number): readonly Ellipse[] {
  const rise = 0.03 * breath;
  const fall = 0.09 * breath;
  const heart = { x: -0.12, y: -0.05 + fall };
  const wall = 0.09 + 0.05 * squeeze;
  const pool = 0.2 - 0.075 * squeeze;
  return [
    { x: 0, y: -rise / 2, rx: 0.86, ry: 0.68 + rise / 2, value: SIGNAL.fat },
    { x: 0, y: -rise / 2, rx: 0.8, ry: 0.62 + rise / 2, value: SIGNAL.muscle },
    { x: -0.42, y: -0.02, rx: 0.3, ry: 0.46 + rise, value: SIGNAL.lung },
    { x: 0.42, y: -0.02, rx: 0.3, ry: 0.46 + rise, value: SIGNAL.lung },
    { x: 0.36, y: 0.3 + 0.7 * fall, rx: 0.28, ry: 0.15, value: SIGNAL.liver },
    { x: 0, y: 0.47, rx: 0.12, ry: 0.11, value: SIGNAL.bone },
    { x: 0, y: 0.47, rx: 0.085, ry: 0.075, value: SIGNAL.marrow },
    { x: 0.13, y: 0.3, rx: 0.06, ry: 0.06, value: SIGNAL.blood },
    { x: heart.x + 0.03, y: heart.y, rx: 0.37, ry: 0.34, value: SIGNAL.fat * 0.8 },
    { x: heart.x + 0.2, y: heart.y - 0.02, rx: 0.17 - 0.04 * squeeze, ry: 0.24 - 0.05 * squeeze, value: SIGNAL.blood * 0.95 },
    { x: heart.x, y: heart.y, rx: pool + wall, ry: pool + wall, value: SIGNAL.muscle },
    { x: heart.x, y: heart.y, rx: pool, ry: pool, value: SIGNAL.blood },
    { x: heart.x - 0.55 * pool, y: heart.y + 0.3 * pool, rx: 0.035, ry: 0.035, value: SIGNAL.muscle },
    { x: heart.x + 0.3 * pool, y: heart.y + 0.6 * pool, rx: 0.03, ry: 0.03, value: SIGNAL.muscle },
  ];
}

function paint({ shape, data }: NdArray<'float32'>, { x, y, rx, ry, value }: Ellipse): void {
  const [rows, columns] = shape as [number, number];
  // Distance from the edge in pixels, to first order.
  const sharpness = (Math.min(rx, ry) * Math.min(rows, columns)) / 2;
  for (let row = 0; row < rows; row++) {
    const v = ((2 * (row + 0.5)) / rows - 1 - y) / ry;
    for (let column = 0; column < columns; column++) {
      const u = ((2 * (column + 0.5)) / columns - 1 - x) / rx;
      const cover = Math.min(1, Math.max(0, 0.5 + (1 - Math.sqrt(u * u + v * v)) * sharpness));
      if (cover === 0) continue;
      const at = row * columns + column;
      data[at] = (data[at] as number) + cover * (value - (data[at] as number));
    }
  }
}
