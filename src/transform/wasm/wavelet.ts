/**
 * Decimated, periodised orthonormal wavelet transform of a complex image, with the soft threshold of its details.
 *
 * One level on n samples: low[k] = Σ_t h[t]·x[(2k + t) mod n], high[k] = Σ_t g[t]·x[(2k + t) mod n]; the inverse is the
 * transpose. `work` is row-major interleaved, height × width; at each level the top left block is split into four, the
 * approximation top left. Rows are filtered four at a time as lane blocks, columns in strips of 64 bytes.
 */
import { BLOCK } from './butterflies';
import { gatherRows, scatterRows } from './lines';

@unmanaged class Wavelet {
  work: usize;
  /** Of the whole work image. */
  height: i32;
  width: i32;
  /** Of the block at this level. */
  h: i32;
  w: i32;
  /** `taps` low-pass coefficients, then as many high-pass ones. */
  filters: usize;
  taps: i32;
  /** Of the details, applied as soon as they are made; negative = none. */
  threshold: f32;
  /** Image in row blocks (pack.ts), and how far it is rotated down and right in `work`. */
  blocks: usize;
  step: usize;
  rows: i32;
  columns: i32;
  down: i32;
  right: i32;
  /** A row of work that may be overwritten. */
  spare: usize;
}

const STRIP: usize = 64;

/** `x` holds n + taps − 2 elements of `units` vectors, the first ones again at the end. Low and high outputs step by `stride`. */
function analyse(it: Wavelet, x: usize, element: usize, n: i32, units: i32, low: usize, high: usize, stride: usize): void {
  const h = it.filters, taps = <usize>it.taps, g = h + (taps << 2);
  for (let k = 0; k < n; k += 2, x += 2 * element, low += stride, high += stride) {
    for (let u: usize = 0; u < <usize>units << 4; u += 16) {
      let l = f32x4.splat(0), d = f32x4.splat(0);
      for (let t: usize = 0, at = x + u; t < taps << 2; t += 4, at += element) {
        const v = v128.load(at);
        l = f32x4.add(l, f32x4.mul(v, v128.load_splat<f32>(h + t)));
        d = f32x4.add(d, f32x4.mul(v, v128.load_splat<f32>(g + t)));
      }
      v128.store(low + u, l);
      v128.store(high + u, d);
    }
  }
}

/** `low` and `high` point at element 0 of n/2; the last taps/2 − 1 elements stand before it once more. */
function synthesise(it: Wavelet, low: usize, high: usize, element: usize, n: i32, units: i32, x: usize, stride: usize): void {
  const h = it.filters, taps = <usize>it.taps, g = h + (taps << 2);
  for (let k = 0; k < n; k += 2, low += element, high += element, x += 2 * stride) {
    for (let u: usize = 0; u < <usize>units << 4; u += 16) {
      let even = f32x4.splat(0), odd = f32x4.splat(0);
      for (let t: usize = 0, back = u; t < taps << 2; t += 8, back -= element) {
        const l = v128.load(low + back), d = v128.load(high + back);
        even = f32x4.add(even, f32x4.add(f32x4.mul(l, v128.load_splat<f32>(h + t)), f32x4.mul(d, v128.load_splat<f32>(g + t))));
        odd = f32x4.add(odd, f32x4.add(f32x4.mul(l, v128.load_splat<f32>(h + t, 4)), f32x4.mul(d, v128.load_splat<f32>(g + t, 4))));
      }
      v128.store(x + u, even);
      v128.store(x + stride + u, odd);
    }
  }
}

/** Copies elements 0 … count−1 behind the last of n, going round more than once where n < count. */
@inline function extendAfter(x: usize, element: usize, n: i32, count: i32): void {
  const size = <usize>n * element;
  for (let k: usize = 0, end = <usize>count * element; k < end; k += 16) v128.store(x + size + k, v128.load(x + k));
}

/** Copies elements n−1, n−2, … before element 0. */
@inline function extendBefore(x: usize, element: usize, n: i32, count: i32): void {
  const size = <usize>n * element;
  for (let k: usize = 16, end = <usize>count * element; k <= end; k += 16) v128.store(x - k, v128.load(x + size - k));
}

@inline function workRow(it: Wavelet, r: i32): usize {
  return it.work + ((<usize>r * <usize>it.width) << 3);
}

/** Task = four rows of the block at this level. */
export function waveletRows(job: usize, task: i32, scratch: usize, forward: bool): void {
  const it = changetype<Wavelet>(job);
  const last = it.h - 1, r = task << 2;
  const p0 = workRow(it, r), p1 = workRow(it, min(r + 1, last)), p2 = workRow(it, min(r + 2, last)), p3 = workRow(it, min(r + 3, last));
  if (forward) {
    gatherRows(p0, p1, p2, p3, it.w, scratch, 0);
    scatterRows(analyseLane(it, scratch), it.w, p0, p1, p2, p3, 0, 1);
  } else {
    const half = it.w >> 1, lead = <usize>(it.taps >> 1) * BLOCK;
    const low = scratch + lead, high = low + <usize>half * BLOCK + lead;
    gatherRows(p0, p1, p2, p3, half, low, 0);
    const o = <usize>half << 3;
    gatherRows(p0 + o, p1 + o, p2 + o, p3 + o, half, high, 0);
    scatterRows(synthesiseLane(it, low, high), it.w, p0, p1, p2, p3, 0, 1);
  }
}

/** Analyses the lane block at `x` (with room for taps more elements); returns the w outputs. */
@inline function analyseLane(it: Wavelet, x: usize): usize {
  extendAfter(x, BLOCK, it.w, it.taps - 2);
  const out = x + <usize>(it.w + it.taps) * BLOCK;
  analyse(it, x, BLOCK, it.w, 2, out, out + <usize>(it.w >> 1) * BLOCK, BLOCK);
  return out;
}

/** Synthesises lane blocks of w/2 elements, each with room for taps/2 elements before it; returns the w outputs. */
@inline function synthesiseLane(it: Wavelet, low: usize, high: usize): usize {
  const half = it.w >> 1;
  extendBefore(low, BLOCK, half, (it.taps >> 1) - 1);
  extendBefore(high, BLOCK, half, (it.taps >> 1) - 1);
  const out = high + <usize>half * BLOCK;
  synthesise(it, low, high, BLOCK, it.w, 2, out, BLOCK);
  return out;
}

/** Task = strip of eight complex columns of the block at this level; forward it also shrinks what it made. */
export function waveletColumns(job: usize, task: i32, scratch: usize, forward: bool): void {
  const it = changetype<Wavelet>(job);
  const left = <usize>task * STRIP, row = <usize>it.width << 3;
  const units = <i32>(min(STRIP, (<usize>it.w << 3) - left) >> 4);
  const p = it.work + left;
  const half = it.h >> 1;
  if (forward) {
    copyStrip(p, row, scratch, it.h, units);
    extendAfter(scratch, STRIP, it.h, it.taps - 2);
    analyse(it, scratch, STRIP, it.h, units, p, p + <usize>half * row, row);
    shrinkStrip(it, left, left + (<usize>units << 4));
  } else {
    const lead = <usize>(it.taps >> 1) * STRIP;
    const low = scratch + lead, high = low + <usize>half * STRIP + lead;
    copyStrip(p, row, low, half, units);
    copyStrip(p + <usize>half * row, row, high, half, units);
    extendBefore(low, STRIP, half, (it.taps >> 1) - 1);
    extendBefore(high, STRIP, half, (it.taps >> 1) - 1);
    synthesise(it, low, high, STRIP, it.h, units, p, row);
  }
}

@inline function copyStrip(from: usize, row: usize, to: usize, n: i32, units: i32): void {
  for (let k = 0; k < n; k++, from += row, to += STRIP) {
    for (let u: usize = 0; u < <usize>units << 4; u += 16) v128.store(to + u, v128.load(from + u));
  }
}

/** Task = four rows of the image: into `work`, rotated and padded with zeros, the first level of rows already split. */
export function waveletEnter(job: usize, task: i32, scratch: usize): void {
  const it = changetype<Wavelet>(job);
  const stored = (it.rows + 3) >> 2;
  if (it.w > it.columns || task >= stored) memory.fill(scratch, 0, <usize>it.w * BLOCK);
  if (task < stored) ring(it, it.blocks + <usize>task * it.step, scratch, true);
  const i = task << 2;
  scatterRows(analyseLane(it, scratch), it.w, enteredRow(it, i), enteredRow(it, i + 1), enteredRow(it, i + 2), enteredRow(it, i + 3), 0, 1);
}

/** Task = four rows of the image: undoes waveletEnter; what lies in the padding is dropped. */
export function waveletLeave(job: usize, task: i32, scratch: usize): void {
  const it = changetype<Wavelet>(job);
  const i = task << 2;
  const p0 = enteredRow(it, i), p1 = enteredRow(it, i + 1), p2 = enteredRow(it, i + 2), p3 = enteredRow(it, i + 3);
  const half = it.w >> 1, lead = <usize>(it.taps >> 1) * BLOCK;
  const low = scratch + lead, high = low + <usize>half * BLOCK + lead;
  gatherRows(p0, p1, p2, p3, half, low, 0);
  const o = <usize>half << 3;
  gatherRows(p0 + o, p1 + o, p2 + o, p3 + o, half, high, 0);
  const to = it.blocks + <usize>task * it.step;
  ring(it, to, synthesiseLane(it, low, high), false);
  for (let lane = it.rows - i; lane < 4; lane++) clearLane(to, it.columns, lane);
}

/** Row of `work` that holds stored row i; rows past the image fill the padding, and past that the spare row. */
@inline function enteredRow(it: Wavelet, i: i32): usize {
  if (i >= it.height) return it.spare;
  const row = i < it.rows ? (i + (it.rows >> 1)) % it.rows : i;
  return workRow(it, (row + it.down) % it.height);
}

/** Moves one row group between its stored order and a ring of w elements rotated by `right`. */
function ring(it: Wavelet, stored: usize, ringAt: usize, inward: bool): void {
  const shift = it.columns >> 1, head = it.columns - shift;
  arc(it, stored, ringAt, shift, head, inward);
  arc(it, stored + <usize>head * BLOCK, ringAt, 0, shift, inward);
}

/** `count` elements of image columns `column` … */
@inline function arc(it: Wavelet, stored: usize, ringAt: usize, column: i32, count: i32, inward: bool): void {
  const start = (column + it.right) % it.w;
  const first = min(count, it.w - start);
  const a = ringAt + <usize>start * BLOCK, size = <usize>first * BLOCK, rest = <usize>(count - first) * BLOCK;
  if (inward) {
    memory.copy(a, stored, size);
    memory.copy(ringAt, stored + size, rest);
  } else {
    memory.copy(stored, a, size);
    memory.copy(stored + size, ringAt, rest);
  }
}

@inline function clearLane(blocks: usize, count: i32, lane: i32): void {
  for (let k = 0; k < count; k++) {
    store<f32>(blocks + <usize>k * BLOCK + (<usize>lane << 2), 0);
    store<f32>(blocks + <usize>k * BLOCK + (<usize>lane << 2), 0, 16);
  }
}

/**
 * z ← z · max(0, 1 − λ/|z|) for the complex numbers in [z, end). The vector part is for pairs of pairs; single ones follow with
 * the same operations, so that a result does not depend on where a strip ends.
 */
function shrink(z: usize, end: usize, threshold: f32): void {
  const limit = f32x4.splat(threshold), one = f32x4.splat(1), zero = f32x4.splat(0);
  for (; z + 32 <= end; z += 32) {
    const p = v128.load(z), q = v128.load(z, 16);
    const re = v128.shuffle<f32>(p, q, 0, 2, 4, 6), im = v128.shuffle<f32>(p, q, 1, 3, 5, 7);
    const size = f32x4.sqrt(f32x4.add(f32x4.mul(re, re), f32x4.mul(im, im)));
    // pmax(0, NaN) is 0, so zero stays zero where λ = 0 too.
    const keep = f32x4.pmax(zero, f32x4.sub(one, f32x4.div(limit, size)));
    v128.store(z, f32x4.mul(p, v128.shuffle<f32>(keep, keep, 0, 0, 1, 1)));
    v128.store(z, f32x4.mul(q, v128.shuffle<f32>(keep, keep, 2, 2, 3, 3)), 16);
  }
  for (; z < end; z += 8) {
    const re = load<f32>(z), im = load<f32>(z, 4);
    const kept: f32 = 1 - threshold / sqrt<f32>(re * re + im * im);
    const keep: f32 = kept > 0 ? kept : 0;
    store<f32>(z, re * keep);
    store<f32>(z, im * keep, 4);
  }
}

/** All of a strip that this level leaves final: everything but the rows and columns of the approximation. */
function shrinkStrip(it: Wavelet, left: usize, right: usize): void {
  if (it.threshold < 0) return;
  const row = <usize>it.width << 3, split = max(left, min(right, <usize>it.w << 2));
  let p = it.work;
  for (let r = 0; r < it.h; r++, p += row) shrink(p + (r < it.h >> 1 ? split : left), p + right, it.threshold);
}
