/**
 * The FFT of four lines, and moving lines between interleaved arrays and lane blocks.
 *
 * Gathering applies the input rotation of a centred transform, and swaps real and imaginary parts for the inverse
 * (IDFT = swap ∘ DFT ∘ swap); scattering undoes both and applies the scale.
 */
import { BLOCK, pass } from './butterflies';

/** Written by src/transform/plan.ts, field by field. */
@unmanaged export class Plan {
  n: i32;
  /** Number of passes; 0 for length 1 and for Bluestein. */
  passes: i32;
  /** passes × (radix, pointer to twiddles, pointer to roots). */
  table: usize;
  /** Bluestein (else 0): plan of the convolution length M, chirp e^(−πi k²/n) (n entries), DFT of the conjugate chirp ÷ M (M entries). */
  inner: usize;
  chirp: usize;
  filter: usize;
}

/** Transforms the lane block `a`, using `b` as the other buffer; returns whichever holds the result. */
export function fft4(plan: usize, a: usize, b: usize): usize {
  const it = changetype<Plan>(plan);
  if (it.inner != 0) return bluestein4(it, a, b);
  let n = it.n, s = 1;
  for (let i = 0, row = it.table; i < it.passes; i++, row += 12) {
    const r = load<i32>(row);
    pass(r, a, b, n, s, load<u32>(row, 4), load<u32>(row, 8));
    n /= r;
    s *= r;
    const swap = a; a = b; b = swap;
  }
  return a;
}

/** Σ x[n] w^(kn) = chirp[k] · Σ (x[n] chirp[n]) · conj(chirp[k − n]), with kn = (k² + n² − (k − n)²)/2. */
function bluestein4(it: Plan, a: usize, b: usize): usize {
  const m = changetype<Plan>(it.inner).n;
  for (let i = 0; i < it.n; i++) timesSplat(a + <usize>i * BLOCK, it.chirp + (<usize>i << 3), false);
  memory.fill(a + <usize>it.n * BLOCK, 0, <usize>(m - it.n) * BLOCK);
  let f = fft4(it.inner, a, b);
  // The inverse transform is the forward one between two swaps of real and imaginary parts.
  for (let i = 0; i < m; i++) timesSplat(f + <usize>i * BLOCK, it.filter + (<usize>i << 3), true);
  f = fft4(it.inner, f, f == a ? b : a);
  for (let i = 0; i < it.n; i++) {
    const x = f + <usize>i * BLOCK;
    const r = v128.load(x);
    v128.store(x, v128.load(x, 16));
    v128.store(x, r, 16);
    timesSplat(x, it.chirp + (<usize>i << 3), false);
  }
  return f;
}

/** x ← x·w, with real and imaginary parts exchanged afterwards where `swap`. */
@inline function timesSplat(x: usize, w: usize, swap: bool): void {
  const c = v128.load_splat<f32>(w), s = v128.load_splat<f32>(w, 4);
  const r = v128.load(x), i = v128.load(x, 16);
  const pr = f32x4.sub(f32x4.mul(r, c), f32x4.mul(i, s));
  const pi = f32x4.add(f32x4.mul(r, s), f32x4.mul(i, c));
  v128.store(x, swap ? pi : pr);
  v128.store(x, swap ? pr : pi, 16);
}

/** Four adjacent columns (fewer: lanes ≥ `count` read as zero), `n` rows of `stride` bytes, into `to`; `swap` = 16 exchanges re and im. */
@inline export function gatherColumns(from: usize, stride: usize, n: i32, to: usize, swap: usize): void {
  for (const end = to + <usize>n * BLOCK; to < end; to += BLOCK, from += stride) {
    const p = v128.load(from), q = v128.load(from, 16);
    v128.store(to + swap, v128.shuffle<f32>(p, q, 0, 2, 4, 6));
    v128.store(to + 16 - swap, v128.shuffle<f32>(p, q, 1, 3, 5, 7));
  }
}

@inline export function scatterColumns(from: usize, stride: usize, n: i32, to: usize, swap: usize, scale: v128): void {
  for (const end = from + <usize>n * BLOCK; from < end; from += BLOCK, to += stride) {
    const r = f32x4.mul(v128.load(from + swap), scale), i = f32x4.mul(v128.load(from + 16 - swap), scale);
    v128.store(to, v128.shuffle<f32>(r, i, 0, 4, 1, 5));
    v128.store(to, v128.shuffle<f32>(r, i, 2, 6, 3, 7), 16);
  }
}

export function gatherFewColumns(from: usize, stride: usize, n: i32, to: usize, swap: usize, count: i32): void {
  for (let k = 0; k < n; k++, to += BLOCK, from += stride) {
    v128.store(to, f32x4.splat(0));
    v128.store(to, f32x4.splat(0), 16);
    for (let c = 0; c < count; c++) {
      store<f32>(to + (<usize>c << 2) + swap, load<f32>(from + (<usize>c << 3)));
      store<f32>(to + (<usize>c << 2) + 16 - swap, load<f32>(from + (<usize>c << 3), 4));
    }
  }
}

export function scatterFewColumns(from: usize, stride: usize, n: i32, to: usize, swap: usize, scale: f32, count: i32): void {
  for (let k = 0; k < n; k++, from += BLOCK, to += stride) {
    for (let c = 0; c < count; c++) {
      store<f32>(to + (<usize>c << 3), load<f32>(from + (<usize>c << 2) + swap) * scale);
      store<f32>(to + (<usize>c << 3), load<f32>(from + (<usize>c << 2) + 16 - swap) * scale, 4);
    }
  }
}

/** `n` adjacent elements of four lines at a, b, c, d into `to`. */
@inline export function gatherRows(a: usize, b: usize, c: usize, d: usize, n: i32, to: usize, swap: usize): void {
  const re = to + swap, im = to + 16 - swap;
  const whole = <usize>(n & ~3) << 3;
  let k: usize = 0;
  for (; k < whole; k += 32) {
    const o = k << 2;
    const a0 = v128.load(a + k), a1 = v128.load(a + k, 16), b0 = v128.load(b + k), b1 = v128.load(b + k, 16);
    const c0 = v128.load(c + k), c1 = v128.load(c + k, 16), d0 = v128.load(d + k), d1 = v128.load(d + k, 16);
    // x0 y0 x1 y1 of lines a, b → re pairs, then 64-bit halves of (a, b) and (c, d) joined.
    const ab0 = v128.shuffle<f32>(a0, b0, 0, 4, 1, 5), ab1 = v128.shuffle<f32>(a0, b0, 2, 6, 3, 7);
    const cd0 = v128.shuffle<f32>(c0, d0, 0, 4, 1, 5), cd1 = v128.shuffle<f32>(c0, d0, 2, 6, 3, 7);
    const ab2 = v128.shuffle<f32>(a1, b1, 0, 4, 1, 5), ab3 = v128.shuffle<f32>(a1, b1, 2, 6, 3, 7);
    const cd2 = v128.shuffle<f32>(c1, d1, 0, 4, 1, 5), cd3 = v128.shuffle<f32>(c1, d1, 2, 6, 3, 7);
    v128.store(re + o, v128.shuffle<f64>(ab0, cd0, 0, 2)); v128.store(im + o, v128.shuffle<f64>(ab0, cd0, 1, 3));
    v128.store(re + o, v128.shuffle<f64>(ab1, cd1, 0, 2), 32); v128.store(im + o, v128.shuffle<f64>(ab1, cd1, 1, 3), 32);
    v128.store(re + o, v128.shuffle<f64>(ab2, cd2, 0, 2), 64); v128.store(im + o, v128.shuffle<f64>(ab2, cd2, 1, 3), 64);
    v128.store(re + o, v128.shuffle<f64>(ab3, cd3, 0, 2), 96); v128.store(im + o, v128.shuffle<f64>(ab3, cd3, 1, 3), 96);
  }
  for (const end = <usize>n << 3; k < end; k += 8) {
    const o = k << 2;
    store<f32>(re + o, load<f32>(a + k)); store<f32>(re + o, load<f32>(b + k), 4);
    store<f32>(re + o, load<f32>(c + k), 8); store<f32>(re + o, load<f32>(d + k), 12);
    store<f32>(im + o, load<f32>(a + k, 4)); store<f32>(im + o, load<f32>(b + k, 4), 4);
    store<f32>(im + o, load<f32>(c + k, 4), 8); store<f32>(im + o, load<f32>(d + k, 4), 12);
  }
}

@inline export function scatterRows(from: usize, n: i32, a: usize, b: usize, c: usize, d: usize, swap: usize, scale: f32): void {
  const re = from + swap, im = from + 16 - swap;
  const factor = f32x4.splat(scale);
  const whole = <usize>(n & ~3) << 3;
  let k: usize = 0;
  for (; k < whole; k += 32) {
    const o = k << 2;
    const r0 = f32x4.mul(v128.load(re + o), factor), i0 = f32x4.mul(v128.load(im + o), factor);
    const r1 = f32x4.mul(v128.load(re + o, 32), factor), i1 = f32x4.mul(v128.load(im + o, 32), factor);
    const ab0 = v128.shuffle<f32>(r0, i0, 0, 4, 1, 5), cd0 = v128.shuffle<f32>(r0, i0, 2, 6, 3, 7);
    const ab1 = v128.shuffle<f32>(r1, i1, 0, 4, 1, 5), cd1 = v128.shuffle<f32>(r1, i1, 2, 6, 3, 7);
    v128.store(a + k, v128.shuffle<f64>(ab0, ab1, 0, 2)); v128.store(b + k, v128.shuffle<f64>(ab0, ab1, 1, 3));
    v128.store(c + k, v128.shuffle<f64>(cd0, cd1, 0, 2)); v128.store(d + k, v128.shuffle<f64>(cd0, cd1, 1, 3));
    const r2 = f32x4.mul(v128.load(re + o, 64), factor), i2 = f32x4.mul(v128.load(im + o, 64), factor);
    const r3 = f32x4.mul(v128.load(re + o, 96), factor), i3 = f32x4.mul(v128.load(im + o, 96), factor);
    const ab2 = v128.shuffle<f32>(r2, i2, 0, 4, 1, 5), cd2 = v128.shuffle<f32>(r2, i2, 2, 6, 3, 7);
    const ab3 = v128.shuffle<f32>(r3, i3, 0, 4, 1, 5), cd3 = v128.shuffle<f32>(r3, i3, 2, 6, 3, 7);
    v128.store(a + k, v128.shuffle<f64>(ab2, ab3, 0, 2), 16); v128.store(b + k, v128.shuffle<f64>(ab2, ab3, 1, 3), 16);
    v128.store(c + k, v128.shuffle<f64>(cd2, cd3, 0, 2), 16); v128.store(d + k, v128.shuffle<f64>(cd2, cd3, 1, 3), 16);
  }
  for (const end = <usize>n << 3; k < end; k += 8) {
    const o = k << 2;
    // Lines that repeat (fewer than four left) get the same value again.
    store<f32>(a + k, load<f32>(re + o) * scale); store<f32>(a + k, load<f32>(im + o) * scale, 4);
    store<f32>(b + k, load<f32>(re + o, 4) * scale); store<f32>(b + k, load<f32>(im + o, 4) * scale, 4);
    store<f32>(c + k, load<f32>(re + o, 8) * scale); store<f32>(c + k, load<f32>(im + o, 8) * scale, 4);
    store<f32>(d + k, load<f32>(re + o, 12) * scale); store<f32>(d + k, load<f32>(im + o, 12) * scale, 4);
  }
}
