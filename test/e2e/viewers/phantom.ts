/** Synthetic pictures for the harness: an ellipse phantom, its Fourier transform, line masks. Deterministic. */
import { ndArray } from '../../../src/array/nd-array.ts';
import type { NdArray } from '../../../src/array/nd-array.ts';

interface Ellipse {
  readonly value: number;
  readonly a: number;
  readonly b: number;
  readonly x: number;
  readonly y: number;
  readonly angle: number;
}

/** Modified Shepp–Logan (Toft 1996), x to the right, y up, on [−1, 1]². */
const SHEPP_LOGAN: readonly Ellipse[] = [
  { value: 1, a: 0.69, b: 0.92, x: 0, y: 0, angle: 0 },
  { value: -0.8, a: 0.6624, b: 0.874, x: 0, y: -0.0184, angle: 0 },
  { value: -0.2, a: 0.11, b: 0.31, x: 0.22, y: 0, angle: -18 },
  { value: -0.2, a: 0.16, b: 0.41, x: -0.22, y: 0, angle: 18 },
  { value: 0.1, a: 0.21, b: 0.25, x: 0, y: 0.35, angle: 0 },
  { value: 0.1, a: 0.046, b: 0.046, x: 0, y: 0.1, angle: 0 },
  { value: 0.1, a: 0.046, b: 0.046, x: 0, y: -0.1, angle: 0 },
  { value: 0.1, a: 0.046, b: 0.023, x: -0.08, y: -0.605, angle: 0 },
  { value: 0.1, a: 0.023, b: 0.046, x: 0.06, y: -0.605, angle: 0 },
];

export function phantom(size: number): NdArray<'float32'> {
  const data = new Float32Array(size * size);
  for (const { value, a, b, x, y, angle } of SHEPP_LOGAN) {
    const cos = Math.cos((angle * Math.PI) / 180);
    const sin = Math.sin((angle * Math.PI) / 180);
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const u = (2 * (column + 0.5)) / size - 1 - x;
        const v = 1 - (2 * (row + 0.5)) / size - y;
        if (((u * cos + v * sin) / a) ** 2 + ((v * cos - u * sin) / b) ** 2 <= 1) {
          data[row * size + column] = (data[row * size + column] as number) + value;
        }
      }
    }
  }
  return ndArray('float32', [size, size], data);
}

/** Kept lines: a centre block and every `stride`-th line outside it. */
export function lineMask(columns: number, centre: number, stride: number): Uint8Array {
  const mask = new Uint8Array(columns);
  const from = Math.floor((columns - centre) / 2);
  for (let i = 0; i < columns; i++) mask[i] = (i >= from && i < from + centre) || (i * i + 3 * i) % stride === 0 ? 1 : 0;
  return mask;
}

/** Centred orthonormal DFT along rows then columns, as a plain sum: small sizes only. `sign` −1 forward, 1 back. */
export function dft2(input: Float32Array, size: number, sign: -1 | 1): Float32Array {
  const half = size >> 1;
  const cos = Float64Array.from({ length: size }, (_, k) => Math.cos((2 * Math.PI * k) / size) / Math.sqrt(size));
  const sin = Float64Array.from({ length: size }, (_, k) => (sign * Math.sin((2 * Math.PI * k) / size)) / Math.sqrt(size));
  const along = (source: Float32Array, stride: number, pitch: number): Float32Array => {
    const out = new Float32Array(source.length);
    for (let line = 0; line < size; line++) {
      for (let k = 0; k < size; k++) {
        let re = 0;
        let im = 0;
        for (let n = 0; n < size; n++) {
          const turn = (((k - half) * (n - half)) % size + size) % size;
          const at = 2 * (line * pitch + n * stride);
          const a = source[at] as number;
          const b = source[at + 1] as number;
          re += a * (cos[turn] as number) - b * (sin[turn] as number);
          im += a * (sin[turn] as number) + b * (cos[turn] as number);
        }
        out[2 * (line * pitch + k * stride)] = re;
        out[2 * (line * pitch + k * stride) + 1] = im;
      }
    }
    return out;
  };
  return along(along(input, 1, size), size, 1);
}

export interface Scene {
  readonly reference: NdArray<'float32'>;
  readonly complexImage: NdArray<'complex64'>;
  readonly zeroFilled: NdArray<'float32'>;
  readonly error: NdArray<'float32'>;
  /** log10 of the magnitude. */
  readonly kspace: NdArray<'float32'>;
  readonly mask: Uint8Array;
}

export function scene(size: number): Scene {
  const reference = phantom(size);
  const complex = new Float32Array(2 * size * size);
  for (let i = 0; i < size * size; i++) {
    const phase = 2.5 * Math.sin((3 * (i % size)) / size) * Math.cos((2 * Math.floor(i / size)) / size);
    complex[2 * i] = (reference.data[i] as number) * Math.cos(phase);
    complex[2 * i + 1] = (reference.data[i] as number) * Math.sin(phase);
  }
  const transformed = dft2(complex, size, -1);
  const mask = lineMask(size, Math.round(size * 0.08), 5);
  const kept = transformed.map((v, i) => ((mask[(i >> 1) % size] as number) > 0 ? v : 0));
  const back = dft2(kept, size, 1);
  const zero = new Float32Array(size * size);
  const log = new Float32Array(size * size);
  for (let i = 0; i < zero.length; i++) {
    zero[i] = Math.hypot(back[2 * i] as number, back[2 * i + 1] as number);
    log[i] = Math.log10(Math.max(1e-6, Math.hypot(transformed[2 * i] as number, transformed[2 * i + 1] as number)));
  }
  const shape = [size, size];
  return {
    reference,
    complexImage: ndArray('complex64', shape, complex),
    zeroFilled: ndArray('float32', shape, zero),
    error: ndArray('float32', shape, zero.map((v, i) => v - (reference.data[i] as number))),
    kspace: ndArray('float32', shape, log),
    mask,
  };
}
