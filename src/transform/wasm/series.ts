/**
 * A series of images and its Casorati matrix (pixels × frames) in kernel memory: frames lie `stride` bytes apart, each a run of lane
 * blocks in whatever order. Everything here works pixel by pixel, so the order does not matter, and padding that is zero stays zero.
 */
import { BLOCK } from './butterflies';
import { fft4 } from './lines';

/** Lane blocks of every frame that a task of the Gram matrix takes: two frames of them stay in the nearest cache. */
const GRAM_TILE: i32 = 256;
/** Lane blocks that a task of the shrinkage takes, frame by frame. */
const TILE: i32 = 16;
/** Floats that a task of the data consistency takes. */
const CHUNK: i32 = 8192;

@unmanaged class SeriesJob {
  /** Series M, S, and L first, L + S afterwards. */
  m: usize;
  sparse: usize;
  sum: usize;
  stride: usize;
  /** Lane blocks of a frame. */
  blocks: i32;
  frames: i32;
  /** Gram: for each task the upper triangle, row after row, pairs of float64. */
  partial: usize;
  /** Shrinkage: frames × frames complex float32; the plan of the transform over time; its scale 1/√frames; the threshold. */
  projector: usize;
  plan: usize;
  scale: f32;
  threshold: f32;
  /** Bytes of one lane block of scratch for the transform. */
  block: usize;
}

@inline function upper(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f64>(x, x, 1, 1));
}

/** Task = run of lane blocks: L = M − S, and its share of LᴴL in double precision, element (s, t) = Σ conj(L_s)·L_t for s ≤ t. */
export function seriesGram(job: usize, task: i32): void {
  const it = changetype<SeriesJob>(job);
  const from = <usize>(task * GRAM_TILE) * BLOCK, bytes = <usize>min(GRAM_TILE, it.blocks - task * GRAM_TILE) * BLOCK;
  const frames = it.frames, stride = it.stride;
  for (let t = 0; t < frames; t++) {
    const at = <usize>t * stride + from;
    const m = it.m + at, sparse = it.sparse + at, low = it.sum + at;
    for (let k: usize = 0; k < bytes; k += 16) v128.store(low + k, f32x4.sub(v128.load(m + k), v128.load(sparse + k)));
  }
  let out = it.partial + <usize>task * <usize>(frames * (frames + 1)) * 8;
  for (let s = 0; s < frames; s++) {
    const a = it.sum + <usize>s * stride + from;
    for (let t = s; t < frames; t++, out += 16) {
      const b = it.sum + <usize>t * stride + from;
      let re = f64x2.splat(0), im = f64x2.splat(0);
      for (let k: usize = 0; k < bytes; k += BLOCK) {
        const ar = v128.load(a + k), ai = v128.load(a + k, 16), br = v128.load(b + k), bi = v128.load(b + k, 16);
        const arl = f64x2.promote_low_f32x4(ar), ail = f64x2.promote_low_f32x4(ai), brl = f64x2.promote_low_f32x4(br), bil = f64x2.promote_low_f32x4(bi);
        re = f64x2.add(re, f64x2.add(f64x2.mul(arl, brl), f64x2.mul(ail, bil)));
        im = f64x2.add(im, f64x2.sub(f64x2.mul(arl, bil), f64x2.mul(ail, brl)));
        const arh = upper(ar), aih = upper(ai), brh = upper(br), bih = upper(bi);
        re = f64x2.add(re, f64x2.add(f64x2.mul(arh, brh), f64x2.mul(aih, bih)));
        im = f64x2.add(im, f64x2.sub(f64x2.mul(arh, bih), f64x2.mul(aih, brh)));
      }
      store<f64>(out, f64x2.extract_lane(re, 0) + f64x2.extract_lane(re, 1));
      store<f64>(out, f64x2.extract_lane(im, 0) + f64x2.extract_lane(im, 1), 8);
    }
  }
}

/** x ← 1 − threshold/|x| of itself, 0 where |x| is less; real and imaginary parts are exchanged for the inverse transform. */
@inline function softSwapped(x: usize, threshold: v128, scale: v128): void {
  const re = f32x4.mul(v128.load(x), scale), im = f32x4.mul(v128.load(x, 16), scale);
  const size = f32x4.sqrt(f32x4.add(f32x4.mul(re, re), f32x4.mul(im, im)));
  // The first operand also where the share is no number, 0/0.
  const share = f32x4.mul(scale, f32x4.pmax(f32x4.splat(0), f32x4.sub(f32x4.splat(1), f32x4.div(threshold, size))));
  v128.store(x, f32x4.mul(share, im));
  v128.store(x, f32x4.mul(share, re), 16);
}

/** Task = run of lane blocks, where `sum` holds L: L ← L·P, S = Tᴴ soft(T(M − L)), sum = L + S. T is the orthonormal transform over frames. */
export function seriesShrink(job: usize, task: i32, scratch: usize): void {
  const it = changetype<SeriesJob>(job);
  const from = <usize>(task * TILE) * BLOCK, count = min(TILE, it.blocks - task * TILE);
  const frames = it.frames, stride = it.stride, run = <usize>frames * BLOCK;
  const a = scratch, b = a + it.block, low = b + it.block, tile = low + run;
  const threshold = f32x4.splat(it.threshold), scale = f32x4.splat(it.scale);
  // Frames are a stride apart, often a power of two: gathered by runs, or every load would meet the same few lines of the cache.
  for (let t = 0; t < frames; t++) {
    const x = it.sum + <usize>t * stride + from;
    for (let k = 0; k < count; k++) {
      const to = tile + <usize>k * run + <usize>t * BLOCK;
      v128.store(to, v128.load(x + <usize>k * BLOCK));
      v128.store(to, v128.load(x + <usize>k * BLOCK, 16), 16);
    }
  }
  for (let k = 0; k < count; k++) {
    const x = tile + <usize>k * run, at = from + <usize>k * BLOCK;
    for (let t = 0; t < frames; t++) {
      let p = it.projector + (<usize>t << 3);
      let re = f32x4.splat(0), im = f32x4.splat(0);
      for (let y = x, end = x + run; y < end; y += BLOCK, p += <usize>frames << 3) {
        const xr = v128.load(y), xi = v128.load(y, 16), pr = v128.load_splat<f32>(p), pi = v128.load_splat<f32>(p, 4);
        re = f32x4.add(re, f32x4.sub(f32x4.mul(xr, pr), f32x4.mul(xi, pi)));
        im = f32x4.add(im, f32x4.add(f32x4.mul(xr, pi), f32x4.mul(xi, pr)));
      }
      const m = it.m + <usize>t * stride + at, offset = <usize>t * BLOCK;
      v128.store(low + offset, re);
      v128.store(low + offset, im, 16);
      v128.store(a + offset, f32x4.sub(v128.load(m), re));
      v128.store(a + offset, f32x4.sub(v128.load(m, 16), im), 16);
    }
    let f = fft4(it.plan, a, b);
    for (let y = f, end = f + run; y < end; y += BLOCK) softSwapped(y, threshold, scale);
    f = fft4(it.plan, f, f == a ? b : a);
    for (let t = 0; t < frames; t++) {
      const offset = <usize>t * BLOCK, to = <usize>t * stride + at;
      const re = v128.load(f + offset, 16), im = v128.load(f + offset);
      v128.store(it.sparse + to, re);
      v128.store(it.sparse + to, im, 16);
      v128.store(it.sum + to, f32x4.add(v128.load(low + offset), re));
      v128.store(it.sum + to, f32x4.add(v128.load(low + offset, 16), im), 16);
    }
  }
}

/** M ← x − normal + b of one frame; partial[task] = (‖M⁺ − M‖², ‖M⁺‖²) of the chunk, in double precision. */
@unmanaged class Consistency {
  m: usize;
  x: usize;
  normal: usize;
  b: usize;
  length: i32;
  partial: usize;
}

export function seriesConsistent(job: usize, task: i32): void {
  const it = changetype<Consistency>(job);
  const from = task * CHUNK, offset = <usize>from << 2;
  const m = it.m + offset, x = it.x + offset, normal = it.normal + offset, b = it.b + offset;
  let change = f64x2.splat(0), energy = f64x2.splat(0);
  for (let k: usize = 0, end = <usize>min(CHUNK, it.length - from) << 2; k < end; k += 16) {
    const next = f32x4.add(f32x4.sub(v128.load(x + k), v128.load(normal + k)), v128.load(b + k));
    const step = f32x4.sub(next, v128.load(m + k));
    v128.store(m + k, next);
    const stepLow = f64x2.promote_low_f32x4(step), stepHigh = upper(step), nextLow = f64x2.promote_low_f32x4(next), nextHigh = upper(next);
    change = f64x2.add(change, f64x2.add(f64x2.mul(stepLow, stepLow), f64x2.mul(stepHigh, stepHigh)));
    energy = f64x2.add(energy, f64x2.add(f64x2.mul(nextLow, nextLow), f64x2.mul(nextHigh, nextHigh)));
  }
  const out = it.partial + (<usize>task << 4);
  store<f64>(out, f64x2.extract_lane(change, 0) + f64x2.extract_lane(change, 1));
  store<f64>(out, f64x2.extract_lane(energy, 0) + f64x2.extract_lane(energy, 1), 8);
}
