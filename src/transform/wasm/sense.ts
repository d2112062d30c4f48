/**
 * The normal operator AᴴA of A = mask · F · maps on images in row blocks (pack.ts), one task at a time.
 *
 * A mask of whole lines (columns) commutes with the transform along the readout, so AᴴA needs transforms along rows alone:
 * Sᴴ F_cᴴ m F_c S, and a row group never leaves the cache. A mask of points needs both directions, in three stages.
 */
import { BLOCK } from './butterflies';
import { fft4 } from './lines';

@unmanaged class Sense {
  x: usize;
  out: usize;
  /** Coil maps, set after set, and coil buffers: `stride` bytes a coil. */
  maps: usize;
  buffers: usize;
  stride: usize;
  /** Bytes of a row group: columns rounded up to a multiple of four, times a lane block. */
  step: usize;
  coils: i32;
  rows: i32;
  columns: i32;
  rowPlan: usize;
  columnPlan: usize;
  /** Lines: one float a column, times 1/columns. Points: four columns side by side, row after row, times 1/(rows·columns). */
  mask: usize;
  /** Bytes of one lane block of scratch. */
  block: usize;
  /** Applied by the adjoint alone: 1/√(rows·columns). */
  scale: f32;
  /** Sets of maps; x and out have one image a set, `stride` bytes apart. */
  sets: i32;
}

@inline function swapBuffers(f: usize, a: usize, b: usize): usize {
  return f == a ? b : a;
}

/** to = x · s over `count` blocks. */
@inline function timesMap(x: usize, s: usize, count: i32, to: usize): void {
  for (let k: usize = 0, end = <usize>count * BLOCK; k < end; k += BLOCK) {
    const xr = v128.load(x + k), xi = v128.load(x + k, 16), sr = v128.load(s + k), si = v128.load(s + k, 16);
    v128.store(to + k, f32x4.sub(f32x4.mul(xr, sr), f32x4.mul(xi, si)));
    v128.store(to + k, f32x4.add(f32x4.mul(xr, si), f32x4.mul(xi, sr)), 16);
  }
}

/** to += x · s over `count` blocks. */
@inline function addTimesMap(x: usize, s: usize, count: i32, to: usize): void {
  for (let k: usize = 0, end = <usize>count * BLOCK; k < end; k += BLOCK) {
    const xr = v128.load(x + k), xi = v128.load(x + k, 16), sr = v128.load(s + k), si = v128.load(s + k, 16);
    v128.store(to + k, f32x4.add(v128.load(to + k), f32x4.sub(f32x4.mul(xr, sr), f32x4.mul(xi, si))));
    v128.store(to + k, f32x4.add(v128.load(to + k, 16), f32x4.add(f32x4.mul(xr, si), f32x4.mul(xi, sr))), 16);
  }
}

/** to = Σ over sets of x · maps of coil c, for the row group at offset `at`. */
@inline function coilImage(it: Sense, c: i32, at: usize, to: usize): void {
  timesMap(it.x + at, it.maps + <usize>c * it.stride + at, it.columns, to);
  for (let s = 1; s < it.sets; s++) {
    addTimesMap(it.x + <usize>s * it.stride + at, it.maps + <usize>(s * it.coils + c) * it.stride + at, it.columns, to);
  }
}

/** out of every set (+)= conj(maps of coil c) · f. */
@inline function addToSets(it: Sense, c: i32, at: usize, f: usize): void {
  for (let s = 0; s < it.sets; s++) {
    addConjugateMap(f, it.maps + <usize>(s * it.coils + c) * it.stride + at, it.columns, it.out + <usize>s * it.stride + at, c == 0);
  }
}

/** out (+)= conj(s) · f, where f has its real and imaginary parts exchanged. */
@inline function addConjugateMap(f: usize, s: usize, count: i32, out: usize, first: bool): void {
  for (let k: usize = 0, end = <usize>count * BLOCK; k < end; k += BLOCK) {
    const fi = v128.load(f + k), fr = v128.load(f + k, 16), sr = v128.load(s + k), si = v128.load(s + k, 16);
    let re = f32x4.add(f32x4.mul(fr, sr), f32x4.mul(fi, si));
    let im = f32x4.sub(f32x4.mul(fi, sr), f32x4.mul(fr, si));
    if (!first) {
      re = f32x4.add(re, v128.load(out + k));
      im = f32x4.add(im, v128.load(out + k, 16));
    }
    v128.store(out + k, re);
    v128.store(out + k, im, 16);
  }
}

/** Task = row group. */
export function normalLines(job: usize, g: i32, scratch: usize): void {
  const it = changetype<Sense>(job);
  const columns = it.columns, at = <usize>g * it.step;
  const a = scratch, b = a + it.block;
  for (let c = 0; c < it.coils; c++) {
    coilImage(it, c, at, a);
    let f = fft4(it.rowPlan, a, b);
    for (let k = 0; k < columns; k++) {
      const y = f + <usize>k * BLOCK, m = v128.load_splat<f32>(it.mask + (<usize>k << 2));
      const re = f32x4.mul(v128.load(y), m);
      v128.store(y, f32x4.mul(v128.load(y, 16), m));
      v128.store(y, re, 16);
    }
    f = fft4(it.rowPlan, f, swapBuffers(f, a, b));
    addToSets(it, c, at, f);
  }
}

/** Task = coil · groups + row group: buffers[c] = F_rows (maps[c] · x). */
export function forwardRows(job: usize, task: i32, scratch: usize): void {
  const it = changetype<Sense>(job);
  const groups = (it.rows + 3) >> 2;
  const coil = <usize>(task / groups) * it.stride, at = <usize>(task % groups) * it.step;
  coilImage(it, task / groups, at, scratch);
  memory.copy(it.buffers + coil + at, fft4(it.rowPlan, scratch, scratch + it.block), <usize>it.columns * BLOCK);
}

/** Task = row group: out = Σ_c conj(maps[c]) · F_rowsᴴ buffers[c] · scale. */
export function adjointRows(job: usize, g: i32, scratch: usize): void {
  const it = changetype<Sense>(job);
  const at = <usize>g * it.step;
  const scale = f32x4.splat(it.scale);
  for (let c = 0; c < it.coils; c++) {
    const y = it.buffers + <usize>c * it.stride + at;
    for (let k: usize = 0, end = <usize>it.columns * BLOCK; k < end; k += BLOCK) {
      v128.store(scratch + k, f32x4.mul(v128.load(y + k, 16), scale));
      v128.store(scratch + k, f32x4.mul(v128.load(y + k), scale), 16);
    }
    const f = fft4(it.rowPlan, scratch, scratch + it.block);
    addToSets(it, c, at, f);
  }
}

@inline function transposeStore(from: usize, to: usize, imaginary: usize): void {
  const p = from + imaginary;
  const a = v128.load(p), b = v128.load(p, 32), c = v128.load(p, 64), d = v128.load(p, 96);
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5), AB = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5), CD = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f64>(ab, cd, 0, 2));
  v128.store(to, v128.shuffle<f64>(ab, cd, 1, 3), 32);
  v128.store(to, v128.shuffle<f64>(AB, CD, 0, 2), 64);
  v128.store(to, v128.shuffle<f64>(AB, CD, 1, 3), 96);
}

/** Four columns of row blocks as one lane block along rows, or back: 4×4 tiles are transposed. */
@inline function transposeTiles(from: usize, fromStep: usize, to: usize, toStep: usize, groups: i32, swap: usize): void {
  for (let g = 0; g < groups; g++, from += fromStep, to += toStep) {
    transposeStore(from, to + swap, 0);
    transposeStore(from, to + 16 - swap, 16);
  }
}

/** Task = coil · column groups + column group: transforms four columns forth and, after the mask, back. */
export function columnsMasked(job: usize, task: i32, scratch: usize): void {
  const it = changetype<Sense>(job);
  const across = (it.columns + 3) >> 2, groups = (it.rows + 3) >> 2;
  const a = scratch, b = a + it.block;
  const q = task % across;
  const tiles = it.buffers + <usize>(task / across) * it.stride + <usize>q * 4 * BLOCK;
  const step = it.step;
  transposeTiles(tiles, step, a, 4 * BLOCK, groups, 0);
  let f = fft4(it.columnPlan, a, b);
  const mask = it.mask + <usize>q * <usize>it.rows * 16;
  for (let k = 0; k < it.rows; k++) {
    const y = f + <usize>k * BLOCK, m = v128.load(mask + (<usize>k << 4));
    const re = f32x4.mul(v128.load(y), m);
    v128.store(y, f32x4.mul(v128.load(y, 16), m));
    v128.store(y, re, 16);
  }
  f = fft4(it.columnPlan, f, swapBuffers(f, a, b));
  memory.fill(f + <usize>it.rows * BLOCK, 0, <usize>(groups * 4 - it.rows) * BLOCK);
  transposeTiles(f, 4 * BLOCK, tiles, step, groups, 16);
}

/** Task as columnsMasked: inverse transform of four columns, unscaled. */
export function columnsInverse(job: usize, task: i32, scratch: usize): void {
  const it = changetype<Sense>(job);
  const across = (it.columns + 3) >> 2, groups = (it.rows + 3) >> 2;
  const tiles = it.buffers + <usize>(task / across) * it.stride + <usize>(task % across) * 4 * BLOCK;
  const step = it.step;
  transposeTiles(tiles, step, scratch, 4 * BLOCK, groups, 16);
  const f = fft4(it.columnPlan, scratch, scratch + it.block);
  memory.fill(f + <usize>it.rows * BLOCK, 0, <usize>(groups * 4 - it.rows) * BLOCK);
  transposeTiles(f, 4 * BLOCK, tiles, step, groups, 16);
}
