/**
 * Fourier transforms between images of four coils and larger grids, and the Toeplitz form of AᴴA made of them.
 *
 * An image is [row, column] of lane blocks, lanes are coils; both axes are rotated as in row blocks (pack.ts), and on the grid
 * index k stands for frequency k mod length, so padding is a gap in the middle and no shift remains. Only the columns of the
 * image pass through the transforms along columns: on a grid of twice the size that saves a quarter.
 */
import { BLOCK } from './butterflies';
import { gatherLanes, scatterLanes } from './gridding';
import { fft4 } from './lines';

/** Written by src/transform/nufft/padded-fft.ts, field by field. */
@unmanaged class PaddedFft {
  image: usize;
  rows: i32;
  columns: i32;
  grid: usize;
  rowBytes: usize;
  gridRows: i32;
  gridColumns: i32;
  /** Along rows (of length gridColumns) and along columns. */
  rowPlan: usize;
  columnPlan: usize;
  /** Bytes of one lane block of scratch; two are used. */
  block: usize;
  /** packImage, unpackImage: one float a row and a column, unrotated, that multiply the image; four planes [row, column]. */
  rowWeights: usize;
  columnWeights: usize;
  planes: usize;
  /** Toeplitz: one float a grid point. */
  spectrum: usize;
  /** Toeplitz: an image in row blocks of `step` bytes a group, and its product; `add` = 1 adds to it. */
  x: usize;
  out: usize;
  step: usize;
  add: i32;
  /** Toeplitz: sets of maps, `mapStride` bytes apart; x and out have an image a set, `stride` bytes apart. */
  sets: i32;
  mapStride: usize;
  stride: usize;
}

/** Columns or rows a task takes. */
const LINES: i32 = 4;

/** Task = image row: planes times weights → image, or image times weights → planes. */
export function packImage(job: usize, r: i32, inward: bool): void {
  const it = changetype<PaddedFft>(job);
  const columns = it.columns, half = columns >> 1;
  const plane = (<usize>it.rows * <usize>columns) << 3;
  let i = r - (it.rows >> 1);
  if (i < 0) i += it.rows;
  const row = it.image + <usize>i * <usize>columns * BLOCK;
  const weight = load<f32>(it.rowWeights + (<usize>r << 2));
  let at = it.planes + ((<usize>r * <usize>columns) << 3);
  for (let c = 0; c < columns; c++, at += 8) {
    const to = row + <usize>(c < half ? c - half + columns : c - half) * BLOCK;
    const scale = weight * load<f32>(it.columnWeights + (<usize>c << 2));
    if (inward) gatherLanes(at, plane, to, scale);
    else scatterLanes(to, at, plane, scale);
  }
}

/** `n` blocks, `stride` bytes apart, into `length` blocks with the gap in the middle. */
@inline function padInto(from: usize, stride: usize, n: i32, to: usize, length: i32): void {
  const head = n - (n >> 1);
  copyBlocks(from, stride, head, to, BLOCK, 0);
  memory.fill(to + <usize>head * BLOCK, 0, <usize>(length - n) * BLOCK);
  copyBlocks(from + <usize>head * stride, stride, n - head, to + <usize>(length - n + head) * BLOCK, BLOCK, 0);
}

/** The other way; real and imaginary parts are exchanged, which ends an inverse transform. */
@inline function cropFrom(from: usize, length: i32, to: usize, stride: usize, n: i32): void {
  const head = n - (n >> 1);
  copyBlocks(from, BLOCK, head, to, stride, 16);
  copyBlocks(from + <usize>(length - n + head) * BLOCK, BLOCK, n - head, to + <usize>head * stride, stride, 16);
}

@inline function copyBlocks(from: usize, stride: usize, n: i32, to: usize, toStride: usize, swap: usize): void {
  for (let k = 0; k < n; k++, from += stride, to += toStride) {
    v128.store(to + swap, v128.load(from));
    v128.store(to + 16 - swap, v128.load(from, 16));
  }
}

/** Task = four image columns: image → the first `columns` columns of the grid, transformed along columns. */
export function padColumns(job: usize, task: i32, scratch: usize): void {
  const it = changetype<PaddedFft>(job);
  for (let j = task * LINES, end = min(j + LINES, it.columns); j < end; j++) {
    const offset = <usize>j * BLOCK;
    padInto(it.image + offset, <usize>it.columns * BLOCK, it.rows, scratch, it.gridRows);
    copyBlocks(fft4(it.columnPlan, scratch, scratch + it.block), BLOCK, it.gridRows, it.grid + offset, it.rowBytes, 0);
  }
}

/** Task = four grid rows: the first `columns` blocks are padded and transformed, in place. */
export function padRows(job: usize, task: i32, scratch: usize): void {
  const it = changetype<PaddedFft>(job);
  for (let k = task * LINES, end = min(k + LINES, it.gridRows); k < end; k++) {
    const line = it.grid + <usize>k * it.rowBytes;
    padInto(line, BLOCK, it.columns, scratch, it.gridColumns);
    memory.copy(line, fft4(it.rowPlan, scratch, scratch + it.block), <usize>it.gridColumns * BLOCK);
  }
}

/** Task = four grid rows: inverse transform; what the image needs of it is left in the first `columns` blocks. */
export function cropRows(job: usize, task: i32, scratch: usize): void {
  const it = changetype<PaddedFft>(job);
  for (let k = task * LINES, end = min(k + LINES, it.gridRows); k < end; k++) {
    const line = it.grid + <usize>k * it.rowBytes;
    copyBlocks(line, BLOCK, it.gridColumns, scratch, BLOCK, 16);
    cropFrom(fft4(it.rowPlan, scratch, scratch + it.block), it.gridColumns, line, BLOCK, it.columns);
  }
}

/** Task = four image columns: inverse transform along columns → image. */
export function cropColumns(job: usize, task: i32, scratch: usize): void {
  const it = changetype<PaddedFft>(job);
  for (let j = task * LINES, end = min(j + LINES, it.columns); j < end; j++) {
    const offset = <usize>j * BLOCK;
    copyBlocks(it.grid + offset, it.rowBytes, it.gridRows, scratch, BLOCK, 16);
    cropFrom(fft4(it.columnPlan, scratch, scratch + it.block), it.gridRows, it.image + offset, <usize>it.columns * BLOCK, it.rows);
  }
}

/** Address of pixel (i, j) of an image in row blocks; its imaginary part lies 16 bytes on. */
@inline function pixel(image: usize, step: usize, i: i32, j: i32): usize {
  return image + <usize>(i >> 2) * step + <usize>j * BLOCK + (<usize>(i & 3) << 2);
}

/** Task = four image columns: as padColumns of Σ over the sets of maps · x, where the maps are `image`. */
export function toeplitzColumns(job: usize, task: i32, scratch: usize): void {
  const it = changetype<PaddedFft>(job);
  const head = it.rows - (it.rows >> 1);
  const gap = it.gridRows - it.rows;
  for (let j = task * LINES, end = min(j + LINES, it.columns); j < end; j++) {
    memory.fill(scratch + <usize>head * BLOCK, 0, <usize>gap * BLOCK);
    for (let set = 0; set < it.sets; set++) {
      let map = it.image + <usize>set * it.mapStride + <usize>j * BLOCK;
      const x = it.x + <usize>set * it.stride;
      for (let i = 0; i < it.rows; i++, map += <usize>it.columns * BLOCK) {
        const at = pixel(x, it.step, i, j);
        const xr = v128.load_splat<f32>(at), xi = v128.load_splat<f32>(at, 16), sr = v128.load(map), si = v128.load(map, 16);
        const to = scratch + <usize>(i < head ? i : i + gap) * BLOCK;
        let re = f32x4.sub(f32x4.mul(xr, sr), f32x4.mul(xi, si)), im = f32x4.add(f32x4.mul(xr, si), f32x4.mul(xi, sr));
        if (set > 0) {
          re = f32x4.add(re, v128.load(to));
          im = f32x4.add(im, v128.load(to, 16));
        }
        v128.store(to, re);
        v128.store(to, im, 16);
      }
    }
    copyBlocks(fft4(it.columnPlan, scratch, scratch + it.block), BLOCK, it.gridRows, it.grid + <usize>j * BLOCK, it.rowBytes, 0);
  }
}

/** Task = four grid rows: transform, spectrum, inverse transform, of the first `columns` blocks. */
export function toeplitzRows(job: usize, task: i32, scratch: usize): void {
  const it = changetype<PaddedFft>(job);
  for (let k = task * LINES, end = min(k + LINES, it.gridRows); k < end; k++) {
    const line = it.grid + <usize>k * it.rowBytes;
    padInto(line, BLOCK, it.columns, scratch, it.gridColumns);
    let f = fft4(it.rowPlan, scratch, scratch + it.block);
    let w = it.spectrum + ((<usize>k * <usize>it.gridColumns) << 2);
    for (let y = f, last = f + <usize>it.gridColumns * BLOCK; y < last; y += BLOCK, w += 4) {
      const m = v128.load_splat<f32>(w), re = f32x4.mul(v128.load(y), m);
      v128.store(y, f32x4.mul(v128.load(y, 16), m));
      v128.store(y, re, 16);
    }
    f = fft4(it.rowPlan, f, f == scratch ? scratch + it.block : scratch);
    cropFrom(f, it.gridColumns, line, BLOCK, it.columns);
  }
}

/** Task = four image columns: out (+)= for each set Σ over the lanes of conj(maps) · inverse transform. */
export function toeplitzSum(job: usize, task: i32, scratch: usize): void {
  const it = changetype<PaddedFft>(job);
  const head = it.rows - (it.rows >> 1), gap = it.gridRows - it.rows;
  for (let j = task * LINES, end = min(j + LINES, it.columns); j < end; j++) {
    copyBlocks(it.grid + <usize>j * BLOCK, it.rowBytes, it.gridRows, scratch, BLOCK, 16);
    const f = fft4(it.columnPlan, scratch, scratch + it.block);
    for (let set = 0; set < it.sets; set++) {
      let map = it.image + <usize>set * it.mapStride + <usize>j * BLOCK;
      const out = it.out + <usize>set * it.stride;
      for (let i = 0; i < it.rows; i++, map += <usize>it.columns * BLOCK) {
        const y = f + <usize>(i < head ? i : i + gap) * BLOCK;
        const fi = v128.load(y), fr = v128.load(y, 16), sr = v128.load(map), si = v128.load(map, 16);
        const at = pixel(out, it.step, i, j);
        const re = sumLanes(f32x4.add(f32x4.mul(fr, sr), f32x4.mul(fi, si)));
        const im = sumLanes(f32x4.sub(f32x4.mul(fi, sr), f32x4.mul(fr, si)));
        store<f32>(at, it.add ? load<f32>(at) + re : re);
        store<f32>(at, it.add ? load<f32>(at, 16) + im : im, 16);
      }
    }
  }
}

@inline function sumLanes(x: v128): f32 {
  return f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}
