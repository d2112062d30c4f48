/**
 * The g-factor of one image row whose pixels all fold onto each other: [N⁻¹]_ii by a Cholesky factorisation in double precision.
 * A vector of n complex numbers is `half` bytes of real parts, then as many of imaginary ones, padded to an even length.
 */

/** Relative to the largest diagonal element, so that pixels without signal do not spoil the factorisation. */
const RIDGE: f64 = 1e-7;

@unmanaged class GFactor {
  /** [coil, row, column], interleaved float32. */
  maps: usize;
  coils: i32;
  rows: i32;
  columns: i32;
  /** The row of task 0. */
  first: i32;
  /** F⁻¹·mask·F over the distance of two columns, interleaved float64; then the acceleration. */
  spread: usize;
  /** [row, column], float32. */
  out: usize;
}

@inline function total(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

/** Task = image row. Scratch: n + coils + 3 vectors. */
export function gFactorRow(job: usize, task: i32, scratch: usize): void {
  const it = changetype<GFactor>(job);
  const n = it.columns, half = <usize>((n + 1) & ~1) << 3, stride = half << 1;
  const matrix = scratch, lines = matrix + <usize>n * stride, own = lines + <usize>it.coils * stride, x = own + stride, y = x + stride;
  const row = it.first + task;
  const out = it.out + ((<usize>row * <usize>n) << 2);
  readLines(it, row, lines, half);
  const largest = fillNormal(it, lines, matrix, own, half);
  if (!(largest > 0) || !factorise(matrix, n, half)) {
    for (let i = 0; i < n; i++) store<f32>(out + (<usize>i << 2), f32.NaN);
    return;
  }
  const acceleration = load<f64>(it.spread + (<usize>n << 4));
  for (let i = 0; i < n; i += 2) {
    inverseColumns(matrix, n, half, i, x, y);
    store<f32>(out + (<usize>i << 2), gOf(energy(x, i, half), load<f64>(own + (<usize>i << 3)), acceleration));
    if (i + 1 < n) store<f32>(out + (<usize>i << 2), gOf(energy(y, i, half), load<f64>(own + (<usize>i << 3), 8), acceleration), 4);
  }
}

@inline function gOf(variance: f64, own: f64, acceleration: f64): f32 {
  return own > 0 ? <f32>Math.sqrt((variance * own) / acceleration) : f32.NaN;
}

function readLines(it: GFactor, row: i32, lines: usize, half: usize): void {
  const n = it.columns;
  memory.fill(lines, 0, <usize>it.coils * half * 2);
  for (let c = 0; c < it.coils; c++, lines += half << 1) {
    const from = it.maps + ((<usize>(c * it.rows + row) * <usize>n) << 3);
    for (let k: usize = 0, end = <usize>n << 3; k < end; k += 8) {
      store<f64>(lines + k, <f64>load<f32>(from + k));
      store<f64>(lines + half + k, <f64>load<f32>(from + k, 4));
    }
  }
}

/** Lower triangle of N = (Σ_c conj(S_c(i))·S_c(j)) · spread(i − j), with the ridge; `own` gets its diagonal before. Returns the largest of that. */
function fillNormal(it: GFactor, lines: usize, matrix: usize, own: usize, half: usize): f64 {
  const n = it.columns, stride = half << 1;
  memory.fill(matrix, 0, <usize>n * stride);
  let largest: f64 = 0;
  for (let i = 0; i < n; i++) {
    const to = matrix + <usize>i * stride, at = <usize>i << 3;
    for (let c = 0; c < it.coils; c++) {
      const line = lines + <usize>c * stride;
      const ar = v128.load_splat<f64>(line + at), ai = v128.load_splat<f64>(line + half + at);
      for (let k: usize = 0; k <= at; k += 16) {
        const br = v128.load(line + k), bi = v128.load(line + half + k);
        v128.store(to + k, f64x2.add(v128.load(to + k), f64x2.add(f64x2.mul(ar, br), f64x2.mul(ai, bi))));
        v128.store(to + half + k, f64x2.add(v128.load(to + half + k), f64x2.sub(f64x2.mul(ar, bi), f64x2.mul(ai, br))));
      }
    }
    const diagonal = load<f64>(to + at);
    store<f64>(own + at, diagonal);
    largest = max(largest, diagonal);
    for (let j = 0; j <= i; j++) {
      const p = it.spread + (<usize>(i - j) << 4), element = to + (<usize>j << 3);
      const re = load<f64>(element), im = load<f64>(element + half), pr = load<f64>(p), pi = load<f64>(p, 8);
      store<f64>(element, re * pr - im * pi);
      store<f64>(element + half, re * pi + im * pr);
    }
  }
  for (let i = 0; i < n; i++) {
    const diagonal = matrix + <usize>i * stride + (<usize>i << 3);
    store<f64>(diagonal, load<f64>(diagonal) + RIDGE * largest);
  }
  return largest;
}

/** L of N = L·Lᴴ in the lower triangle, column after column; false where N is not positive definite to rounding. */
function factorise(matrix: usize, n: i32, half: usize): bool {
  const stride = half << 1;
  for (let j = 0; j < n; j++) {
    const b = matrix + <usize>j * stride, at = <usize>j << 3;
    const diagonal = load<f64>(b + at) - energyBefore(b, j, half);
    if (!(diagonal > 0)) return false;
    const pivot = Math.sqrt(diagonal);
    store<f64>(b + at, pivot);
    store<f64>(b + half + at, 0);
    for (let i = j + 1; i < n; i += 2) {
      // The last row alone is done twice, with the same result.
      const a = matrix + <usize>i * stride, c = i + 1 < n ? a + stride : a;
      let ar = f64x2.splat(0), ai = f64x2.splat(0), cr = f64x2.splat(0), ci = f64x2.splat(0);
      const whole = at & ~15;
      for (let k: usize = 0; k < whole; k += 16) {
        const br = v128.load(b + k), bi = v128.load(b + half + k);
        const pr = v128.load(a + k), pi = v128.load(a + half + k), qr = v128.load(c + k), qi = v128.load(c + half + k);
        ar = f64x2.add(ar, f64x2.add(f64x2.mul(pr, br), f64x2.mul(pi, bi)));
        ai = f64x2.add(ai, f64x2.sub(f64x2.mul(pi, br), f64x2.mul(pr, bi)));
        cr = f64x2.add(cr, f64x2.add(f64x2.mul(qr, br), f64x2.mul(qi, bi)));
        ci = f64x2.add(ci, f64x2.sub(f64x2.mul(qi, br), f64x2.mul(qr, bi)));
      }
      if (c != a) finishElement(c, b, whole, at, half, pivot, total(cr), total(ci));
      finishElement(a, b, whole, at, half, pivot, total(ar), total(ai));
    }
  }
  return true;
}

/** Row `a`, element at `at`: (N − sum)/pivot, where the sum lacks its last term if the element is in an odd column. */
@inline function finishElement(a: usize, b: usize, whole: usize, at: usize, half: usize, pivot: f64, re: f64, im: f64): void {
  if (whole < at) {
    const ar = load<f64>(a + whole), ai = load<f64>(a + half + whole), br = load<f64>(b + whole), bi = load<f64>(b + half + whole);
    re += ar * br + ai * bi;
    im += ai * br - ar * bi;
  }
  store<f64>(a + at, (load<f64>(a + at) - re) / pivot);
  store<f64>(a + half + at, (load<f64>(a + half + at) - im) / pivot);
}

/** Σ |x_k|² over k < j. */
function energyBefore(x: usize, j: i32, half: usize): f64 {
  let sum: f64 = 0;
  for (let k: usize = 0, end = <usize>j << 3; k < end; k += 8) {
    const re = load<f64>(x + k), im = load<f64>(x + half + k);
    sum += re * re + im * im;
  }
  return sum;
}

/** Σ |x_k|² from k = i, which is even, on. */
function energy(x: usize, i: i32, half: usize): f64 {
  let sum = f64x2.splat(0);
  for (let k = <usize>i << 3; k < half; k += 16) {
    const re = v128.load(x + k), im = v128.load(x + half + k);
    sum = f64x2.add(sum, f64x2.add(f64x2.mul(re, re), f64x2.mul(im, im)));
  }
  return total(sum);
}

/** Columns i and i + 1 of L⁻¹, i even, from element i on; what was not reached yet is zero, so that pairs may overhang. */
function inverseColumns(matrix: usize, n: i32, half: usize, i: i32, x: usize, y: usize): void {
  const from = <usize>i << 3;
  memory.fill(x, 0, half << 1);
  memory.fill(y, 0, half << 1);
  for (let k = i; k < n; k++) {
    const l = matrix + <usize>k * (half << 1), at = <usize>k << 3;
    let xr = f64x2.splat(0), xi = f64x2.splat(0), yr = f64x2.splat(0), yi = f64x2.splat(0);
    for (let m = from; m < at; m += 16) {
      const lr = v128.load(l + m), li = v128.load(l + half + m);
      const pr = v128.load(x + m), pi = v128.load(x + half + m), qr = v128.load(y + m), qi = v128.load(y + half + m);
      xr = f64x2.add(xr, f64x2.sub(f64x2.mul(lr, pr), f64x2.mul(li, pi)));
      xi = f64x2.add(xi, f64x2.add(f64x2.mul(lr, pi), f64x2.mul(li, pr)));
      yr = f64x2.add(yr, f64x2.sub(f64x2.mul(lr, qr), f64x2.mul(li, qi)));
      yi = f64x2.add(yi, f64x2.add(f64x2.mul(lr, qi), f64x2.mul(li, qr)));
    }
    const pivot = load<f64>(l + at);
    store<f64>(x + at, ((k == i ? 1 : 0) - total(xr)) / pivot);
    store<f64>(x + half + at, -total(xi) / pivot);
    store<f64>(y + at, ((k == i + 1 ? 1 : 0) - total(yr)) / pivot);
    store<f64>(y + half + at, -total(yi) / pivot);
  }
}
