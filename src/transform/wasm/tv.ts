/**
 * Periodic differences D of one image in row blocks (pack.ts), for total variation. (D x)₀[i, j] = x[i, j + 1] − x[i, j] and
 * (D x)₁[i, j] = x[i + 1, j] − x[i, j], indices modulo the image; being periodic they do not care how the storage is rotated.
 * A task is a group of four rows.
 */
import { BLOCK } from './butterflies';

@unmanaged class Differences {
  x: usize;
  out: usize;
  /** Two images each, `stride` apart: along columns, then along rows. */
  u: usize;
  d: usize;
  stride: usize;
  step: usize;
  rows: i32;
  columns: i32;
  /** ρ, or the threshold of the dual step. */
  weight: f32;
}

/** Rows of a group that exist, as a mask of lanes: past the image everything stays zero. */
@inline function lanes(rows: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(rows));
}

/** x[i + 1] of the four rows at `at`, of which `rows` exist; `next` holds the group below, in the last group the first one. */
@inline function below(at: usize, next: usize, rows: i32): v128 {
  const x = v128.load(at), n = v128.load(next);
  if (rows >= 4) return v128.shuffle<f32>(x, n, 1, 2, 3, 4);
  if (rows == 3) return v128.shuffle<f32>(x, n, 1, 2, 4, 4);
  if (rows == 2) return v128.shuffle<f32>(x, n, 1, 4, 4, 4);
  return v128.shuffle<f32>(x, n, 4, 4, 4, 4);
}

/** x[i − 1] of the four rows at `at`; `before` holds the group above, of which `rows` exist. */
@inline function above(at: usize, before: usize, rows: i32): v128 {
  const x = v128.load(at), b = v128.load(before);
  if (rows >= 4) return v128.shuffle<f32>(b, x, 3, 4, 5, 6);
  if (rows == 3) return v128.shuffle<f32>(b, x, 2, 4, 5, 6);
  if (rows == 2) return v128.shuffle<f32>(b, x, 1, 4, 5, 6);
  return v128.shuffle<f32>(b, x, 0, 4, 5, 6);
}

/** out += ρ DᵀD x */
export function tvNormal(job: usize, task: i32): void {
  const it = changetype<Differences>(job);
  const groups = (it.rows + 3) >> 2, here = it.rows - 4 * task, over = task == 0 ? groups - 1 : task - 1;
  const x = it.x + <usize>task * it.step, out = it.out + <usize>task * it.step;
  const next = it.x + <usize>(task == groups - 1 ? 0 : task + 1) * it.step, before = it.x + <usize>over * it.step;
  const rho = f32x4.splat(it.weight), four = f32x4.splat(4), exists = lanes(here);
  const end = <usize>it.columns * BLOCK;
  for (let k: usize = 0; k < end; k += 16) {
    // Real parts of a column, then imaginary ones: the neighbouring column is a block away.
    const left = k < BLOCK ? k + end - BLOCK : k - BLOCK, right = k + BLOCK >= end ? k + BLOCK - end : k + BLOCK;
    const across = f32x4.add(v128.load(x + left), v128.load(x + right));
    const down = f32x4.add(above(x + k, before + k, it.rows - 4 * over), below(x + k, next + k, here));
    const laplace = f32x4.sub(f32x4.mul(four, v128.load(x + k)), f32x4.add(across, down));
    v128.store(out + k, f32x4.add(v128.load(out + k), v128.and(exists, f32x4.mul(rho, laplace))));
  }
}

/** g = D x + u; u = g · min(1, weight/|g|) and d = g − 2u, where |g| is over both directions and both parts. */
export function tvDual(job: usize, task: i32): void {
  const it = changetype<Differences>(job);
  const groups = (it.rows + 3) >> 2, here = it.rows - 4 * task;
  const offset = <usize>task * it.step;
  const x = it.x + offset, next = it.x + <usize>(task == groups - 1 ? 0 : task + 1) * it.step;
  const u = it.u + offset, w = u + it.stride, d = it.d + offset, e = d + it.stride;
  const radius = f32x4.splat(it.weight), one = f32x4.splat(1), exists = lanes(here);
  const end = <usize>it.columns * BLOCK;
  for (let k: usize = 0; k < end; k += BLOCK) {
    const right = k + BLOCK >= end ? k + BLOCK - end : k + BLOCK;
    const xr = v128.load(x + k), xi = v128.load(x + k, 16);
    const gr = v128.and(exists, f32x4.add(f32x4.sub(v128.load(x + right), xr), v128.load(u + k)));
    const gi = v128.and(exists, f32x4.add(f32x4.sub(v128.load(x + right, 16), xi), v128.load(u + k, 16)));
    const hr = v128.and(exists, f32x4.add(f32x4.sub(below(x + k, next + k, here), xr), v128.load(w + k)));
    const hi = v128.and(exists, f32x4.add(f32x4.sub(below(x + k + 16, next + k + 16, here), xi), v128.load(w + k, 16)));
    const power = f32x4.add(f32x4.add(f32x4.mul(gr, gr), f32x4.mul(gi, gi)), f32x4.add(f32x4.mul(hr, hr), f32x4.mul(hi, hi)));
    const share = f32x4.min(one, f32x4.div(radius, f32x4.sqrt(power)));
    const rest = f32x4.sub(one, f32x4.add(share, share));
    v128.store(u + k, f32x4.mul(share, gr));
    v128.store(u + k, f32x4.mul(share, gi), 16);
    v128.store(w + k, f32x4.mul(share, hr));
    v128.store(w + k, f32x4.mul(share, hi), 16);
    v128.store(d + k, f32x4.mul(rest, gr));
    v128.store(d + k, f32x4.mul(rest, gi), 16);
    v128.store(e + k, f32x4.mul(rest, hr));
    v128.store(e + k, f32x4.mul(rest, hi), 16);
  }
}

/** out = x + ρ Dᵀ d */
export function tvDivergence(job: usize, task: i32): void {
  const it = changetype<Differences>(job);
  const groups = (it.rows + 3) >> 2, here = it.rows - 4 * task, over = task == 0 ? groups - 1 : task - 1;
  const offset = <usize>task * it.step;
  const x = it.x + offset, out = it.out + offset, d = it.d + offset, e = d + it.stride;
  const before = it.d + it.stride + <usize>over * it.step;
  const rho = f32x4.splat(it.weight), exists = lanes(here);
  const end = <usize>it.columns * BLOCK;
  for (let k: usize = 0; k < end; k += 16) {
    const left = k < BLOCK ? k + end - BLOCK : k - BLOCK;
    const across = f32x4.sub(v128.load(d + left), v128.load(d + k));
    const down = f32x4.sub(above(e + k, before + k, it.rows - 4 * over), v128.load(e + k));
    v128.store(out + k, f32x4.add(v128.load(x + k), v128.and(exists, f32x4.mul(rho, f32x4.add(across, down)))));
  }
}
