/**
 * Dominant eigenvectors of the coil Gram matrix G(r) of every pixel by orthogonal iteration, four pixels of a row side by side.
 *
 * G_cd(y, x) = Σ_e Γ_cd(e)·exp(−2πi (e_y·y/rows + e_x·x/columns)) is a short trigonometric sum, so it is evaluated where it is
 * needed and never stored as images. Only pairs c ≤ d are kept, in the order (0,0), (0,1), … (1,1), …
 */
import { BLOCK } from './butterflies';

@unmanaged class Espirit {
  /** Γ: [pair][e_y][e_x] (re, im) in float32; e from −(q−1) to q−1, so 2q−1 values each way. */
  gamma: usize;
  /** exp(−2πi e_y·y/rows): [row][e_y] (re, im). */
  down: usize;
  /** exp(−2πi e_x·x/columns): [e_x][column group] lane blocks. */
  across: usize;
  /** The first virtual coils as start vectors, [set][coil] (re, im); the first one also fixes the phase. */
  start: usize;
  /** Receives [set][coil][row][column] (re, im). */
  maps: usize;
  /** Receives the eigenvalues [set][row][column]. */
  values: usize;
  coils: i32;
  sets: i32;
  rows: i32;
  columns: i32;
  /** 2q − 1 */
  width: i32;
  iterations: i32;
  /** Stops when no vector of the four pixels moved by more than this (squared). */
  tolerance: f32;
}

/** Scratch: partial sums over e_y [pair][e_x] (re, im), then G [pair], then vectors u and G·u [set][coil] as lane blocks. */
export function espiritRow(job: usize, row: i32, scratch: usize): void {
  const it = changetype<Espirit>(job);
  const coils = it.coils, width = it.width;
  const pairs = (coils * (coils + 1)) >> 1;
  const g = scratch + (((<usize>pairs * <usize>width << 3) + 31) & ~31);
  const u = g + <usize>pairs * BLOCK;
  const v = u + <usize>(coils * it.sets) * BLOCK;
  sumDown(it, row, scratch, pairs);
  const groups = (it.columns + 3) >> 2;
  for (let q = 0; q < groups; q++) {
    gramOfFour(it, q, groups, scratch, g, pairs);
    begin(it, u);
    iterate(it, g, u, v);
    deliver(it, row, q, g, u, v);
  }
}

function sumDown(it: Espirit, row: i32, to: usize, pairs: i32): void {
  const width = it.width;
  const turn = it.down + (<usize>row * <usize>width << 3);
  let from = it.gamma;
  for (let p = 0; p < pairs; p++) {
    for (let e = 0; e < width; e++, to += 8) {
      let re: f32 = 0, im: f32 = 0;
      for (let d = 0; d < width; d++) {
        const at = from + (<usize>(d * width + e) << 3), t = turn + (<usize>d << 3);
        const a = load<f32>(at), b = load<f32>(at, 4), c = load<f32>(t), s = load<f32>(t, 4);
        re += a * c - b * s;
        im += a * s + b * c;
      }
      store<f32>(to, re);
      store<f32>(to, im, 4);
    }
    from += <usize>(width * width) << 3;
  }
}

function gramOfFour(it: Espirit, q: i32, groups: i32, sums: usize, g: usize, pairs: i32): void {
  const width = it.width;
  const step = <usize>groups * BLOCK;
  const first = it.across + <usize>q * BLOCK;
  for (let p = 0; p < pairs; p++, g += BLOCK) {
    let re = f32x4.splat(0), im = f32x4.splat(0);
    let turn = first;
    for (let e = 0; e < width; e++, sums += 8, turn += step) {
      const a = v128.load32_splat(sums), b = v128.load32_splat(sums, 4), c = v128.load(turn), s = v128.load(turn, 16);
      re = f32x4.add(re, f32x4.sub(f32x4.mul(a, c), f32x4.mul(b, s)));
      im = f32x4.add(im, f32x4.add(f32x4.mul(a, s), f32x4.mul(b, c)));
    }
    v128.store(g, re);
    v128.store(g, im, 16);
  }
}

function begin(it: Espirit, u: usize): void {
  for (let k = 0, count = it.coils * it.sets; k < count; k++) {
    const at = it.start + (<usize>k << 3), to = u + <usize>k * BLOCK;
    v128.store(to, v128.load32_splat(at));
    v128.store(to, v128.load32_splat(at, 4), 16);
  }
}

function iterate(it: Espirit, g: usize, u: usize, v: usize): void {
  const coils = it.coils;
  const size = <usize>coils * BLOCK;
  const limit = f32x4.splat(it.tolerance);
  for (let n = 0; n < it.iterations; n++) {
    let moved = f32x4.splat(0);
    for (let s = 0; s < it.sets; s++) {
      const us = u + <usize>s * size, vs = v + <usize>s * size;
      multiply(g, us, vs, coils);
      for (let t = 0; t < s; t++) removeProjection(u + <usize>t * size, vs, coils);
      moved = f32x4.max(moved, normaliseInto(vs, us, coils));
    }
    if (n > 1 && !v128.any_true(f32x4.gt(moved, limit))) return;
  }
}

/** v = G·u with Hermitian G stored as its upper half. */
function multiply(g: usize, u: usize, v: usize, coils: i32): void {
  memory.fill(v, 0, <usize>coils * BLOCK);
  for (let c = 0; c < coils; c++) {
    const uc = u + <usize>c * BLOCK, vc = v + <usize>c * BLOCK;
    const xr = v128.load(uc), xi = v128.load(uc, 16), d = v128.load(g);
    let sr = f32x4.add(v128.load(vc), f32x4.mul(d, xr)), si = f32x4.add(v128.load(vc, 16), f32x4.mul(d, xi));
    g += BLOCK;
    for (let o = BLOCK, end = <usize>(coils - c) * BLOCK; o < end; o += BLOCK, g += BLOCK) {
      const gr = v128.load(g), gi = v128.load(g, 16), yr = v128.load(uc + o), yi = v128.load(uc + o, 16);
      sr = f32x4.add(sr, f32x4.sub(f32x4.mul(gr, yr), f32x4.mul(gi, yi)));
      si = f32x4.add(si, f32x4.add(f32x4.mul(gr, yi), f32x4.mul(gi, yr)));
      v128.store(vc + o, f32x4.add(v128.load(vc + o), f32x4.add(f32x4.mul(gr, xr), f32x4.mul(gi, xi))));
      v128.store(vc + o, f32x4.add(v128.load(vc + o, 16), f32x4.sub(f32x4.mul(gr, xi), f32x4.mul(gi, xr))), 16);
    }
    v128.store(vc, sr);
    v128.store(vc, si, 16);
  }
}

/** v ← v − u·(uᴴv) for unit u. */
function removeProjection(u: usize, v: usize, coils: i32): void {
  let dr = f32x4.splat(0), di = f32x4.splat(0);
  const end = <usize>coils * BLOCK;
  for (let o: usize = 0; o < end; o += BLOCK) {
    const ur = v128.load(u + o), ui = v128.load(u + o, 16), vr = v128.load(v + o), vi = v128.load(v + o, 16);
    dr = f32x4.add(dr, f32x4.add(f32x4.mul(ur, vr), f32x4.mul(ui, vi)));
    di = f32x4.add(di, f32x4.sub(f32x4.mul(ur, vi), f32x4.mul(ui, vr)));
  }
  for (let o: usize = 0; o < end; o += BLOCK) {
    const ur = v128.load(u + o), ui = v128.load(u + o, 16);
    v128.store(v + o, f32x4.sub(v128.load(v + o), f32x4.sub(f32x4.mul(ur, dr), f32x4.mul(ui, di))));
    v128.store(v + o, f32x4.sub(v128.load(v + o, 16), f32x4.add(f32x4.mul(ur, di), f32x4.mul(ui, dr))), 16);
  }
}

/** u = v/‖v‖; returns ‖u − u before‖². A silent pixel gives zeros. */
function normaliseInto(v: usize, u: usize, coils: i32): v128 {
  const end = <usize>coils * BLOCK;
  const scale = inverseNorm(v, end);
  let moved = f32x4.splat(0);
  for (let o: usize = 0; o < end; o += BLOCK) {
    const re = f32x4.mul(v128.load(v + o), scale), im = f32x4.mul(v128.load(v + o, 16), scale);
    const dr = f32x4.sub(re, v128.load(u + o)), di = f32x4.sub(im, v128.load(u + o, 16));
    moved = f32x4.add(moved, f32x4.add(f32x4.mul(dr, dr), f32x4.mul(di, di)));
    v128.store(u + o, re);
    v128.store(u + o, im, 16);
  }
  return moved;
}

@inline function inverseNorm(v: usize, end: usize): v128 {
  let power = f32x4.splat(0);
  for (let o: usize = 0; o < end; o += BLOCK) {
    const re = v128.load(v + o), im = v128.load(v + o, 16);
    power = f32x4.add(power, f32x4.add(f32x4.mul(re, re), f32x4.mul(im, im)));
  }
  const there = f32x4.gt(power, f32x4.splat(1e-30));
  return v128.and(f32x4.div(f32x4.splat(1), f32x4.sqrt(f32x4.max(power, f32x4.splat(1e-30)))), there);
}

/** Eigenvalue uᴴG·u and the vector, turned so that the first virtual coil is real and not negative. */
function deliver(it: Espirit, row: i32, q: i32, g: usize, u: usize, v: usize): void {
  const coils = it.coils, size = <usize>coils * BLOCK;
  const count = min(4, it.columns - q * 4);
  const plane = it.rows * it.columns, pixel = row * it.columns + q * 4;
  for (let s = 0; s < it.sets; s++) {
    const us = u + <usize>s * size;
    multiply(g, us, v, coils);
    let value = f32x4.splat(0), tr = f32x4.splat(0), ti = f32x4.splat(0);
    for (let c = 0; c < coils; c++) {
      const o = <usize>c * BLOCK, ur = v128.load(us + o), ui = v128.load(us + o, 16);
      value = f32x4.add(value, f32x4.add(f32x4.mul(ur, v128.load(v + o)), f32x4.mul(ui, v128.load(v + o, 16))));
      // ⟨virtual coil, u⟩, whose phase is taken away.
      const at = it.start + (<usize>c << 3), ar = v128.load32_splat(at), ai = v128.load32_splat(at, 4);
      tr = f32x4.add(tr, f32x4.add(f32x4.mul(ar, ur), f32x4.mul(ai, ui)));
      ti = f32x4.add(ti, f32x4.sub(f32x4.mul(ar, ui), f32x4.mul(ai, ur)));
    }
    const power = f32x4.add(f32x4.mul(tr, tr), f32x4.mul(ti, ti));
    const known = f32x4.gt(power, f32x4.splat(1e-30));
    const inverse = f32x4.div(f32x4.splat(1), f32x4.sqrt(f32x4.max(power, f32x4.splat(1e-30))));
    tr = v128.bitselect(f32x4.mul(tr, inverse), f32x4.splat(1), known);
    ti = v128.and(f32x4.mul(ti, inverse), known);
    for (let c = 0; c < coils; c++) {
      const o = <usize>c * BLOCK, ur = v128.load(us + o), ui = v128.load(us + o, 16);
      v128.store(v + o, f32x4.add(f32x4.mul(ur, tr), f32x4.mul(ui, ti)));
      v128.store(v + o, f32x4.sub(f32x4.mul(ui, tr), f32x4.mul(ur, ti)), 16);
    }
    v128.store(us, value);
    for (let k = 0; k < count; k++) {
      store<f32>(it.values + (<usize>(s * plane + pixel + k) << 2), load<f32>(us + (<usize>k << 2)));
      for (let c = 0; c < coils; c++) {
        const to = it.maps + (<usize>((s * coils + c) * plane + pixel + k) << 3), from = v + <usize>c * BLOCK + (<usize>k << 2);
        store<f32>(to, load<f32>(from));
        store<f32>(to, load<f32>(from, 16), 4);
      }
    }
  }
}
