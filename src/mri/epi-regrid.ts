/**
 * Samples taken on the ramps of a trapezoidal gradient lie closer together in k-space than those on its plateau. They are put
 * on an even grid over the same extent: the image on the part of the field of view that the widest spacing still resolves
 * (Δk ≤ 1/FOV) is fitted to them by least squares, and transformed. The operator is made once for a readout of n samples.
 */
import { type NdArray, zeros } from '../array/nd-array.ts';
import type { ReadoutRamp } from '../array/recording.ts';
import { LacunaError } from '../errors.ts';
import { cholesky, solveCholesky } from './cholesky.ts';

/** Against the mean of the diagonal; keeps the fit stable where the spacing just suffices. */
const DAMPING = 1e-4;
const MOST_SAMPLES = 1024;

/** [to][from], interleaved complex: forward readouts, and backward ones after they were turned round. */
export interface Regridding {
  readonly forward: Float64Array;
  readonly backward: Float64Array;
  readonly samples: number;
}

/**
 * Where the samples lie, in grid units about the middle of the grid: the area under the trapezoid up to the middle of each
 * dwell time, less that up to the middle of the trapezoid; the first and last span n − 1 units.
 */
export function rampPositions(ramp: ReadoutRamp, samples: number): Float64Array {
  const middle = areaUnder(ramp, (ramp.up + ramp.flat + ramp.down) / 2);
  const areas = Float64Array.from({ length: samples }, (_, i) => areaUnder(ramp, ramp.delay + ((i + 0.5) * ramp.duration) / samples) - middle);
  const extent = (areas[samples - 1] as number) - (areas[0] as number);
  return areas.map((area) => (area * (samples - 1)) / extent);
}

/** Of the gradient with plateau 1, from its start to time t. */
function areaUnder({ up, flat, down }: ReadoutRamp, t: number): number {
  const rise = Math.min(t, up);
  const level = Math.min(Math.max(t - up, 0), flat);
  const fall = Math.min(Math.max(t - up - flat, 0), down);
  return (up > 0 ? (rise * rise) / (2 * up) : 0) + level + fall - (down > 0 ? (fall * fall) / (2 * down) : 0);
}

/** Throws `input.unsupported` for ramps without extent or readouts that are too long. */
export function makeRegridding(ramp: ReadoutRamp, samples: number): Regridding {
  if (samples < 8 || samples > MOST_SAMPLES) {
    throw new LacunaError('input.unsupported', `Readouts of ${samples} samples are not regridded; 8 to ${MOST_SAMPLES} are.`, { field: 'readoutRamp' });
  }
  const positions = rampPositions(ramp, samples);
  if (!positions.every(Number.isFinite)) throw new LacunaError('input.unsupported', 'The readout gradient has no area under the samples.', { field: 'readoutRamp' });
  const turned = Float64Array.from(positions, (_, i) => -(positions[samples - 1 - i] as number));
  return { forward: operatorFor(positions), backward: operatorFor(turned), samples };
}

/** E_even (EᴴE + λ)⁻¹ Eᴴ with E[i][x] = exp(−2πi u_i x/n), x over the part of the field of view that is resolved. */
function operatorFor(positions: Float64Array): Float64Array {
  const n = positions.length;
  let widest = 1;
  for (let i = 1; i < n; i++) widest = Math.max(widest, Math.abs((positions[i] as number) - (positions[i - 1] as number)));
  const width = Math.max(1, Math.floor(n / widest));
  const first = -Math.floor(width / 2);
  // Of a Toeplitz matrix: EᴴE[x][y] depends on x − y alone.
  const gram = new Float64Array(2 * width);
  for (let d = 0; d < width; d++) {
    for (const u of positions) {
      gram[2 * d] = (gram[2 * d] as number) + Math.cos((2 * Math.PI * u * d) / n);
      gram[2 * d + 1] = (gram[2 * d + 1] as number) + Math.sin((2 * Math.PI * u * d) / n);
    }
  }
  const matrix = new Float64Array(2 * width * width);
  for (let x = 0; x < width; x++) {
    for (let y = 0; y <= x; y++) {
      matrix[2 * (x * width + y)] = (gram[2 * (x - y)] as number) + (x === y ? DAMPING * n : 0);
      matrix[2 * (x * width + y) + 1] = gram[2 * (x - y) + 1] as number;
    }
  }
  if (!cholesky(matrix, width)) throw new LacunaError('input.unsupported', 'The samples on the ramps do not determine the readout.', { field: 'readoutRamp' });
  const out = new Float64Array(2 * n * n);
  const column = new Float64Array(2 * width);
  // exp(2πi j x/n) of the even grid j − (n − 1)/2.
  for (let i = 0; i < n; i++) {
    for (let x = 0; x < width; x++) {
      const angle = (2 * Math.PI * (positions[i] as number) * (first + x)) / n;
      column[2 * x] = Math.cos(angle);
      column[2 * x + 1] = Math.sin(angle);
    }
    solveCholesky(matrix, width, column);
    for (let j = 0; j < n; j++) {
      // One turn more for each x: a rotation instead of a cosine each time.
      const step = (-2 * Math.PI * (j - (n - 1) / 2)) / n;
      let [c, s] = [Math.cos(step * first), Math.sin(step * first)];
      const [dc, ds] = [Math.cos(step), Math.sin(step)];
      let [re, im] = [0, 0];
      for (let x = 0; x < width; x++) {
        const [a, b] = [column[2 * x] as number, column[2 * x + 1] as number];
        re += a * c - b * s;
        im += a * s + b * c;
        [c, s] = [c * dc - s * ds, c * ds + s * dc];
      }
      out[2 * (j * n + i)] = re;
      out[2 * (j * n + i) + 1] = im;
    }
  }
  return out;
}

/** `kspace` [coil, row, column] on the even grid. A new array. `backwards`: one value a column. Throws `internal` for other sizes. */
export function regrid(kspace: NdArray<'complex64'>, backwards: Uint8Array, { forward, backward, samples }: Regridding): NdArray<'complex64'> {
  const [coils, rows, columns] = kspace.shape as [number, number, number];
  if (rows !== samples) throw new LacunaError('internal', `Regridding was made for ${samples} samples, not ${rows}.`);
  const out = zeros('complex64', kspace.shape);
  const line = new Float64Array(2 * rows);
  for (let coil = 0; coil < coils; coil++) {
    for (let column = 0; column < columns; column++) {
      const at = (row: number): number => 2 * ((coil * rows + row) * columns + column);
      for (let row = 0; row < rows; row++) line.set([kspace.data[at(row)] as number, kspace.data[at(row) + 1] as number], 2 * row);
      const operator = backwards[column] === 1 ? backward : forward;
      for (let j = 0; j < rows; j++) {
        let [re, im] = [0, 0];
        for (let i = 0; i < rows; i++) {
          const k = 2 * (j * rows + i);
          const [a, b, c, d] = [operator[k] as number, operator[k + 1] as number, line[2 * i] as number, line[2 * i + 1] as number];
          re += a * c - b * d;
          im += a * d + b * c;
        }
        out.data[at(j)] = re;
        out.data[at(j) + 1] = im;
      }
    }
  }
  return out;
}
