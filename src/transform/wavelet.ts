/**
 * Orthonormal, decimated, periodised 2-D wavelet transform (Mallat, IEEE TPAMI 1989;11:674; filters: Daubechies, Ten
 * Lectures on Wavelets, table 6.1). Sides that 2^levels does not divide are padded with zeros; then the transform is an
 * isometry of the padded image, and the inverse drops the padding.
 *
 * One level: low[k] = Σ_t h[t]·x[(2k + t) mod n], high[k] = Σ_t g[t]·x[(2k + t) mod n], g[t] = (−1)^t·h[taps − 1 − t],
 * written as [low | high], rows first, then columns; the next level splits the top left quarter.
 */
import { zeros, type NdArray } from '../array/nd-array.ts';
import { LacunaError } from '../errors.ts';
import { floatBits, kernels, LANE_BLOCK, type KernelName, type Kernels } from './kernels.ts';

/** Low-pass filters; dbN has N vanishing moments and 2N taps. */
const LOW_PASS = {
  haar: [Math.SQRT1_2, Math.SQRT1_2],
  db2: [0.48296291314453416, 0.8365163037378079, 0.2241438680420134, -0.12940952255126037],
  db4: [
    0.23037781330885523, 0.7148465705525415, 0.6308807679295904, -0.02798376941698385, -0.18703481171888114, 0.030841381835986965,
    0.032883011666982945, -0.010597401784997278,
  ],
} as const;
export type WaveletName = keyof typeof LOW_PASS;
export const WAVELETS = Object.keys(LOW_PASS) as readonly WaveletName[];

/** The low-pass filter h, for those who build the transform another way. */
export const lowPass = (wavelet: WaveletName): readonly number[] => LOW_PASS[wavelet];

/** Bytes across of a strip of columns, and complex columns in it: wasm/wavelet.ts. */
const STRIP_BYTES = 64;
const STRIP_COLUMNS = 8;
/** Tells the kernels to leave the details as they are. */
const NO_THRESHOLD = -1;

/** Smallest multiple of 2^levels that is at least n. */
export function paddedLength(n: number, levels: number): number {
  return Math.ceil(n / 2 ** levels) * 2 ** levels;
}

/** Most levels that leave an approximation of at least `smallest` pixels a side. */
export function usefulLevels(rows: number, columns: number, smallest = 6): number {
  return Math.max(1, Math.floor(Math.log2(Math.min(rows, columns) / smallest)));
}

/** An image in kernel memory with its transform in place; the MRI solvers move row blocks in and out of it. */
export class WaveletWork {
  readonly height: number;
  readonly width: number;
  readonly levels: number;
  readonly #kernels: Kernels;
  readonly #taps: number;
  readonly #filters: number;
  readonly #work: number;
  readonly #spare: number;

  /** Throws `internal` where levels < 1. */
  constructor(owner: Kernels, rows: number, columns: number, wavelet: WaveletName, levels: number) {
    if (!(levels >= 1)) throw new LacunaError('internal', `a wavelet transform needs at least one level, got ${levels}`);
    this.#kernels = owner;
    this.levels = levels;
    this.height = paddedLength(rows, levels);
    this.width = paddedLength(columns, levels);
    const low = LOW_PASS[wavelet];
    this.#taps = low.length;
    this.#filters = owner.heap.allocate(8 * low.length);
    const high = low.map((_, t) => (t % 2 === 0 ? 1 : -1) * (low[low.length - 1 - t] as number));
    owner.heap.floats(this.#filters, 2 * low.length).set([...low, ...high]);
    this.#work = owner.heap.allocate(8 * this.height * this.width);
    this.#spare = owner.heap.allocate(8 * this.width);
  }

  /** Row-major interleaved [height, width]; valid until kernel memory grows. */
  get data(): Float32Array {
    return this.#kernels.heap.floats(this.#work, 2 * this.height * this.width);
  }

  forward(): void {
    for (let level = 0; level < this.levels; level++) {
      this.#rows('waveletRows', level);
      this.#columns('waveletColumns', level);
    }
  }

  inverse(): void {
    for (let level = this.levels - 1; level >= 0; level--) {
      this.#columns('waveletColumnsInverse', level);
      this.#rows('waveletRowsInverse', level);
    }
  }

  /**
   * Complex soft threshold z·max(0, 1 − λ/|z|) of all but the approximation, for an image in row blocks that is first rotated
   * by `down` and `right` (cycle spinning; Coifman and Donoho 1995), in place.
   */
  shrink(image: RowBlockImage, threshold: number, down: number, right: number): void {
    const move = { image, down, right };
    this.#run('waveletEnter', 0, Math.ceil(this.height / 4), NO_THRESHOLD, move);
    this.#columns('waveletColumns', 0, threshold);
    for (let level = 1; level < this.levels; level++) {
      this.#rows('waveletRows', level);
      this.#columns('waveletColumns', level, threshold);
    }
    for (let level = this.levels - 1; level > 0; level--) {
      this.#columns('waveletColumnsInverse', level);
      this.#rows('waveletRowsInverse', level);
    }
    this.#columns('waveletColumnsInverse', 0);
    this.#run('waveletLeave', 0, Math.ceil(image.rows / 4), NO_THRESHOLD, move);
  }

  dispose(): void {
    for (const address of [this.#filters, this.#work, this.#spare]) this.#kernels.heap.free(address);
  }

  #rows(name: KernelName, level: number): void {
    this.#run(name, level, Math.ceil((this.height >> level) / 4));
  }

  #columns(name: KernelName, level: number, threshold = NO_THRESHOLD): void {
    this.#run(name, level, Math.ceil((this.width >> level) / STRIP_COLUMNS), threshold);
  }

  #run(
    name: KernelName,
    level: number,
    tasks: number,
    threshold = NO_THRESHOLD,
    move?: { image: RowBlockImage; down: number; right: number },
  ): void {
    const { address, step, rows, columns } = move?.image ?? { address: 0, step: 0, rows: 0, columns: 0 };
    const words = [
      this.#work, this.height, this.width, this.height >> level, this.width >> level, this.#filters, this.#taps,
      floatBits(threshold), address, step, rows, columns, move?.down ?? 0, move?.right ?? 0, this.#spare,
    ];
    const scratch = 2 * Math.max(this.width * LANE_BLOCK, this.height * STRIP_BYTES) + 4 * this.#taps * STRIP_BYTES;
    // Only the first level is large enough to be worth the pause between two jobs of several threads.
    this.#kernels.run(name, words, tasks, scratch, level > 0);
  }
}

/** See src/transform/row-blocks.ts. */
export interface RowBlockImage {
  readonly address: number;
  readonly step: number;
  readonly rows: number;
  readonly columns: number;
}

export interface WaveletOptions {
  readonly wavelet: WaveletName;
  readonly levels: number;
}

/** [row, column] → coefficients of the padded image. */
export function dwt2(x: NdArray<'complex64'>, { wavelet, levels }: WaveletOptions): NdArray<'complex64'> {
  const [rows, columns] = x.shape as [number, number];
  const work = new WaveletWork(kernels(), rows, columns, wavelet, levels);
  try {
    const out = zeros('complex64', [work.height, work.width]);
    copyCorner(x.data, columns, out.data, work.width, rows, columns);
    work.data.set(out.data);
    work.forward();
    out.data.set(work.data);
    return out;
  } finally {
    work.dispose();
  }
}

/** Inverse of dwt2 for an image of [rows, columns], and its adjoint. */
export function idwt2(coefficients: NdArray<'complex64'>, rows: number, columns: number, { wavelet, levels }: WaveletOptions): NdArray<'complex64'> {
  const work = new WaveletWork(kernels(), rows, columns, wavelet, levels);
  try {
    if (coefficients.data.length !== work.data.length) {
      throw new LacunaError('internal', `expected coefficients of shape [${work.height}, ${work.width}], got [${coefficients.shape.join(', ')}]`);
    }
    work.data.set(coefficients.data);
    work.inverse();
    const out = zeros('complex64', [rows, columns]);
    copyCorner(work.data, work.width, out.data, columns, rows, columns);
    return out;
  } finally {
    work.dispose();
  }
}

/** Copies the top left rows × columns between row-major complex images of the given widths. */
function copyCorner(from: Float32Array, fromWidth: number, to: Float32Array, toWidth: number, rows: number, columns: number): void {
  for (let r = 0; r < rows; r++) {
    to.set(from.subarray(2 * r * fromWidth, 2 * (r * fromWidth + columns)), 2 * r * toWidth);
  }
}
