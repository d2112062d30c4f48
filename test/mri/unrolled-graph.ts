/** The data consistency of the exported graphs in plain loops and double precision, from the very inputs that they are given. */
import { zeros, type NdArray } from '../../src/array/nd-array.ts';
import { roleValues, type UnrolledProblem } from '../../src/mri/unrolled.ts';

/** Deterministic, without symmetry. */
export function noise(shape: readonly number[], seed = 1): NdArray<'complex64'> {
  const out = zeros('complex64', shape);
  for (let i = 0; i < out.data.length; i++) out.data[i] = Math.sin(seed + i * 1.37 + ((i * i) % 17));
  return out;
}

/** Aᴴ A x: Σ conj(S) Wᴴ D W S x, interleaved complex [row, column]. */
export function graphNormal(problem: UnrolledProblem, x: NdArray<'complex64'>): Float64Array {
  const values = roleValues(problem);
  const [coils, rows, columns] = problem.maps.shape as [number, number, number];
  const across = values[problem.kind === 'lines' ? 'dft-lines' : 'dft-columns']?.() as NdArray<'float32'>;
  const down = problem.kind === 'lines' ? null : (values['dft-rows']?.() as NdArray<'float32'>);
  const out = new Float64Array(2 * rows * columns);
  for (let coil = 0; coil < coils; coil++) {
    const maps = problem.maps.data.subarray(2 * coil * rows * columns, 2 * (coil + 1) * rows * columns);
    let z = multiply(Float64Array.from(x.data), maps, 1);
    z = transform(z, rows, columns, across, 'columns', 1);
    const width = across.shape[0] as number;
    if (down !== null) {
      z = transform(z, rows, width, down, 'rows', 1);
      for (let i = 0; i < z.length; i++) z[i] = (z[i] as number) * (problem.weights.data[i >> 1] as number);
      z = transform(z, down.shape[0] as number, width, down, 'rows', -1);
    }
    z = multiply(transform(z, rows, width, across, 'columns', -1), maps, -1);
    for (let i = 0; i < z.length; i++) out[i] = (out[i] as number) + (z[i] as number);
  }
  return out;
}

/** Times the maps, or their conjugates for sign −1. */
function multiply(x: Float64Array, maps: Float32Array, sign: 1 | -1): Float64Array {
  const out = new Float64Array(x.length);
  for (let i = 0; i < x.length; i += 2) {
    const [xr, xi, sr, si] = [x[i] as number, x[i + 1] as number, maps[i] as number, sign * (maps[i + 1] as number)];
    out[i] = xr * sr - xi * si;
    out[i + 1] = xr * si + xi * sr;
  }
  return out;
}

/** W along an axis of [rows, columns], Wᴴ for sign −1. */
function transform(x: Float64Array, rows: number, columns: number, { data, shape }: NdArray<'float32'>, axis: 'rows' | 'columns', sign: 1 | -1): Float64Array {
  const [k, n] = shape as [number, number];
  const [to, from] = sign === 1 ? [k, n] : [n, k];
  const [height, width] = axis === 'rows' ? [to, columns] : [rows, to];
  const out = new Float64Array(2 * height * width);
  for (let r = 0; r < height; r++) {
    for (let c = 0; c < width; c++) {
      const i = axis === 'rows' ? r : c;
      for (let j = 0; j < from; j++) {
        const at = 2 * (sign === 1 ? i * n + j : j * n + i);
        const source = 2 * (axis === 'rows' ? j * columns + c : r * columns + j);
        const [wr, wi, xr, xi] = [data[at] as number, sign * (data[at + 1] as number), x[source] as number, x[source + 1] as number];
        const target = 2 * (r * width + c);
        out[target] = (out[target] as number) + wr * xr - wi * xi;
        out[target + 1] = (out[target + 1] as number) + wr * xi + wi * xr;
      }
    }
  }
  return out;
}
