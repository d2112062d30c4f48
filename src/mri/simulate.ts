/**
 * Multi-coil acquisition of an image by simulation: smooth object phase, receive coils around the head, Fourier
 * transform, complex Gaussian noise. y_c = F (S_c · m · e^{iφ}) + n_c, with Σ_c |S_c|² = 1 at every pixel.
 */
import { type NdArray, zeros } from '../array/nd-array.ts';
import { LacunaError } from '../errors.ts';
import { NoisePlane } from '../random/noise-plane.ts';
import { Random } from '../random/xoshiro.ts';
import { fft2c } from '../transform/fft.ts';

const PHASE = 0x70686173;
const NOISE = 0x6e6f6973;

/**
 * Receive sensitivities, [coil, row, column], unit root-sum-of-squares at every pixel. The coils stand on an ellipse
 * just outside the field of view; each falls off as a loop does on its axis, (1 + d²/a²)^(−3/2), and carries the phase
 * of its direction plus a slow gradient, as the elements of a birdcage array do. One coil is 1 everywhere.
 */
export function coilMaps(coils: number, rows: number, columns: number, seed: number): NdArray<'complex64'> {
  if (!Number.isInteger(coils) || coils < 1) {
    throw new LacunaError('usage.invalid', `coils must be a whole number from 1, got ${coils}`, { field: 'coils' });
  }
  const maps = zeros('complex64', [coils, rows, columns]);
  if (coils === 1) {
    for (let i = 0; i < maps.data.length; i += 2) maps.data[i] = 1;
    return maps;
  }
  const random = new Random(seed, coils, PHASE);
  const n = rows * columns;
  const power = new Float64Array(n);
  for (let coil = 0; coil < coils; coil++) {
    const coilShape = placeCoil(coil, coils, random);
    for (let i = 0; i < n; i++) {
      // Half the field of view is 1.
      const y = (2 * Math.floor(i / columns)) / rows - 1;
      const x = (2 * (i % columns)) / columns - 1;
      const dx = x - coilShape.x;
      const dy = y - coilShape.y;
      const q = 1 + (dx * dx + dy * dy) / (coilShape.size * coilShape.size);
      const strength = 1 / (q * Math.sqrt(q));
      const phase = coilShape.phase + coilShape.slopeX * x + coilShape.slopeY * y;
      power[i] = (power[i] as number) + strength * strength;
      maps.data[2 * (coil * n + i)] = strength * Math.cos(phase);
      maps.data[2 * (coil * n + i) + 1] = strength * Math.sin(phase);
    }
  }
  for (let i = 0; i < coils * n; i++) {
    const scale = 1 / Math.sqrt(power[i % n] as number);
    maps.data[2 * i] = (maps.data[2 * i] as number) * scale;
    maps.data[2 * i + 1] = (maps.data[2 * i + 1] as number) * scale;
  }
  return maps;
}

function placeCoil(coil: number, coils: number, random: Random) {
  const angle = (2 * Math.PI * (coil + 0.3 * (random.uniform() - 0.5))) / coils;
  const distance = 1.12 + 0.12 * (random.uniform() - 0.5);
  return {
    x: distance * 0.92 * Math.sin(angle),
    y: distance * Math.cos(angle),
    size: 0.8 + 0.15 * (random.uniform() - 0.5),
    phase: angle + 0.6 * (random.uniform() - 0.5),
    slopeX: 0.9 * (random.uniform() - 0.5) + 0.5 * Math.cos(angle),
    slopeY: 0.9 * (random.uniform() - 0.5) - 0.5 * Math.sin(angle),
  };
}

/**
 * Smooth phase of the object, radians, [row, column]: a few radians across the field of view, different from slice
 * to slice.
 */
export function objectPhase(rows: number, columns: number, seed: number, slice: number): Float32Array {
  const random = new Random(seed, slice, PHASE);
  const offset = 2 * Math.PI * random.uniform();
  const slopeX = 1.2 * (random.uniform() - 0.5);
  const slopeY = 1.2 * (random.uniform() - 0.5);
  const field = new NoisePlane(seed + 41, 0.9, slice * 0.15, 1.1);
  const phase = new Float32Array(rows * columns);
  for (let i = 0; i < phase.length; i++) {
    const y = (2 * Math.floor(i / columns)) / rows - 1;
    const x = (2 * (i % columns)) / columns - 1;
    phase[i] = offset + slopeX * x + slopeY * y + 2.4 * field.at(x, y);
  }
  return phase;
}

export interface Acquisition {
  /** From coilMaps, of the image's size. */
  readonly maps: NdArray<'complex64'>;
  /** Object phase in radians, or null for none. */
  readonly phase: Float32Array | null;
  /**
   * Standard deviation of the real and of the imaginary part of the noise of each coil, the same in k-space as in the
   * image (the transform is orthonormal). Since the maps have unit root-sum-of-squares, it is also the noise of the
   * optimally combined image Σ conj(S_c) x_c. 0 = none.
   */
  readonly noise: number;
  readonly seed: number;
  readonly slice: number;
}

/** k-space [coil, row, column] of an image [row, column]; decided to the bit by its arguments. */
export function acquire(image: NdArray<'float32'> | NdArray<'complex64'>, acquisition: Acquisition): NdArray<'complex64'> {
  const { maps, phase, noise, seed, slice } = acquisition;
  const [coils, rows, columns] = maps.shape as [number, number, number];
  const n = rows * columns;
  if (image.shape.length !== 2 || image.shape[0] !== rows || image.shape[1] !== columns) {
    throw new LacunaError('internal', `the maps are ${rows}×${columns}, the image [${image.shape.join(', ')}]`);
  }
  const object = withPhase(image, phase);
  const kspace = zeros('complex64', maps.shape);
  for (let coil = 0; coil < coils; coil++) {
    const base = 2 * coil * n;
    for (let i = 0; i < 2 * n; i += 2) {
      const sr = maps.data[base + i] as number;
      const si = maps.data[base + i + 1] as number;
      const mr = object[i] as number;
      const mi = object[i + 1] as number;
      kspace.data[base + i] = sr * mr - si * mi;
      kspace.data[base + i + 1] = sr * mi + si * mr;
    }
  }
  fft2c(kspace, kspace);
  if (noise > 0) {
    const random = new Random(seed, slice, NOISE);
    for (let i = 0; i < kspace.data.length; i++) kspace.data[i] = (kspace.data[i] as number) + noise * random.normal();
  }
  return kspace;
}

/**
 * Interleaved complex copy, multiplied by e^{iφ}. NaN and infinity, which some files put outside the head, count as
 * 0.
 */
function withPhase(image: NdArray<'float32'> | NdArray<'complex64'>, phase: Float32Array | null): Float32Array {
  const complex = image.dtype === 'complex64';
  const n = complex ? image.data.length / 2 : image.data.length;
  const out = new Float32Array(2 * n);
  for (let i = 0; i < n; i++) {
    const re = image.data[complex ? 2 * i : i] as number;
    const im = complex ? (image.data[2 * i + 1] as number) : 0;
    if (!Number.isFinite(re + im)) continue;
    const angle = phase === null ? 0 : (phase[i] as number);
    const cos = Math.cos(angle);
    const sin = Math.sin(angle);
    out[2 * i] = re * cos - im * sin;
    out[2 * i + 1] = re * sin + im * cos;
  }
  return out;
}
