/** The layers around the brain as functions of the direction from the head's middle, at one height. */
import { NoisePlane } from '../random/noise-plane.ts';

const ANGLES = 1024;

/** Radii in mm, from the outside in; one value per direction. */
export interface HeadOutline {
  readonly skin: Float64Array;
  readonly fat: Float64Array;
  readonly muscle: Float64Array;
  readonly outerTable: Float64Array;
  readonly marrow: Float64Array;
  readonly innerTable: Float64Array;
  readonly dura: Float64Array;
  /** Convex envelope of the brain; sulci cut into it. */
  readonly brain: Float64Array;
}

/** Index into the outline's arrays for the direction (x, y), x to the patient's left, y to the back. */
export function directionIndex(x: number, y: number): number {
  return Math.floor((Math.atan2(x, y) / (2 * Math.PI) + 0.5) * (ANGLES - 1e-9));
}

/** Half-axes of the head at its widest section, mm. */
const WIDTH = 77;
const LENGTH = 96;
/** Height of the vertex above that section. */
const VERTEX = 92;

export function headOutline(z: number, seed: number): HeadOutline {
  const size = Math.sqrt(Math.max(1 - (z / VERTEX) ** 2, 0.05));
  const make = () => new Float64Array(ANGLES);
  const outline: HeadOutline = {
    skin: make(),
    fat: make(),
    muscle: make(),
    outerTable: make(),
    marrow: make(),
    innerTable: make(),
    dura: make(),
    brain: make(),
  };
  const shape = new NoisePlane(seed + 11, 55, z, 100);
  const layers = new NoisePlane(seed + 12, 24, z, 100);
  for (let i = 0; i < ANGLES; i++) {
    const angle = ((i + 0.5) / ANGLES - 0.5) * 2 * Math.PI;
    const sx = Math.sin(angle);
    const sy = Math.cos(angle);
    const head = size * ovalRadius(sx, sy) + 2.4 * shape.at(sx * 80, sy * 80);
    const vary = layers.at(sx * 80, sy * 80);
    const other = layers.at(sx * 40 + 50, sy * 40 - 50);
    const back = Math.max(sy, 0);
    const temple = temporalis(sx, sy) * Math.max(0, 1 - z / 34);
    const table = 1.5 + 0.4 * back;
    let radius = head;
    const take = (thickness: number) => {
      radius -= thickness;
      return radius;
    };
    outline.skin[i] = radius;
    outline.fat[i] = take(1.7);
    outline.muscle[i] = take(2.3 + 1.9 * back * back + 1.3 * vary + 0.02 * z);
    outline.outerTable[i] = take(0.9 + 6.5 * temple);
    outline.marrow[i] = take(table);
    outline.innerTable[i] = take(Math.max(0.5, 2.6 + 1.7 * other + 1.2 * back - 2.4 * temple));
    outline.dura[i] = take(table);
    outline.brain[i] = take(2.3 + 0.9 * Math.abs(sy) + 0.9 * vary);
  }
  return outline;
}

/** An egg, broader behind, slightly squarer than an ellipse, a little fuller on one side. */
function ovalRadius(sx: number, sy: number): number {
  const a = WIDTH * (1 + 0.075 * sy + 0.012 * sx);
  const p = 2.2;
  return (Math.abs(sx / a) ** p + Math.abs(sy / LENGTH) ** p) ** (-1 / p);
}

/** 0 to 1: how much of the temporal muscle lies in this direction (to the sides, before the middle). */
function temporalis(sx: number, sy: number): number {
  const angle = Math.atan2(Math.abs(sx), -sy);
  const t = Math.min(Math.abs(angle - 1.15) / 0.62, 1);
  return (1 - t * t) ** 2;
}
