/**
 * Discrete Fourier transforms of complex64 arrays, any length, batched over the other axes.
 *
 * Convention, stated once for the whole library: the forward transform has the negative exponent,
 * X[k] = s · Σ_n x[n] e^(−2πi kn/N). The functions ending in `c` are *centred and orthonormal*: s = 1/√N, and index
 * ⌊N/2⌋ is the origin of both domains, so fft2c = fftshift ∘ fft2 ∘ ifftshift / √(rows·columns) and ifft2c is its inverse and adjoint.
 */
import { elementCount, zeros, type NdArray } from '../array/nd-array.ts';
import { LacunaError } from '../errors.ts';
import { floatBits, kernels, LANE_BLOCK } from './kernels.ts';

export type FftNorm = 'ortho' | 'backward' | 'forward';

export interface FftOptions {
  /** Axes to transform; negative ones count from the end. Default: all. */
  readonly axes?: readonly number[];
  readonly inverse?: boolean;
  /** Index ⌊N/2⌋ is the origin of both domains (ifftshift before, fftshift after). Default false, as NumPy. */
  readonly centred?: boolean;
  /** As in NumPy: 'ortho' scales both ways by 1/√N, 'backward' (default) the inverse by 1/N, 'forward' the forward by 1/N. */
  readonly norm?: FftNorm;
}

/** Centred orthonormal transform over the last two axes, batched over the others. `out` may be `x` itself. */
export function fft2c(x: NdArray<'complex64'>, out?: NdArray<'complex64'>): NdArray<'complex64'> {
  return fftn(x, { axes: [-2, -1], centred: true, norm: 'ortho' }, out);
}

/** Inverse (and adjoint) of fft2c. */
export function ifft2c(x: NdArray<'complex64'>, out?: NdArray<'complex64'>): NdArray<'complex64'> {
  return fftn(x, { axes: [-2, -1], centred: true, norm: 'ortho', inverse: true }, out);
}

/** Centred orthonormal transform over one axis. */
export function fft1c(x: NdArray<'complex64'>, axis: number, out?: NdArray<'complex64'>): NdArray<'complex64'> {
  return fftn(x, { axes: [axis], centred: true, norm: 'ortho' }, out);
}

/** Inverse (and adjoint) of fft1c. */
export function ifft1c(x: NdArray<'complex64'>, axis: number, out?: NdArray<'complex64'>): NdArray<'complex64'> {
  return fftn(x, { axes: [axis], centred: true, norm: 'ortho', inverse: true }, out);
}

/**
 * General form. Throws `internal` for an axis outside the shape or an `out` of another size, and `job.memory` where the
 * transformed part of one batch does not fit the kernels' memory.
 */
export function fftn(x: NdArray<'complex64'>, options: FftOptions = {}, out?: NdArray<'complex64'>): NdArray<'complex64'> {
  const result = out ?? zeros('complex64', x.shape);
  if (result.data.length !== x.data.length) throw new LacunaError('internal', 'fft: `out` must have the shape of `x`');
  const axes = (options.axes ?? [...x.shape.keys()]).map((axis) => checkAxis(axis, x.shape));
  const plane = x.shape.slice(Math.min(x.shape.length, ...axes));
  const size = 2 * elementCount(plane);
  if (size === 0) return result;
  const batch = Math.max(1, Math.floor(BATCH_FLOATS / size));
  const step = batch * size;
  const { heap } = kernels();
  const buffer = heap.allocate(4 * Math.min(step, x.data.length));
  try {
    for (let at = 0; at < x.data.length; at += step) {
      const part = x.data.subarray(at, at + step);
      heap.floats(buffer, part.length).set(part);
      for (const axis of axes) {
        transformAxis(buffer, [part.length / size, ...plane], axis - x.shape.length + plane.length + 1, options);
      }
      result.data.set(heap.floats(buffer, part.length), at);
    }
  } finally {
    heap.free(buffer);
  }
  return result;
}

/** Small planes go through the kernels' memory together, up to this many floats; larger ones one by one, to stay in the cache. */
const BATCH_FLOATS = 1 << 17;

function checkAxis(given: number, shape: readonly number[]): number {
  const axis = given < 0 ? given + shape.length : given;
  if (shape[axis] === undefined) throw new LacunaError('internal', `fft: axis ${given} is outside [${shape.join(', ')}]`);
  return axis;
}

/** In place on the array of `shape` at `address`. */
function transformAxis(address: number, shape: readonly number[], axis: number, options: FftOptions): void {
  const n = shape[axis] as number;
  const outer = elementCount(shape.slice(0, axis));
  const inner = elementCount(shape.slice(axis + 1));
  const inverse = options.inverse ?? false;
  const scale = axisScale(n, inverse, options.norm ?? 'backward');
  const shift = options.centred ? Math.floor(n / 2) : 0;
  const plan = kernels().plan(n);
  const block = plan.elements * LANE_BLOCK;
  const words = [plan.address, address, address, outer, n, inner, shift, inverse ? SWAP : 0, floatBits(scale), block];
  kernels().run('fftAxis', words, 1, 4 * block);
}

/** Offset that exchanges real and imaginary parts in a lane block, which makes the forward kernels inverse ones. */
const SWAP = 16;

function axisScale(n: number, inverse: boolean, norm: FftNorm): number {
  if (norm === 'ortho') return 1 / Math.sqrt(n);
  return (norm === 'backward') === inverse ? 1 / n : 1;
}
