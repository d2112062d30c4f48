/** FFT along one axis of an interleaved complex array seen as [outer, n, inner]. */
import { BLOCK } from './butterflies';
import { fft4, gatherColumns, gatherFewColumns, gatherRows, scatterColumns, scatterFewColumns, scatterRows } from './lines';

/** Written by src/transform/fft.ts, field by field. */
@unmanaged class AxisJob {
  plan: usize;
  /** May be the same. */
  src: usize;
  dst: usize;
  outer: i32;
  n: i32;
  inner: i32;
  /** First input element, and place of the first output element: ⌊n/2⌋ for centred transforms, else 0. */
  shift: i32;
  /** 16 for the inverse, else 0. */
  swap: usize;
  scale: f32;
  /** Bytes of one lane block of scratch; four are used. */
  block: usize;
}

/** One task does all. */
export function fftAxis(job: usize, task: i32, scratch: usize): void {
  const it = changetype<AxisJob>(job);
  if (it.inner == 1) return fftRows(it, scratch);
  for (let o = 0; o < it.outer; o++) fftColumns(it, <usize>o * <usize>it.n * <usize>it.inner * 8, scratch);
}

function fftRows(it: AxisJob, scratch: usize): void {
  const n = it.n, line = <usize>n << 3;
  const head = n - it.shift, turn = <usize>it.shift << 3;
  const a = scratch, b = a + it.block;
  for (let l = 0; l < it.outer; l += 4) {
    const last = it.outer - 1;
    const o0 = <usize>l * line, o1 = <usize>min(l + 1, last) * line, o2 = <usize>min(l + 2, last) * line, o3 = <usize>min(l + 3, last) * line;
    let s = it.src + turn;
    gatherRows(s + o0, s + o1, s + o2, s + o3, head, a, it.swap);
    s = it.src;
    if (it.shift > 0) gatherRows(s + o0, s + o1, s + o2, s + o3, it.shift, a + <usize>head * BLOCK, it.swap);
    const f = fft4(it.plan, a, b);
    let d = it.dst + turn;
    scatterRows(f, head, d + o0, d + o1, d + o2, d + o3, it.swap, it.scale);
    d = it.dst;
    if (it.shift > 0) scatterRows(f + <usize>head * BLOCK, it.shift, d + o0, d + o1, d + o2, d + o3, it.swap, it.scale);
  }
}

/** Eight columns are gathered together so that whole cache lines are used, whatever power of two the row stride is. */
function fftColumns(it: AxisJob, offset: usize, scratch: usize): void {
  const n = it.n, row = <usize>it.inner << 3;
  const head = n - it.shift, tail = it.shift, turn = <usize>it.shift * row;
  const scale = f32x4.splat(it.scale);
  const a = scratch, b = a + it.block, c = b + it.block, d = c + it.block;
  const cut = <usize>head * BLOCK;
  let column = 0;
  for (; column + 8 <= it.inner; column += 8) {
    const src = it.src + offset + (<usize>column << 3), dst = it.dst + offset + (<usize>column << 3);
    gatherColumns2(src + turn, row, head, a, c, it.swap);
    gatherColumns2(src, row, tail, a + cut, c + cut, it.swap);
    const f = fft4(it.plan, a, b), g = fft4(it.plan, c, d);
    scatterColumns2(f, g, row, head, dst + turn, it.swap, scale);
    scatterColumns2(f + cut, g + cut, row, tail, dst, it.swap, scale);
  }
  for (; column < it.inner; column += 4) {
    const count = min(4, it.inner - column);
    const src = it.src + offset + (<usize>column << 3), dst = it.dst + offset + (<usize>column << 3);
    if (count == 4) {
      gatherColumns(src + turn, row, head, a, it.swap);
      gatherColumns(src, row, tail, a + cut, it.swap);
    } else {
      gatherFewColumns(src + turn, row, head, a, it.swap, count);
      gatherFewColumns(src, row, tail, a + cut, it.swap, count);
    }
    const f = fft4(it.plan, a, b);
    if (count == 4) {
      scatterColumns(f, row, head, dst + turn, it.swap, scale);
      scatterColumns(f + cut, row, tail, dst, it.swap, scale);
    } else {
      scatterFewColumns(f, row, head, dst + turn, it.swap, it.scale, count);
      scatterFewColumns(f + cut, row, tail, dst, it.swap, it.scale, count);
    }
  }
}

@inline function gatherColumns2(from: usize, stride: usize, n: i32, a: usize, c: usize, swap: usize): void {
  for (let k: usize = 0, end = <usize>n * BLOCK; k < end; k += BLOCK, from += stride) {
    const p = v128.load(from), q = v128.load(from, 16), r = v128.load(from, 32), s = v128.load(from, 48);
    v128.store(a + k + swap, v128.shuffle<f32>(p, q, 0, 2, 4, 6));
    v128.store(a + k + 16 - swap, v128.shuffle<f32>(p, q, 1, 3, 5, 7));
    v128.store(c + k + swap, v128.shuffle<f32>(r, s, 0, 2, 4, 6));
    v128.store(c + k + 16 - swap, v128.shuffle<f32>(r, s, 1, 3, 5, 7));
  }
}

@inline function scatterColumns2(a: usize, c: usize, stride: usize, n: i32, to: usize, swap: usize, scale: v128): void {
  for (let k: usize = 0, end = <usize>n * BLOCK; k < end; k += BLOCK, to += stride) {
    const p = f32x4.mul(v128.load(a + k + swap), scale), q = f32x4.mul(v128.load(a + k + 16 - swap), scale);
    const r = f32x4.mul(v128.load(c + k + swap), scale), s = f32x4.mul(v128.load(c + k + 16 - swap), scale);
    v128.store(to, v128.shuffle<f32>(p, q, 0, 4, 1, 5));
    v128.store(to, v128.shuffle<f32>(p, q, 2, 6, 3, 7), 16);
    v128.store(to, v128.shuffle<f32>(r, s, 0, 4, 1, 5), 32);
    v128.store(to, v128.shuffle<f32>(r, s, 2, 6, 3, 7), 48);
  }
}
