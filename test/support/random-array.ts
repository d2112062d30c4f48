import { zeros, type NdArray } from '../../src/array/nd-array.ts';
import { Random } from '../../src/random/xoshiro.ts';

/** Uniform in ±½, both parts; decided by the shape and `seed`. */
export function randomComplex(shape: readonly number[], seed = 1): NdArray<'complex64'> {
  const random = new Random(seed, ...shape);
  const out = zeros('complex64', shape);
  for (let i = 0; i < out.data.length; i++) out.data[i] = random.uniform() - 0.5;
  return out;
}

/** ⟨x, y⟩ = Σ conj(x)·y as [re, im], in double precision. */
export function innerProduct(x: NdArray<'complex64'>, y: NdArray<'complex64'>): [number, number] {
  let re = 0;
  let im = 0;
  for (let i = 0; i < x.data.length; i += 2) {
    const [a, b, c, d] = [x.data[i] ?? NaN, x.data[i + 1] ?? NaN, y.data[i] ?? NaN, y.data[i + 1] ?? NaN];
    re += a * c + b * d;
    im += a * d - b * c;
  }
  return [re, im];
}

/** ‖x − y‖ / ‖y‖ */
export function relativeError(x: ArrayLike<number>, y: ArrayLike<number>): number {
  if (x.length !== y.length) throw new Error(`lengths differ: ${x.length} and ${y.length}`);
  let difference = 0;
  let energy = 0;
  for (let i = 0; i < x.length; i++) {
    difference += ((x[i] ?? NaN) - (y[i] ?? NaN)) ** 2;
    energy += (y[i] ?? NaN) ** 2;
  }
  return Math.sqrt(difference / energy);
}
