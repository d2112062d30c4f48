/**
 * Coil maps by ESPIRiT (Uecker et al., Magn Reson Med 2014;71:990): the eigenvectors, to eigenvalues near 1, of the operator that
 * projects every patch of k-space onto the space that patches of the calibration data span.
 *
 * There is no decomposition of a pixel's stack of kernels: the operator is a convolution, so its coil matrix G(r) is the Fourier
 * sum of C×C Gram kernels Γ(e), which come from the projector of the calibration matrix, and power iteration on G(r) does the rest.
 */
import { ndArray, type NdArray } from '../array/nd-array.ts';
import { LacunaError } from '../errors.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import { dominantSubspace, HermitianMatrix } from '../transform/hermitian.ts';
import { floatBits, kernels, type Kernels, LANE_BLOCK } from '../transform/kernels.ts';
import { findCoilCompression } from './coil-compression.ts';
import { calibrationData, windowProducts, type Shift } from './window-gram.ts';

export interface EspiritOptions {
  /** Side of the square k-space kernel; fewer where the calibration block is small (at most half its shorter side, rounded up). */
  readonly kernel: number;
  /** Calibration samples a side at most. */
  readonly calibration: number;
  /** Singular values of the calibration matrix below this share of the largest are noise. */
  readonly threshold: number;
  /** Maps are set to 0 where the eigenvalue is below; 0 keeps them everywhere. */
  readonly crop: number;
  readonly sets: 1 | 2;
}

export interface EspiritMaps {
  /** [set, coil, row, column]; unit norm over coils and, between sets, orthogonal. The first virtual coil is real and positive. */
  readonly maps: NdArray<'complex64'>;
  /** Of the projection at each pixel, 0–1: [set, row, column]. Near 1 where the calibration data saw tissue. */
  readonly eigenvalues: NdArray<'float32'>;
  /** Kernels kept of kernel²·coils. */
  readonly kept: number;
  readonly kernel: number;
  readonly block: { readonly rows: number; readonly columns: number };
}

/** Coils times kernel area: the calibration matrix has that many columns, and three squares of it (16 bytes a number) are held. */
export const LARGEST_MATRIX = 4096;
/** Pixels without signal never converge; those with signal do so in about ten steps, those where the object folds onto itself in fifty. */
const ITERATIONS = 60;
/** Squared change of a unit vector. */
const TOLERANCE = 1e-11;
/** Smaller kernels cannot tell one coil from another. */
const SMALLEST_KERNEL = 2;

/**
 * `kspace` is [coil, row, column]; only samples inside `centre` (a symmetric calibration range) are looked at. Throws
 * `usage.unsupported` where kernel and coils make too large a matrix, or the calibration is too small, and `job.memory`.
 */
export function espirit(kspace: NdArray<'complex64'>, centre: SamplingPattern['centre'], options: EspiritOptions): EspiritMaps {
  const coils = kspace.shape[0] as number;
  const range = limitRange(kspace.shape, centre, options.calibration);
  const block = { rows: range.rows[1] - range.rows[0], columns: range.columns[1] - range.columns[0] };
  const kernel = Math.min(options.kernel, Math.ceil(Math.min(block.rows, block.columns) / 2));
  check(coils, kernel);
  const team = kernels();
  const matrix = new HermitianMatrix(team, coils * kernel * kernel);
  try {
    fillGram(matrix, kspace, range, kernel);
    const { kept } = dominantSubspace(team, matrix, options.threshold ** 2);
    const gamma = gramKernels(matrix, coils, kernel);
    const sets = Math.min(options.sets, coils);
    const { maps, eigenvalues } = eigenvectors(team, gamma, kspace.shape, kernel, virtualCoils(kspace, range, sets));
    if (options.crop > 0) cropMaps(maps, eigenvalues, options.crop);
    return { maps, eigenvalues, kept, kernel, block };
  } finally {
    matrix.dispose();
  }
}

function check(coils: number, kernel: number): void {
  if (kernel < SMALLEST_KERNEL) {
    throw new LacunaError('usage.unsupported', 'ESPIRiT needs a fully sampled centre of at least 3×3 samples.', { field: 'pattern' });
  }
  const n = coils * kernel * kernel;
  if (n > LARGEST_MATRIX) {
    const largest = Math.floor(Math.sqrt(LARGEST_MATRIX / coils));
    throw new LacunaError(
      'usage.unsupported',
      `ESPIRiT with ${coils} coils and kernel ${kernel} has ${n} unknowns, more than ${LARGEST_MATRIX}; compress the coils or take a kernel of at most ${largest}.`,
      { field: 'mapKernel' },
    );
  }
}

/** The part of `centre` within `calibration` samples each way, around the origin ⌊n/2⌋. */
function limitRange(shape: readonly number[], centre: SamplingPattern['centre'], calibration: number): SamplingPattern['centre'] {
  const limit = (n: number, [start, end]: readonly [number, number]): [number, number] => {
    const first = Math.floor(n / 2) - Math.floor(calibration / 2);
    return [Math.max(start, first), Math.min(end, first + calibration)];
  };
  return { rows: limit(shape[1] as number, centre.rows), columns: limit(shape[2] as number, centre.columns) };
}

/** AᴴA of the calibration matrix A, whose rows are all kernel×kernel patches of all coils; columns are (coil, row, column). */
function fillGram(matrix: HermitianMatrix, kspace: NdArray<'complex64'>, range: SamplingPattern['centre'], kernel: number): void {
  const data = calibrationData(kspace, range);
  const shifts: Shift[] = Array.from({ length: kernel ** 2 }, (_, i) => ({ row: Math.floor(i / kernel), column: i % kernel }));
  const a = matrix.doubles();
  const width = matrix.stride / 8;
  const half = width / 2;
  const size = shifts.length;
  const window = [data.rows - kernel + 1, data.columns - kernel + 1] as const;
  const put = (c: number, i: number, d: number, j: number, re: number, im: number): void => {
    const [p, q] = [c * size + i, d * size + j];
    a[p * width + q] = re;
    a[p * width + half + q] = im;
    a[q * width + p] = re;
    a[q * width + half + p] = -im;
  };
  windowProducts(data, shifts, shifts, window, put, true);
}

/**
 * Γ_cd(e) = 1/q² Σ conj(P[(c, i), (d, i + e)]) over all i with i + e in the kernel, float32 [pair c ≤ d][e_y][e_x] interleaved: the
 * row space of A is that of Pᵀ = conj(P) for patches written as columns.
 */
function gramKernels(projector: HermitianMatrix, coils: number, kernel: number): Float32Array {
  const p = projector.doubles();
  const width = projector.stride / 8;
  const half = width / 2;
  const span = 2 * kernel - 1;
  const size = kernel * kernel;
  const sums = new Float64Array(coils * (coils + 1) * span * span);
  let pair = 0;
  for (let c = 0; c < coils; c++) {
    for (let d = c; d < coils; d++, pair++) {
      for (let i = 0; i < size; i++) {
        const [ir, ic] = [Math.floor(i / kernel), i % kernel];
        for (let j = 0; j < size; j++) {
          const e = (Math.floor(j / kernel) - ir + kernel - 1) * span + (j % kernel) - ic + kernel - 1;
          const at = (c * size + i) * width + d * size + j;
          const to = 2 * (pair * span * span + e);
          sums[to] = (sums[to] as number) + (p[at] as number) / size;
          sums[to + 1] = (sums[to + 1] as number) - (p[at + half] as number) / size;
        }
      }
    }
  }
  return Float32Array.from(sums);
}

/** The `count` strongest combinations of coils, [count, coil] interleaved; the weight of the first coil is real and not negative. */
function virtualCoils(kspace: NdArray<'complex64'>, range: SamplingPattern['centre'], count: number): Float32Array {
  const { matrix } = findCoilCompression(kspace, range, count);
  const coils = matrix.shape[1] as number;
  const out = new Float32Array(matrix.data.length);
  for (let v = 0; v < count; v++) {
    const first = 2 * v * coils;
    const [re, im] = [matrix.data[first] as number, matrix.data[first + 1] as number];
    const size = Math.hypot(re, im);
    const [tr, ti] = size > 0 ? [re / size, im / size] : [1, 0];
    for (let at = first; at < first + 2 * coils; at += 2) {
      // The rows of the compression are conjugate: z = aᴴ·y.
      const [ar, ai] = [matrix.data[at] as number, -(matrix.data[at + 1] as number)];
      out[at] = ar * tr - ai * ti;
      out[at + 1] = ar * ti + ai * tr;
    }
  }
  return out;
}

/** Orthogonal iteration on G(r) of every pixel, one task an image row. */
function eigenvectors(team: Kernels, gamma: Float32Array, shape: readonly number[], kernel: number, start: Float32Array): Pick<EspiritMaps, 'maps' | 'eigenvalues'> {
  const [coils, rows, columns] = shape as [number, number, number];
  const sets = start.length / 2 / coils;
  const span = 2 * kernel - 1;
  const { heap } = team;
  const tables = [gamma, start, turns(rows, span), turnsAcross(columns, span)].map((values) => {
    const address = heap.allocate(values.byteLength);
    heap.floats(address, values.length).set(values);
    return address;
  }) as [number, number, number, number];
  const pixels = rows * columns;
  const maps = heap.allocate(8 * sets * coils * pixels);
  const values = heap.allocate(4 * sets * pixels);
  try {
    const [gammaAt, startAt, down, across] = tables;
    const pairs = (coils * (coils + 1)) / 2;
    const scratch = 8 * pairs * span + 32 + LANE_BLOCK * (pairs + 2 * sets * coils);
    const words = [gammaAt, down, across, startAt, maps, values, coils, sets, rows, columns, span, ITERATIONS, floatBits(TOLERANCE)];
    team.run('espiritRow', words, rows, scratch);
    return {
      maps: ndArray('complex64', [sets, coils, rows, columns], Float32Array.from(heap.floats(maps, 2 * sets * coils * pixels))),
      eigenvalues: ndArray('float32', [sets, rows, columns], Float32Array.from(heap.floats(values, sets * pixels))),
    };
  } finally {
    for (const address of [...tables, maps, values]) heap.free(address);
  }
}

/** exp(−2πi e·(r − ⌊n/2⌋)/n), [r][e] interleaved, e from −(span − 1)/2. */
function turns(n: number, span: number): Float32Array {
  return Float32Array.from({ length: 2 * n * span }, (_, i) => turn(Math.floor(i / 2 / span), Math.floor(i / 2) % span, n, span, i % 2));
}

/** The same as lane blocks of four neighbours, [e][group]. */
function turnsAcross(n: number, span: number): Float32Array {
  const groups = Math.ceil(n / 4);
  return Float32Array.from({ length: 8 * groups * span }, (_, i) => {
    const [block, lane] = [Math.floor(i / 8), i % 8];
    return turn(4 * (block % groups) + (lane % 4), Math.floor(block / groups), n, span, lane < 4 ? 0 : 1);
  });
}

function turn(r: number, e: number, n: number, span: number, part: number): number {
  const angle = (-2 * Math.PI * (((e - (span - 1) / 2) * (r - Math.floor(n / 2))) % n)) / n;
  return part === 0 ? Math.cos(angle) : Math.sin(angle);
}

function cropMaps(maps: NdArray<'complex64'>, eigenvalues: NdArray<'float32'>, crop: number): void {
  const [sets, coils] = maps.shape as [number, number, number, number];
  const size = eigenvalues.data.length / sets;
  for (let i = 0; i < eigenvalues.data.length; i++) {
    if ((eigenvalues.data[i] as number) >= crop) continue;
    const first = Math.floor(i / size) * coils * size + (i % size);
    for (let c = 0; c < coils; c++) maps.data.fill(0, 2 * (first + c * size), 2 * (first + c * size) + 2);
  }
}
