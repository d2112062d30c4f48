/**
 * Convolution between samples at arbitrary places and a periodic grid, four coils at once (Beatty et al., IEEE TMI 2005;24:799).
 *
 * Grid and samples hold lane blocks: lanes are coils. Samples lie sorted by *bin*: a run of grid rows that holds the first row
 * a sample touches. Spreading runs by output rows, so that each task owns what it writes and adds in the order of the samples,
 * whatever the number of threads; a bin is at least as high as the kernel, so only its predecessor reaches into it.
 */
import { BLOCK } from './butterflies';

/** Written by src/transform/nufft/sample-plan.ts and nufft.ts, field by field. */
@unmanaged class Gridding {
  grid: usize;
  /** Bytes from a grid row to the next. */
  rowBytes: usize;
  rows: i32;
  columns: i32;
  /** Grid points a sample touches in each direction. */
  width: i32;
  /** Bin t is the grid rows ⌊t·rows/bins⌋ … ⌊(t+1)·rows/bins⌋ − 1. */
  bins: i32;
  /** bins + 1 indices: the first sample of each bin. */
  binStarts: usize;
  /** Two integers a sample: the first row and column it touches. */
  corners: usize;
  /** `width` weights of the rows, then of the columns, a sample. */
  weights: usize;
  samples: usize;
  count: i32;
  /** Index of each sorted sample in the planes. */
  order: usize;
  /** Four planes of `count` complex numbers, one a lane. */
  planes: usize;
}

/** Samples that one task of interpolate, packSamples and unpackSamples takes. */
const CHUNK: i32 = 2048;

@inline function binRow(it: Gridding, bin: i32): i32 {
  return <i32>(<i64>bin * <i64>it.rows / <i64>it.bins);
}

/** Task = bin: its grid rows become Σ weight · sample. */
export function spread(job: usize, bin: i32): void {
  const it = changetype<Gridding>(job);
  const first = binRow(it, bin), end = binRow(it, bin + 1);
  memory.fill(it.grid + <usize>first * it.rowBytes, 0, <usize>(end - first) * it.rowBytes);
  if (it.bins > 1) spreadBin(it, bin == 0 ? it.bins - 1 : bin - 1, first, end);
  spreadBin(it, bin, first, end);
}

function spreadBin(it: Gridding, bin: i32, first: i32, end: i32): void {
  const width = it.width, bytes = <usize>width << 2;
  const last = load<i32>(it.binStarts + (<usize>bin << 2), 4);
  for (let i = load<i32>(it.binStarts + (<usize>bin << 2)); i < last; i++) {
    const corner = it.corners + (<usize>i << 3);
    const row = load<i32>(corner), column = load<i32>(corner, 4);
    const down = it.weights + <usize>i * 2 * bytes, across = down + bytes;
    const sample = it.samples + <usize>i * BLOCK;
    const re = v128.load(sample), im = v128.load(sample, 16);
    const before = min(width, it.columns - column);
    for (let q = 0; q < width; q++) {
      let r = row + q;
      if (r >= it.rows) r -= it.rows;
      if (r < first || r >= end) continue;
      const u = v128.load_splat<f32>(down + (<usize>q << 2));
      const ur = f32x4.mul(re, u), ui = f32x4.mul(im, u);
      const line = it.grid + <usize>r * it.rowBytes;
      addTaps(line + <usize>column * BLOCK, across, before, ur, ui);
      if (before < width) addTaps(line, across + (<usize>before << 2), width - before, ur, ui);
    }
  }
}

@inline function addTaps(to: usize, weights: usize, count: i32, re: v128, im: v128): void {
  for (const end = to + <usize>count * BLOCK; to < end; to += BLOCK, weights += 4) {
    const w = v128.load_splat<f32>(weights);
    v128.store(to, f32x4.add(v128.load(to), f32x4.mul(re, w)));
    v128.store(to, f32x4.add(v128.load(to, 16), f32x4.mul(im, w)), 16);
  }
}

/** Task = chunk of samples, each Σ weight · grid: the transpose of `spread`. */
export function interpolate(job: usize, task: i32): void {
  const it = changetype<Gridding>(job);
  const width = it.width, bytes = <usize>width << 2;
  for (let i = task * CHUNK, last = min(i + CHUNK, it.count); i < last; i++) {
    const corner = it.corners + (<usize>i << 3);
    const row = load<i32>(corner), column = load<i32>(corner, 4);
    const down = it.weights + <usize>i * 2 * bytes, across = down + bytes;
    const before = min(width, it.columns - column);
    let re = f32x4.splat(0), im = f32x4.splat(0);
    for (let q = 0; q < width; q++) {
      let r = row + q;
      if (r >= it.rows) r -= it.rows;
      const line = it.grid + <usize>r * it.rowBytes;
      let from = line + <usize>column * BLOCK, weights = across;
      let lineRe = f32x4.splat(0), lineIm = f32x4.splat(0);
      for (let k = 0; k < width; k++, from += BLOCK, weights += 4) {
        if (k == before) from = line;
        const w = v128.load_splat<f32>(weights);
        lineRe = f32x4.add(lineRe, f32x4.mul(v128.load(from), w));
        lineIm = f32x4.add(lineIm, f32x4.mul(v128.load(from, 16), w));
      }
      const u = v128.load_splat<f32>(down + (<usize>q << 2));
      re = f32x4.add(re, f32x4.mul(lineRe, u));
      im = f32x4.add(im, f32x4.mul(lineIm, u));
    }
    const sample = it.samples + <usize>i * BLOCK;
    v128.store(sample, re);
    v128.store(sample, im, 16);
  }
}

/** Task = chunk of samples: planes → sorted lane blocks, or back. */
export function packSamples(job: usize, task: i32, inward: bool): void {
  const it = changetype<Gridding>(job);
  const plane = <usize>it.count << 3;
  for (let i = task * CHUNK, last = min(i + CHUNK, it.count); i < last; i++) {
    const at = it.planes + (<usize>load<i32>(it.order + (<usize>i << 2)) << 3);
    const sample = it.samples + <usize>i * BLOCK;
    if (inward) gatherLanes(at, plane, sample, 1);
    else scatterLanes(sample, at, plane, 1);
  }
}

/** One complex number of each of four planes, times `scale`, into a lane block. */
@inline export function gatherLanes(at: usize, plane: usize, to: usize, scale: f32): void {
  for (let lane: usize = 0; lane < 4; lane++, at += plane) {
    store<f32>(to + (lane << 2), load<f32>(at) * scale);
    store<f32>(to + (lane << 2), load<f32>(at, 4) * scale, 16);
  }
}

@inline export function scatterLanes(from: usize, at: usize, plane: usize, scale: f32): void {
  for (let lane: usize = 0; lane < 4; lane++, at += plane) {
    store<f32>(at, load<f32>(from + (lane << 2)) * scale);
    store<f32>(at, load<f32>(from + (lane << 2), 16) * scale, 4);
  }
}
