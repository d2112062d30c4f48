/** Plans of the last trajectories, found by content: sliders and slices come back with the same points in new arrays. */
import type { Trajectory } from '../../array/trajectory.ts';
import { kernels, type Kernels } from '../kernels.ts';
import { ACCURATE, Nufft, type NufftOptions } from './nufft.ts';

/** Enough for a series of frames that comes round, and never more kernel memory than MOST_BYTES for those not in use. */
const MOST_KEPT = 16;
const MOST_BYTES = 128 * 2 ** 20;

const caches = new WeakMap<Kernels, Map<string, Nufft>>();

/** The transform of `trajectory` in this thread's kernels; valid until the next call. Throws as the constructor of Nufft. */
export function nufftOf(trajectory: Trajectory, options: NufftOptions = ACCURATE): Nufft {
  const owner = kernels();
  const cache = caches.get(owner) ?? new Map<string, Nufft>();
  caches.set(owner, cache);
  const key = `${trajectoryKey(trajectory)}:${options.oversampling}:${options.width}`;
  const known = cache.get(key);
  const found = known ?? new Nufft(owner, trajectory, options);
  // Deleting first puts a hit at the end, so that the one unused for longest is dropped.
  cache.delete(key);
  cache.set(key, found);
  let bytes = 0;
  for (const [i, [name, plan]] of [...cache].reverse().entries()) {
    bytes += plan.bytes;
    if (i === 0 || (i < MOST_KEPT && bytes <= MOST_BYTES)) continue;
    plan.dispose();
    cache.delete(name);
  }
  return found;
}

/** Equal for equal matrices and equal bits of the points: two 32-bit FNV-1a hashes. */
export function trajectoryKey({ points, matrix }: Trajectory): string {
  const bits = new Uint32Array(points.data.buffer, points.data.byteOffset, points.data.length);
  let a = 0x811c9dc5;
  let b = 0x01000193;
  for (const value of bits) {
    a = Math.imul(a ^ value, 0x01000193);
    b = Math.imul(b ^ (value >>> 15) ^ (value << 17), 0x85ebca6b);
  }
  return [matrix.rows, matrix.columns, ...points.shape, a >>> 0, b >>> 0].join('.');
}
