/**
 * Stockham passes of a decimation-in-frequency FFT over four independent lines at once.
 *
 * A *lane block* holds element k of four lines at byte 32·k: four real parts, then four imaginary parts. Pass of radix r
 * with remaining length n, stride s and m = n/r: for p < m, q < s
 *   y[q + s·(r·p + k)] = w^(p·k) · Σ_j x[q + s·(p + m·j)] e^(−2πi jk/r),  w = e^(−2πi/n).
 * Twiddles of a pass are stored p-major, k = 1 … r−1, as (cos, sin) of w^(p·k).
 */

export const BLOCK: usize = 32;

const COS_2PI_3: f32 = -0.5;
const SIN_2PI_3: f32 = 0.8660254037844386;
const COS_2PI_5: f32 = 0.30901699437494745;
const COS_4PI_5: f32 = -0.8090169943749475;
const SIN_2PI_5: f32 = 0.9510565162951535;
const SIN_4PI_5: f32 = 0.5877852522924731;
const SQRT_HALF: f32 = 0.7071067811865476;

@inline function put(y: usize, re: v128, im: v128): void {
  v128.store(y, re);
  v128.store(y, im, 16);
}

/** Stores (re + i·im)·w, where w = (load(t), load(t + 4)). */
@inline function putTimes(y: usize, re: v128, im: v128, t: usize): void {
  const c = v128.load_splat<f32>(t);
  const s = v128.load_splat<f32>(t, 4);
  v128.store(y, f32x4.sub(f32x4.mul(re, c), f32x4.mul(im, s)));
  v128.store(y, f32x4.add(f32x4.mul(re, s), f32x4.mul(im, c)), 16);
}

@inline function store(turn: bool, y: usize, re: v128, im: v128, t: usize): void {
  if (turn) putTimes(y, re, im, t);
  else put(y, re, im);
}

@inline function butterfly2(turn: bool, x: usize, dx: usize, y: usize, dy: usize, t: usize): void {
  const ar = v128.load(x), ai = v128.load(x, 16);
  const br = v128.load(x + dx), bi = v128.load(x + dx, 16);
  put(y, f32x4.add(ar, br), f32x4.add(ai, bi));
  store(turn, y + dy, f32x4.sub(ar, br), f32x4.sub(ai, bi), t);
}

@inline function butterfly3(turn: bool, x: usize, dx: usize, y: usize, dy: usize, t: usize): void {
  const ar = v128.load(x), ai = v128.load(x, 16);
  const br = v128.load(x + dx), bi = v128.load(x + dx, 16);
  const cr = v128.load(x + 2 * dx), ci = v128.load(x + 2 * dx, 16);
  const sr = f32x4.add(br, cr), si = f32x4.add(bi, ci);
  const h = f32x4.splat(COS_2PI_3), k = f32x4.splat(SIN_2PI_3);
  const mr = f32x4.add(ar, f32x4.mul(sr, h)), mi = f32x4.add(ai, f32x4.mul(si, h));
  const dr = f32x4.mul(f32x4.sub(br, cr), k), di = f32x4.mul(f32x4.sub(bi, ci), k);
  put(y, f32x4.add(ar, sr), f32x4.add(ai, si));
  store(turn, y + dy, f32x4.add(mr, di), f32x4.sub(mi, dr), t);
  store(turn, y + 2 * dy, f32x4.sub(mr, di), f32x4.add(mi, dr), t + 8);
}

@inline function butterfly4(turn: bool, x: usize, dx: usize, y: usize, dy: usize, t: usize): void {
  const ar = v128.load(x), ai = v128.load(x, 16);
  const cr = v128.load(x + 2 * dx), ci = v128.load(x + 2 * dx, 16);
  const sr = f32x4.add(ar, cr), si = f32x4.add(ai, ci);
  const dr = f32x4.sub(ar, cr), di = f32x4.sub(ai, ci);
  const br = v128.load(x + dx), bi = v128.load(x + dx, 16);
  const er = v128.load(x + 3 * dx), ei = v128.load(x + 3 * dx, 16);
  const ur = f32x4.add(br, er), ui = f32x4.add(bi, ei);
  const vr = f32x4.sub(br, er), vi = f32x4.sub(bi, ei);
  put(y, f32x4.add(sr, ur), f32x4.add(si, ui));
  store(turn, y + dy, f32x4.add(dr, vi), f32x4.sub(di, vr), t);
  store(turn, y + 2 * dy, f32x4.sub(sr, ur), f32x4.sub(si, ui), t + 8);
  store(turn, y + 3 * dy, f32x4.sub(dr, vi), f32x4.add(di, vr), t + 16);
}

@inline function butterfly5(turn: bool, x: usize, dx: usize, y: usize, dy: usize, t: usize): void {
  const ar = v128.load(x), ai = v128.load(x, 16);
  const br = v128.load(x + dx), bi = v128.load(x + dx, 16);
  const er = v128.load(x + 4 * dx), ei = v128.load(x + 4 * dx, 16);
  const cr = v128.load(x + 2 * dx), ci = v128.load(x + 2 * dx, 16);
  const dr = v128.load(x + 3 * dx), di = v128.load(x + 3 * dx, 16);
  const pr = f32x4.add(br, er), pi = f32x4.add(bi, ei), mr = f32x4.sub(br, er), mi = f32x4.sub(bi, ei);
  const qr = f32x4.add(cr, dr), qi = f32x4.add(ci, di), nr = f32x4.sub(cr, dr), ni = f32x4.sub(ci, di);
  const c1 = f32x4.splat(COS_2PI_5), c2 = f32x4.splat(COS_4PI_5);
  const s1 = f32x4.splat(SIN_2PI_5), s2 = f32x4.splat(SIN_4PI_5);
  put(y, f32x4.add(ar, f32x4.add(pr, qr)), f32x4.add(ai, f32x4.add(pi, qi)));
  const gr = f32x4.add(ar, f32x4.add(f32x4.mul(pr, c1), f32x4.mul(qr, c2)));
  const gi = f32x4.add(ai, f32x4.add(f32x4.mul(pi, c1), f32x4.mul(qi, c2)));
  const hr = f32x4.add(f32x4.mul(mr, s1), f32x4.mul(nr, s2));
  const hi = f32x4.add(f32x4.mul(mi, s1), f32x4.mul(ni, s2));
  store(turn, y + dy, f32x4.add(gr, hi), f32x4.sub(gi, hr), t);
  store(turn, y + 4 * dy, f32x4.sub(gr, hi), f32x4.add(gi, hr), t + 24);
  const jr = f32x4.add(ar, f32x4.add(f32x4.mul(pr, c2), f32x4.mul(qr, c1)));
  const ji = f32x4.add(ai, f32x4.add(f32x4.mul(pi, c2), f32x4.mul(qi, c1)));
  const kr = f32x4.sub(f32x4.mul(mr, s2), f32x4.mul(nr, s1));
  const ki = f32x4.sub(f32x4.mul(mi, s2), f32x4.mul(ni, s1));
  store(turn, y + 2 * dy, f32x4.add(jr, ki), f32x4.sub(ji, kr), t + 8);
  store(turn, y + 3 * dy, f32x4.sub(jr, ki), f32x4.add(ji, kr), t + 16);
}

/** Radix 8 as two interleaved radix-4 butterflies of the even and odd inputs. */
@inline function butterfly8(turn: bool, x: usize, dx: usize, y: usize, dy: usize, t: usize): void {
  // Sums and differences of inputs four apart.
  let ar = v128.load(x), ai = v128.load(x, 16), br = v128.load(x + 4 * dx), bi = v128.load(x + 4 * dx, 16);
  const p0r = f32x4.add(ar, br), p0i = f32x4.add(ai, bi), m0r = f32x4.sub(ar, br), m0i = f32x4.sub(ai, bi);
  ar = v128.load(x + 2 * dx); ai = v128.load(x + 2 * dx, 16); br = v128.load(x + 6 * dx); bi = v128.load(x + 6 * dx, 16);
  const p2r = f32x4.add(ar, br), p2i = f32x4.add(ai, bi), m2r = f32x4.sub(ar, br), m2i = f32x4.sub(ai, bi);
  ar = v128.load(x + dx); ai = v128.load(x + dx, 16); br = v128.load(x + 5 * dx); bi = v128.load(x + 5 * dx, 16);
  const p1r = f32x4.add(ar, br), p1i = f32x4.add(ai, bi), m1r = f32x4.sub(ar, br), m1i = f32x4.sub(ai, bi);
  ar = v128.load(x + 3 * dx); ai = v128.load(x + 3 * dx, 16); br = v128.load(x + 7 * dx); bi = v128.load(x + 7 * dx, 16);
  const p3r = f32x4.add(ar, br), p3i = f32x4.add(ai, bi), m3r = f32x4.sub(ar, br), m3i = f32x4.sub(ai, bi);
  // Even outputs: radix 4 of the sums.
  const sr = f32x4.add(p0r, p2r), si = f32x4.add(p0i, p2i), dr = f32x4.sub(p0r, p2r), di = f32x4.sub(p0i, p2i);
  const ur = f32x4.add(p1r, p3r), ui = f32x4.add(p1i, p3i), vr = f32x4.sub(p1r, p3r), vi = f32x4.sub(p1i, p3i);
  put(y, f32x4.add(sr, ur), f32x4.add(si, ui));
  store(turn, y + 2 * dy, f32x4.add(dr, vi), f32x4.sub(di, vr), t + 8);
  store(turn, y + 4 * dy, f32x4.sub(sr, ur), f32x4.sub(si, ui), t + 24);
  store(turn, y + 6 * dy, f32x4.sub(dr, vi), f32x4.add(di, vr), t + 40);
  // Odd outputs: radix 4 of the differences times e^(−2πi j/8).
  const h = f32x4.splat(SQRT_HALF);
  const er = f32x4.add(m0r, m2i), ei = f32x4.sub(m0i, m2r), gr = f32x4.sub(m0r, m2i), gi = f32x4.add(m0i, m2r);
  const ar1 = f32x4.mul(f32x4.sub(m1r, m3r), h), ai1 = f32x4.mul(f32x4.sub(m1i, m3i), h);
  const br1 = f32x4.mul(f32x4.add(m1r, m3r), h), bi1 = f32x4.mul(f32x4.add(m1i, m3i), h);
  const cr = f32x4.add(ar1, bi1), ci = f32x4.sub(ai1, br1), fr = f32x4.sub(ar1, bi1), fi = f32x4.add(ai1, br1);
  store(turn, y + dy, f32x4.add(er, cr), f32x4.add(ei, ci), t);
  store(turn, y + 5 * dy, f32x4.sub(er, cr), f32x4.sub(ei, ci), t + 32);
  store(turn, y + 3 * dy, f32x4.sub(gr, fr), f32x4.sub(gi, fi), t + 16);
  store(turn, y + 7 * dy, f32x4.add(gr, fr), f32x4.add(gi, fi), t + 48);
}

/** Any small prime by its definition; `roots` holds (cos, sin) of e^(−2πi j/r), j < r. */
@inline function butterflyAny(turn: bool, r: i32, roots: usize, x: usize, dx: usize, y: usize, dy: usize, t: usize): void {
  for (let k = 0; k < r; k++) {
    let sr = v128.load(x), si = v128.load(x, 16);
    for (let j = 1, at = k; j < r; j++) {
      const c = v128.load_splat<f32>(roots + (<usize>at << 3)), s = v128.load_splat<f32>(roots + (<usize>at << 3), 4);
      const xr = v128.load(x + <usize>j * dx), xi = v128.load(x + <usize>j * dx, 16);
      sr = f32x4.add(sr, f32x4.sub(f32x4.mul(xr, c), f32x4.mul(xi, s)));
      si = f32x4.add(si, f32x4.add(f32x4.mul(xr, s), f32x4.mul(xi, c)));
      at += k;
      if (at >= r) at -= r;
    }
    if (k == 0) put(y, sr, si);
    else store(turn, y + <usize>k * dy, sr, si, t + (<usize>(k - 1) << 3));
  }
}

/** `kind` is the radix as a constant, so that each pass is compiled with one butterfly; 0 = any. */
@inline function butterfly(turn: bool, kind: i32, r: i32, roots: usize, x: usize, dx: usize, y: usize, dy: usize, t: usize): void {
  if (kind == 4) butterfly4(turn, x, dx, y, dy, t);
  else if (kind == 8) butterfly8(turn, x, dx, y, dy, t);
  else if (kind == 2) butterfly2(turn, x, dx, y, dy, t);
  else if (kind == 3) butterfly3(turn, x, dx, y, dy, t);
  else if (kind == 5) butterfly5(turn, x, dx, y, dy, t);
  else butterflyAny(turn, r, roots, x, dx, y, dy, t);
}

@inline function passOf(kind: i32, r: i32, src: usize, dst: usize, n: i32, s: i32, twiddles: usize, roots: usize): void {
  const m = n / r;
  const dx = <usize>(s * m) * BLOCK;
  const dy = <usize>s * BLOCK;
  const row = <usize>(r - 1) << 3;
  // p = 0 needs no twiddles; in the last pass m = 1, so this is all of it.
  let x = src, y = dst;
  for (const end = src + dy; x < end; x += BLOCK, y += BLOCK) butterfly(false, kind, r, roots, x, dx, y, dy, 0);
  let t = twiddles + row;
  for (let p = 1; p < m; p++, t += row) {
    y += dy * <usize>(r - 1);
    for (const end = x + dy; x < end; x += BLOCK, y += BLOCK) butterfly(true, kind, r, roots, x, dx, y, dy, t);
  }
}

/** One pass from src to dst (disjoint lane blocks of n·s elements). */
export function pass(r: i32, src: usize, dst: usize, n: i32, s: i32, twiddles: usize, roots: usize): void {
  if (r == 4) passOf(4, 4, src, dst, n, s, twiddles, roots);
  else if (r == 8) passOf(8, 8, src, dst, n, s, twiddles, roots);
  else if (r == 2) passOf(2, 2, src, dst, n, s, twiddles, roots);
  else if (r == 3) passOf(3, 3, src, dst, n, s, twiddles, roots);
  else if (r == 5) passOf(5, 5, src, dst, n, s, twiddles, roots);
  else passOf(0, r, src, dst, n, s, twiddles, roots);
}
