/** Least-squares weights of GRAPPA from the calibration block (Griswold et al., Magn Reson Med 2002;47:1202). */
import { LacunaError } from '../errors.ts';
import { cholesky, solveCholesky } from './cholesky.ts';
import { POINT_WINDOW } from './grappa-geometry.ts';
import { windowProducts, type CalibrationData, type Shift } from './window-gram.ts';

/** SᴴS [n][n] and SᴴT [coil][n], interleaved, of all places where source window and target fit into the calibration block. */
export interface NormalEquations {
  readonly n: number;
  readonly gram: Float64Array;
  readonly right: Float64Array;
}

/** For sources relative to the target (row 0, column 0); n runs over (coil, source). Throws `usage.unsupported` where nothing fits. */
export function normalEquations(data: CalibrationData, sources: readonly Shift[]): NormalEquations {
  const all = [...sources, { row: 0, column: 0 }];
  const top = Math.min(...all.map(({ row }) => row));
  const left = Math.min(...all.map(({ column }) => column));
  const height = data.rows - (Math.max(...all.map(({ row }) => row)) - top);
  const width = data.columns - (Math.max(...all.map(({ column }) => column)) - left);
  if (height < 1 || width < 1) throw tooSmall(data, sources);
  const from = sources.map(({ row, column }) => ({ row: row - top, column: column - left }));
  const n = data.coils * from.length;
  const gram = new Float64Array(2 * n * n);
  const right = new Float64Array(2 * n * data.coils);
  const put = (c: number, i: number, d: number, j: number, re: number, im: number): void => {
    const [p, q] = [c * from.length + i, d * from.length + j];
    gram[2 * (p * n + q)] = re;
    gram[2 * (p * n + q) + 1] = im;
    gram[2 * (q * n + p)] = re;
    gram[2 * (q * n + p) + 1] = -im;
  };
  windowProducts(data, from, from, [height, width], put, true);
  windowProducts(data, from, [{ row: -top, column: -left }], [height, width], (c, i, d, _j, re, im) => {
    right[2 * (d * n + c * from.length + i)] = re;
    right[2 * (d * n + c * from.length + i) + 1] = im;
  });
  return { n, gram, right };
}

function tooSmall(data: CalibrationData, sources: readonly Shift[]): LacunaError {
  const span = (values: readonly number[]): number => Math.max(0, ...values) - Math.min(0, ...values) + 1;
  const [rows, columns] = [span(sources.map(({ row }) => row)), span(sources.map(({ column }) => column))];
  return new LacunaError(
    'usage.unsupported',
    `GRAPPA needs a fully sampled centre of at least ${rows}×${columns} samples for its kernel; this pattern has ${data.rows}×${data.columns}.`,
    { field: 'pattern' },
  );
}

/** The equations of every subset of the 5×5 window at once: those of a subset are rows and columns of these. */
export class WindowEquations {
  readonly #all: NormalEquations;
  readonly #coils: number;

  constructor(data: CalibrationData) {
    const half = Math.floor(POINT_WINDOW / 2);
    const window = Array.from({ length: POINT_WINDOW ** 2 }, (_, i) => ({ row: Math.floor(i / POINT_WINDOW) - half, column: (i % POINT_WINDOW) - half }));
    this.#all = normalEquations(data, window);
    this.#coils = data.coils;
  }

  of(sources: readonly Shift[]): NormalEquations {
    const half = Math.floor(POINT_WINDOW / 2);
    const { n: wide, gram, right } = this.#all;
    const index: number[] = [];
    for (let c = 0; c < this.#coils; c++) {
      for (const { row, column } of sources) index.push(c * POINT_WINDOW ** 2 + (row + half) * POINT_WINDOW + column + half);
    }
    const n = index.length;
    const out = { n, gram: new Float64Array(2 * n * n), right: new Float64Array(2 * n * this.#coils) };
    index.forEach((p, i) => {
      for (const [j, q] of index.entries()) copyPair(gram, 2 * (p * wide + q), out.gram, 2 * (i * n + j));
      for (let t = 0; t < this.#coils; t++) copyPair(right, 2 * (t * wide + p), out.right, 2 * (t * n + i));
    });
    return out;
  }
}

function copyPair(from: Float64Array, at: number, to: Float64Array, place: number): void {
  to[place] = from[at] as number;
  to[place + 1] = from[at + 1] as number;
}

/** W = (SᴴS + λ‖SᴴS‖_F/√n·I)⁻¹SᴴT as [coil][n] interleaved; overwrites the equations. Silent calibration data give zeros. */
export function solveWeights({ n, gram, right }: NormalEquations, lambda: number): Float64Array {
  const size = Math.sqrt(gram.reduce((sum, value) => sum + value * value, 0));
  if (size === 0) return right.fill(0);
  for (let i = 0; i < n; i++) gram[2 * (i * n + i)] = (gram[2 * (i * n + i)] as number) + (lambda * size) / Math.sqrt(n);
  if (!cholesky(gram, n)) {
    throw new LacunaError('usage.unsupported', 'The calibration samples do not determine GRAPPA’s weights; raise its λ or the calibration.', { field: 'lambda' });
  }
  for (let t = 0; t < right.length / (2 * n); t++) solveCholesky(gram, n, right, 2 * n * t);
  return right;
}
