/** The wavelet shrinkage of src/transform/wavelet.ts as part of an ONNX graph: every level is two matrix products. */
import { type NdArray, zeros } from '../../array/nd-array.ts';
import type { Graph, Value } from '../../graph/onnx.ts';
import { lowPass, paddedLength, type WaveletName } from '../../transform/wavelet.ts';
import { halves } from './normal-graph.ts';

export interface ShrinkSize {
  readonly rows: number;
  readonly columns: number;
  readonly levels: number;
}
type Shrink = (inside: Graph, image: Value, threshold: Value, down: Value, right: Value) => Value;

/**
 * Declares the inputs that `shrinkInputs` fills and returns the shrinkage of an image [row, 2·column] whose padded form is
 * first rotated by `down` and `right` (int64 scalars); `threshold` is a float32 scalar. The approximation is left as it is.
 */
export function addShrink(graph: Graph, { rows, columns, levels }: ShrinkSize): Shrink {
  const [height, width] = [paddedLength(rows, levels), paddedLength(columns, levels)];
  const matrices = new Map(sides(height, width, levels).map((n) => [n, graph.input(`wavelet_${n}`, 'float32', [n, n])]));
  const transposes = new Map([...matrices].map(([n, matrix]) => [n, graph.op('Transpose', [matrix], { perm: [1, 0] })]));
  const along = (from: Map<number, Value>, n: number): Value => from.get(n) as Value;
  const rowIndex = range(graph, height);
  const columnIndex = range(graph, width);

  const level = (inside: Graph, x: Value, depth: number, threshold: Value): Value => {
    if (depth === levels) return x;
    const [h, w] = [height >> depth, width >> depth];
    const coefficients = inside.op('MatMul', [along(matrices, h), inside.op('MatMul', [x, along(transposes, w)])]);
    const details = softThreshold(inside, coefficients, threshold);
    const [top, bottom] = inside.ops('Split', [details], 2, { axis: { int: 1 } }) as readonly [Value, Value];
    const [, topRight] = halves(inside, top, 2);
    const [approximation] = halves(inside, halves(inside, coefficients, 1)[0], 2);
    const inner = level(inside, approximation, depth + 1, threshold);
    const shrunk = inside.op('Concat', [inside.op('Concat', [inner, topRight], { axis: { int: 2 } }), bottom], { axis: { int: 1 } });
    return inside.op('MatMul', [along(transposes, h), inside.op('MatMul', [shrunk, along(matrices, w)])]);
  };

  return (inside, image, threshold, down, right) => {
    const stacked = inside.op('Concat', halves(inside, image, 1).map((half) => inside.op('Unsqueeze', [half, inside.integers([0])])), { axis: { int: 0 } });
    const padded = inside.op('Pad', [stacked, inside.integers([0, 0, 0, 0, height - rows, width - columns])]);
    const turned = turn(inside, turn(inside, padded, rowIndex, height, down, 'Sub', 1), columnIndex, width, right, 'Sub', 2);
    const shrunk = level(inside, turned, 0, threshold);
    const back = turn(inside, turn(inside, shrunk, rowIndex, height, down, 'Add', 1), columnIndex, width, right, 'Add', 2);
    const cropped = inside.op('Slice', [back, inside.integers([0, 0]), inside.integers([rows, columns]), inside.integers([1, 2])]);
    const parts = halves(inside, cropped, 0).map((part) => inside.op('Squeeze', [part, inside.integers([0])]));
    return inside.op('Concat', parts, { axis: { int: 1 } });
  };
}

/** Orthonormal analysis matrices [low; high] of every side that a level has. */
export function shrinkInputs({ rows, columns, levels }: ShrinkSize, wavelet: WaveletName): Record<string, NdArray<'float32'>> {
  const all = sides(paddedLength(rows, levels), paddedLength(columns, levels), levels);
  return Object.fromEntries(all.map((n) => [`wavelet_${n}`, analysisMatrix(n, lowPass(wavelet))]));
}

function sides(height: number, width: number, levels: number): number[] {
  const all = Array.from({ length: levels }, (_, level) => [height >> level, width >> level]).flat();
  return [...new Set(all)];
}

/** low[k] = Σ_t h[t]·x[(2k + t) mod n], high[k] likewise with g[t] = (−1)^t·h[taps − 1 − t]. */
function analysisMatrix(n: number, low: readonly number[]): NdArray<'float32'> {
  const out = zeros('float32', [n, n]);
  const half = n / 2;
  for (let k = 0; k < half; k++) {
    for (const [t, tap] of low.entries()) {
      const column = (2 * k + t) % n;
      const high = (t % 2 === 0 ? 1 : -1) * (low[low.length - 1 - t] as number);
      // Filters longer than the side wrap round and add up.
      out.data[k * n + column] = (out.data[k * n + column] as number) + tap;
      out.data[(k + half) * n + column] = (out.data[(k + half) * n + column] as number) + high;
    }
  }
  return out;
}

/** z·max(0, 1 − λ/|z|) of complex numbers whose parts lie along the first axis. */
function softThreshold(inside: Graph, z: Value, threshold: Value): Value {
  const power = inside.op('ReduceSum', [inside.op('Mul', [z, z]), inside.integers([0])], { keepdims: { int: 1 } });
  const size = inside.op('Max', [inside.op('Sqrt', [power]), inside.constant(1e-30)]);
  const kept = inside.op('Sub', [inside.constant(1), inside.op('Div', [threshold, size])]);
  return inside.op('Mul', [z, inside.op('Relu', [kept])]);
}

function range(graph: Graph, n: number): Value {
  return graph.integers(Array.from({ length: n }, (_, i) => i));
}

/** Element i of the result is element (i ∓ shift) mod n along `axis`. */
function turn(inside: Graph, image: Value, index: Value, n: number, shift: Value, sign: 'Add' | 'Sub', axis: number): Value {
  const moved = inside.op('Mod', [inside.op('Add', [inside.op(sign, [index, shift]), inside.integers(n)]), inside.integers(n)]);
  return inside.op('Gather', [image, moved], { axis: { int: axis } });
}
