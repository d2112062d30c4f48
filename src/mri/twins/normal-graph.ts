/**
 * The normal equations of A = mask · F · maps as part of an ONNX graph. Images are float32 [row, 2·column]: real parts left,
 * imaginary parts right, so that a complex product along columns is one real matrix product.
 */
import { type NdArray, zeros } from '../../array/nd-array.ts';
import type { Graph, Value } from '../../graph/onnx.ts';
import type { SamplingPattern } from '../../sampling/pattern.ts';

export interface Size {
  readonly coils: number;
  readonly rows: number;
  readonly columns: number;
}
export type TwinInputs = Record<string, NdArray<'float32'> | NdArray<'int64'>>;

/** Declares the inputs that `normalInputs` fills and returns the map x ↦ AᴴA x, to be used in this graph or in a body inside it. */
export function addNormal(graph: Graph, { coils, rows, columns }: Size, kind: 'lines' | 'points'): (inside: Graph, x: Value) => Value {
  const mapsRe = graph.input('maps_re', 'float32', [coils, rows, columns]);
  const mapsIm = graph.input('maps_im', 'float32', [coils, rows, columns]);
  const across = (name: string) => graph.input(name, 'float32', [2 * columns, 2 * columns]);
  const along = (name: string) => graph.input(name, 'float32', [2 * rows, 2 * rows]);
  const filter =
    kind === 'lines'
      ? filterLines(across('circulant'))
      : filterPoints(across('dft_columns'), across('dft_columns_inverse'), along('dft_rows'), along('dft_rows_inverse'), graph.input('mask', 'float32', [rows, columns]));
  return (inside, x) => {
    const [re, im] = halves(inside, x, 1);
    const coilRe = inside.op('Sub', [inside.op('Mul', [mapsRe, re]), inside.op('Mul', [mapsIm, im])]);
    const coilIm = inside.op('Add', [inside.op('Mul', [mapsRe, im]), inside.op('Mul', [mapsIm, re])]);
    const [seenRe, seenIm] = halves(inside, filter(inside, inside.op('Concat', [coilRe, coilIm], { axis: { int: 2 } })), 2);
    const sum = (value: Value) => inside.op('ReduceSum', [value, inside.integers([0])], { keepdims: { int: 0 } });
    const outRe = sum(inside.op('Add', [inside.op('Mul', [mapsRe, seenRe]), inside.op('Mul', [mapsIm, seenIm])]));
    const outIm = sum(inside.op('Sub', [inside.op('Mul', [mapsRe, seenIm]), inside.op('Mul', [mapsIm, seenRe])]));
    return inside.op('Concat', [outRe, outIm], { axis: { int: 1 } });
  };
}

/** Fᴴ·mask·F of a line mask is a circulant matrix along the columns. */
function filterLines(circulant: Value): (inside: Graph, y: Value) => Value {
  return (inside, y) => inside.op('MatMul', [y, circulant]);
}

function filterPoints(forward: Value, inverse: Value, rows: Value, rowsInverse: Value, mask: Value): (inside: Graph, y: Value) => Value {
  return (inside, y) => {
    const stack = (value: Value, from: number, to: number) => inside.op('Concat', [...halves(inside, value, from)], { axis: { int: to } });
    const spectrum = inside.op('MatMul', [rows, stack(inside.op('MatMul', [y, forward]), 2, 1)]);
    const seen = inside.op('Concat', halves(inside, spectrum, 1).map((half) => inside.op('Mul', [half, mask])), { axis: { int: 1 } });
    return inside.op('MatMul', [stack(inside.op('MatMul', [rowsInverse, seen]), 1, 2), inverse]);
  };
}

/** Real and imaginary part, which lie one after the other along `axis`. */
export function halves(graph: Graph, value: Value, axis: number): readonly [Value, Value] {
  return graph.ops('Split', [value], 2, { axis: { int: axis } }) as unknown as readonly [Value, Value];
}

/** Σ x·y over everything: a scalar. */
export function dot(graph: Graph, x: Value, y: Value): Value {
  return graph.op('ReduceSum', [graph.op('Mul', [x, y])], { keepdims: { int: 0 } });
}

/** What the inputs declared by `addNormal` are for these maps [coil, row, column] and this pattern. */
export function normalInputs(maps: NdArray<'complex64'>, pattern: SamplingPattern): TwinInputs {
  const [re, im] = split(maps);
  const { rows, columns, mask } = pattern;
  if (pattern.kind === 'lines') return { maps_re: re, maps_im: im, circulant: circulant(mask) };
  return {
    maps_re: re,
    maps_im: im,
    mask: { dtype: 'float32', shape: [rows, columns], data: Float32Array.from(mask) },
    dft_columns: dftBlock(columns, -1, 'right'),
    dft_columns_inverse: dftBlock(columns, 1, 'right'),
    dft_rows: dftBlock(rows, -1, 'left'),
    dft_rows_inverse: dftBlock(rows, 1, 'left'),
  };
}

/** complex64 [row, column] ↔ float32 [row, 2·column]. */
export function toHalves(image: NdArray<'complex64'>): NdArray<'float32'> {
  const [rows, columns] = image.shape as [number, number];
  const out = zeros('float32', [rows, 2 * columns]);
  for (let i = 0; i < rows * columns; i++) {
    const at = Math.floor(i / columns) * 2 * columns + (i % columns);
    out.data[at] = image.data[2 * i] as number;
    out.data[at + columns] = image.data[2 * i + 1] as number;
  }
  return out;
}

export function fromHalves(image: NdArray<'float32'>): NdArray<'complex64'> {
  const [rows, twice] = image.shape as [number, number];
  const columns = twice / 2;
  const out = zeros('complex64', [rows, columns]);
  for (let i = 0; i < rows * columns; i++) {
    const at = Math.floor(i / columns) * twice + (i % columns);
    out.data[2 * i] = image.data[at] as number;
    out.data[2 * i + 1] = image.data[at + columns] as number;
  }
  return out;
}

function split(maps: NdArray<'complex64'>): readonly [NdArray<'float32'>, NdArray<'float32'>] {
  const [re, im] = [zeros('float32', maps.shape), zeros('float32', maps.shape)];
  for (let i = 0; i < re.data.length; i++) {
    re.data[i] = maps.data[2 * i] as number;
    im.data[i] = maps.data[2 * i + 1] as number;
  }
  return [re, im];
}

/** T[n, m] = 1/N Σ_k mask[k] e^{2πi (k − ⌊N/2⌋)(n − m)/N}, transposed as a block for products from the right. */
function circulant(mask: Uint8Array): NdArray<'float32'> {
  const n = mask.length;
  const centre = Math.floor(n / 2);
  const kernel = new Float64Array(2 * n);
  for (let d = 0; d < n; d++) {
    for (let k = 0; k < n; k++) {
      if (mask[k] === 0) continue;
      const angle = (2 * Math.PI * (((k - centre) * d) % n)) / n;
      kernel[2 * d] = (kernel[2 * d] as number) + Math.cos(angle) / n;
      kernel[2 * d + 1] = (kernel[2 * d + 1] as number) + Math.sin(angle) / n;
    }
  }
  return block(n, 'right', (row, column) => {
    const d = (row - column + n) % n;
    return [kernel[2 * d] as number, kernel[2 * d + 1] as number];
  });
}

/** The centred orthonormal DFT matrix (sign −1) or its inverse (+1). */
function dftBlock(n: number, sign: -1 | 1, side: 'left' | 'right'): NdArray<'float32'> {
  const centre = Math.floor(n / 2);
  const scale = 1 / Math.sqrt(n);
  return block(n, side, (k, j) => {
    const turns = ((((k - centre) * (j - centre)) % n) + n) % n;
    const angle = (sign * 2 * Math.PI * turns) / n;
    return [scale * Math.cos(angle), scale * Math.sin(angle)];
  });
}

/**
 * The complex n × n matrix M as a real 2n × 2n one: for 'left', [[Re, −Im], [Im, Re]], so that it multiplies [re; im]; for
 * 'right', the transpose of that, so that [re, im] times it is (M·zᵀ)ᵀ.
 */
function block(n: number, side: 'left' | 'right', entry: (row: number, column: number) => readonly [number, number]): NdArray<'float32'> {
  const out = zeros('float32', [2 * n, 2 * n]);
  const put = (row: number, column: number, value: number): void => {
    out.data[side === 'left' ? row * 2 * n + column : column * 2 * n + row] = value;
  };
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < n; column++) {
      const [re, im] = entry(row, column);
      put(row, column, re);
      put(row + n, column + n, re);
      put(row, column + n, -im);
      put(row + n, column, im);
    }
  }
  return out;
}
