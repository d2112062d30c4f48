/**
 * Dense Hermitian kernels in double precision. A matrix or a list of vectors has rows of `stride` bytes: the real parts, then
 * (`stride`/2 further) the imaginary parts, both padded with zeros to an even length. Every row is worked on as a whole by one task.
 */

@unmanaged class Reduce {
  matrix: usize;
  stride: usize;
  n: i32;
  /** First row and column of what is left of the matrix. */
  first: i32;
  /** Of the step before: A ← A − v·wᴴ − w·vᴴ; 0 for none. */
  v: usize;
  w: usize;
  /** The vector of this step, zero before `first`. */
  x: usize;
  /** Receives A·x. */
  product: usize;
  /** Rows a task takes. */
  chunk: i32;
}

@inline function total(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

/** Task = `chunk` rows from first + task·chunk: the update of the step before, then the product with x, in one pass over memory. */
export function reduceRows(job: usize, task: i32): void {
  const it = changetype<Reduce>(job);
  const half = it.stride >> 1;
  const from = <usize>(it.first & ~1) << 3;
  const begin = it.first + task * it.chunk, end = min(it.n, begin + it.chunk);
  const v = it.v, w = it.w, x = it.x;
  for (let i = begin; i < end; i++) {
    const row = it.matrix + <usize>i * it.stride;
    let sr = f64x2.splat(0), si = f64x2.splat(0);
    if (v != 0) {
      const at = <usize>i << 3;
      const vr = f64x2.splat(load<f64>(v + at)), vi = f64x2.splat(load<f64>(v + at + half));
      const wr = f64x2.splat(load<f64>(w + at)), wi = f64x2.splat(load<f64>(w + at + half));
      for (let k = from; k < half; k += 16) {
        const pr = v128.load(v + k), pi = v128.load(v + half + k), qr = v128.load(w + k), qi = v128.load(w + half + k);
        const xr = v128.load(x + k), xi = v128.load(x + half + k);
        // v_i·conj(w_j) + w_i·conj(v_j)
        const ur = f64x2.add(f64x2.add(f64x2.mul(vr, qr), f64x2.mul(vi, qi)), f64x2.add(f64x2.mul(wr, pr), f64x2.mul(wi, pi)));
        const ui = f64x2.add(f64x2.sub(f64x2.mul(vi, qr), f64x2.mul(vr, qi)), f64x2.sub(f64x2.mul(wi, pr), f64x2.mul(wr, pi)));
        const ar = f64x2.sub(v128.load(row + k), ur), ai = f64x2.sub(v128.load(row + half + k), ui);
        v128.store(row + k, ar);
        v128.store(row + half + k, ai);
        sr = f64x2.add(sr, f64x2.sub(f64x2.mul(ar, xr), f64x2.mul(ai, xi)));
        si = f64x2.add(si, f64x2.add(f64x2.mul(ar, xi), f64x2.mul(ai, xr)));
      }
    } else {
      for (let k = from; k < half; k += 16) {
        const ar = v128.load(row + k), ai = v128.load(row + half + k), xr = v128.load(x + k), xi = v128.load(x + half + k);
        sr = f64x2.add(sr, f64x2.sub(f64x2.mul(ar, xr), f64x2.mul(ai, xi)));
        si = f64x2.add(si, f64x2.add(f64x2.mul(ar, xi), f64x2.mul(ai, xr)));
      }
    }
    store<f64>(it.product + (<usize>i << 3), total(sr));
    store<f64>(it.product + half + (<usize>i << 3), total(si));
  }
}

@unmanaged class Reflect {
  /** Vectors to turn, in place. */
  vectors: usize;
  stride: usize;
  n: i32;
  /** n − 1 reflectors v and as many τ (re, im): H = I − τ·v·vᴴ. */
  reflectors: usize;
  taus: usize;
}

/** Task = vector: z ← H₀·H₁·…·H_{n−2}·z. */
export function applyReflectors(job: usize, task: i32): void {
  const it = changetype<Reflect>(job);
  const half = it.stride >> 1;
  const z = it.vectors + <usize>task * it.stride;
  for (let k = it.n - 2; k >= 0; k--) {
    const v = it.reflectors + <usize>k * it.stride;
    const from = <usize>((k + 1) & ~1) << 3;
    let sr = f64x2.splat(0), si = f64x2.splat(0);
    for (let j = from; j < half; j += 16) {
      const vr = v128.load(v + j), vi = v128.load(v + half + j), zr = v128.load(z + j), zi = v128.load(z + half + j);
      sr = f64x2.add(sr, f64x2.add(f64x2.mul(vr, zr), f64x2.mul(vi, zi)));
      si = f64x2.add(si, f64x2.sub(f64x2.mul(vr, zi), f64x2.mul(vi, zr)));
    }
    const tr = load<f64>(it.taus + (<usize>k << 4)), ti = load<f64>(it.taus + (<usize>k << 4), 8);
    const dr = total(sr), di = total(si);
    const cr = f64x2.splat(tr * dr - ti * di), ci = f64x2.splat(tr * di + ti * dr);
    for (let j = from; j < half; j += 16) {
      const vr = v128.load(v + j), vi = v128.load(v + half + j);
      v128.store(z + j, f64x2.sub(v128.load(z + j), f64x2.sub(f64x2.mul(cr, vr), f64x2.mul(ci, vi))));
      v128.store(z + half + j, f64x2.sub(v128.load(z + half + j), f64x2.add(f64x2.mul(cr, vi), f64x2.mul(ci, vr))));
    }
  }
}

@unmanaged class Project {
  vectors: usize;
  stride: usize;
  count: i32;
  out: usize;
}

/** Task = row i: out_ij = Σ_k z_k[i]·conj(z_k[j]), the projector on the span of orthonormal vectors. */
export function projectorRow(job: usize, i: i32): void {
  const it = changetype<Project>(job);
  const half = it.stride >> 1;
  const out = it.out + <usize>i * it.stride;
  memory.fill(out, 0, it.stride);
  for (let k = 0; k < it.count; k++) {
    const z = it.vectors + <usize>k * it.stride, at = z + (<usize>i << 3);
    const ar = f64x2.splat(load<f64>(at)), ai = f64x2.splat(load<f64>(at + half));
    for (let j: usize = 0; j < half; j += 16) {
      const zr = v128.load(z + j), zi = v128.load(z + half + j);
      v128.store(out + j, f64x2.add(v128.load(out + j), f64x2.add(f64x2.mul(ar, zr), f64x2.mul(ai, zi))));
      v128.store(out + half + j, f64x2.add(v128.load(out + half + j), f64x2.sub(f64x2.mul(ai, zr), f64x2.mul(ar, zi))));
    }
  }
}
