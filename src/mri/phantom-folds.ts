/** The folds of the cortex: sulci as the zero lines of band-limited noise. */
import { NoisePlane } from '../random/noise-plane.ts';
import type { Anatomy } from './phantom-anatomy.ts';
import { directionIndex, type HeadOutline } from './phantom-head.ts';
import { length, smoothMin } from './phantom-shapes.ts';
import { type BrainSlice, xOf, yOf } from './phantom-slice.ts';

/** Sulci of the convexity are followed down to this depth, mm. */
const DEEPEST = 38;
/** Sulci of the medial wall reach this far from the midline, mm. */
const MEDIAL = 11;

/**
 * Distance to the nearest sulcus less half its width, mm, for every pixel; 99 far inside. Two noise fields, whose zero
 * lines are the sulci: one in polar coordinates for the convexity, stretched along the depth, and one for the medial
 * wall.
 */
export function foldField(slice: BrainSlice, outline: HeadOutline, anatomy: Anatomy): Float32Array {
  const { rows, columns, z, seed } = slice;
  const convexity = new Float32Array(rows * columns);
  const medial = new Float32Array(rows * columns);
  const depths = new Float32Array(rows * columns).fill(-9);
  const folds = new NoisePlane(seed + 31, 1, z / 15, 40);
  const wiggle = new NoisePlane(seed + 32, 9, z, 110);
  const bendX = new NoisePlane(seed + 33, 26, z, 110);
  const bendY = new NoisePlane(seed + 34, 26, z, 110);
  const cingulate = new NoisePlane(seed + 36, 1, z / 15, 20);
  for (let row = 0; row < rows; row++) {
    const y = yOf(slice, row);
    for (let column = 0; column < columns; column++) {
      const x = xOf(slice, column);
      const i = row * columns + column;
      const depth = (outline.brain[directionIndex(x, y)] as number) - Math.sqrt(x * x + y * y);
      if (depth < -2) continue;
      depths[i] = depth;
      const bx = x + 4.5 * bendX.at(x, y);
      const by = y + 4.5 * bendY.at(x, y);
      if (depth < DEEPEST + 3) {
        // Along the surface in units of one fold, across it in units 2.4 times as long.
        const along = (Math.atan2(bx, -by) * 66) / 12.5;
        convexity[i] = folds.at(along, Math.sqrt(bx * bx + by * by) / 30) + 0.2 * wiggle.at(x, y);
      }
      if (Math.abs(x) < MEDIAL + 9) medial[i] = cingulate.at(bx / 16 + Math.sign(x) * 7, by / 11) + 0.1;
    }
  }
  const reach = new NoisePlane(seed + 35, 16, z, 110);
  const distance = new Float32Array(rows * columns).fill(99);
  for (let row = 1; row < rows - 1; row++) {
    const y = yOf(slice, row);
    for (let column = 1; column < columns - 1; column++) {
      const i = row * columns + column;
      const depth = depths[i] as number;
      if (depth < -1.5) continue;
      const x = xOf(slice, column);
      let nearest = 99;
      if (depth < DEEPEST) {
        const beyond = Math.max(0, depth - 19 - 13 * reach.at(x, y));
        nearest = length(zeroLineDistance(convexity, i, slice), beyond) - 0.3 - 0.9 * Math.exp(-depth / 4);
      }
      if (Math.abs(x) < MEDIAL + 6) {
        const [front, back] = anatomy.fissureEnds;
        const inCallosum = Math.max(0, Math.min(y - front + 4, back + 4 - y));
        const beyond = Math.max(0, Math.abs(x) - MEDIAL - 5 * reach.at(y, x)) + inCallosum;
        const shallow = Math.max(0, 13 - depth);
        nearest = smoothMin(nearest, length(length(zeroLineDistance(medial, i, slice), beyond), shallow) - 0.35, 2);
      }
      distance[i] = nearest;
    }
  }
  return distance;
}

/** First-order distance to the nearest zero line: |f| / |grad f|, the slope bounded below where the field is flat. */
function zeroLineDistance(field: Float32Array, i: number, { columns, rowSpacing, columnSpacing }: BrainSlice): number {
  const gx = ((field[i + 1] as number) - (field[i - 1] as number)) / (2 * columnSpacing);
  const gy = ((field[i + columns] as number) - (field[i - columns] as number)) / (2 * rowSpacing);
  return Math.abs(field[i] as number) / Math.max(Math.sqrt(gx * gx + gy * gy), 0.02);
}
