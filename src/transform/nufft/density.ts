/**
 * Density compensation: how much of k-space each sample stands for, in cells of the Cartesian grid (1 for every sample of a
 * Cartesian scan), by the fixed point of Pipe and Menon, Magn Reson Med 1999;41:179: w ← w / (G Gᴴ w) with a gridding kernel.
 */
import type { Trajectory } from '../../array/trajectory.ts';
import { kaiserBesselBeta, kaiserBesselTable } from './kaiser-bessel.ts';

/**
 * The kernel reaches 1⅓ cells either way. Wider ones (SigPy: 2 cells) cannot follow the cusp of radial density and count the centre
 * several times, which adds a constant to the image; with 1.5 points a cell its transform vanishes one field of view away.
 */
const WIDTH = 4;
const OVERSAMPLING = 1.5;

/**
 * float32, one weight a sample in the order of the points. Where samples lie farther apart than the kernel reaches, a weight stops
 * growing with the distance: what was not measured is left out, as in a zero-filled image. 10 to 30 iterations are usual.
 */
export function pipeMenon({ points }: Trajectory, iterations = 15): Float32Array {
  const taps = placeTaps(points.data.map((k) => k * OVERSAMPLING));
  const count = points.data.length / 2;
  const weights = new Float64Array(count).fill(1);
  const grid = new Float64Array(taps.rows * taps.columns);
  for (let iteration = 0; iteration < iterations; iteration++) {
    grid.fill(0);
    for (let m = 0; m < count; m++) {
      const weight = weights[m] as number;
      for (let q = 0, at = taps.first[m] as number; q < WIDTH; q++, at += taps.columns) {
        const u = weight * (taps.down[WIDTH * m + q] as number);
        for (let t = 0; t < WIDTH; t++) grid[at + t] = (grid[at + t] as number) + u * (taps.across[WIDTH * m + t] as number);
      }
    }
    for (let m = 0; m < count; m++) {
      let density = 0;
      for (let q = 0, at = taps.first[m] as number; q < WIDTH; q++, at += taps.columns) {
        let line = 0;
        for (let t = 0; t < WIDTH; t++) line += (grid[at + t] as number) * (taps.across[WIDTH * m + t] as number);
        density += line * (taps.down[WIDTH * m + q] as number);
      }
      // A sample always meets itself, so the density is positive.
      weights[m] = (weights[m] as number) / density;
    }
  }
  return Float32Array.from(weights, (weight) => weight / OVERSAMPLING ** 2);
}

interface Taps {
  readonly rows: number;
  readonly columns: number;
  /** Index of the first grid point a sample touches. */
  readonly first: Int32Array;
  readonly down: Float32Array;
  readonly across: Float32Array;
}

/** On a grid just large enough not to wrap: samples at opposite edges of k-space are no neighbours. */
function placeTaps(points: Float32Array): Taps {
  const count = points.length / 2;
  const [low, high] = [[Infinity, Infinity], [-Infinity, -Infinity]] as [[number, number], [number, number]];
  for (let i = 0; i < points.length; i++) {
    const axis = (i & 1) as 0 | 1;
    low[axis] = Math.min(low[axis], points[i] as number);
    high[axis] = Math.max(high[axis], points[i] as number);
  }
  const start = low.map((k) => Math.ceil(k - WIDTH / 2)) as [number, number];
  const length = (axis: 0 | 1): number => Math.ceil(high[axis] - WIDTH / 2) + WIDTH - start[axis];
  const [rows, columns] = [length(0), length(1)];
  const kernel = unitKernel();
  const taps = { rows, columns, first: new Int32Array(count), down: new Float32Array(WIDTH * count), across: new Float32Array(WIDTH * count) };
  for (let m = 0; m < count; m++) {
    const [k0, k1] = [points[2 * m] as number, points[2 * m + 1] as number];
    const [row, column] = [Math.ceil(k0 - WIDTH / 2), Math.ceil(k1 - WIDTH / 2)];
    taps.first[m] = (row - start[0]) * columns + column - start[1];
    for (let t = 0; t < WIDTH; t++) {
      taps.down[WIDTH * m + t] = kernel(row + t - k0);
      taps.across[WIDTH * m + t] = kernel(column + t - k1);
    }
  }
  return taps;
}

/** The kernel with ∫ κ = 1, which makes the weights areas. */
function unitKernel(): (u: number) => number {
  const kernel = kaiserBesselTable(WIDTH, kaiserBesselBeta(WIDTH, OVERSAMPLING));
  const steps = 4096;
  let integral = 0;
  for (let i = 0; i < steps; i++) integral += (kernel(((i + 0.5) / steps - 0.5) * WIDTH) * WIDTH) / steps;
  return (u) => kernel(u) / integral;
}
