/** Elementwise kernels over flat float arrays, in fixed chunks so that sums do not depend on the number of threads. */

const CHUNK: i32 = 8192;

/** out = a·x + b·y */
@unmanaged class Combine {
  out: usize;
  x: usize;
  y: usize;
  length: i32;
  a: f32;
  b: f32;
}

export function combine(job: usize, task: i32): void {
  const it = changetype<Combine>(job);
  const from = task * CHUNK, count = min(CHUNK, it.length - from);
  const offset = <usize>from << 2;
  const out = it.out + offset, x = it.x + offset, y = it.y + offset;
  const a = f32x4.splat(it.a), b = f32x4.splat(it.b);
  for (let k: usize = 0, end = <usize>count << 2; k < end; k += 16) {
    v128.store(out + k, f32x4.add(f32x4.mul(a, v128.load(x + k)), f32x4.mul(b, v128.load(y + k))));
  }
}

/** partial[task] = Σ x·y of the chunk, in double precision. */
@unmanaged class Dot {
  x: usize;
  y: usize;
  length: i32;
  partial: usize;
}

export function dot(job: usize, task: i32): void {
  const it = changetype<Dot>(job);
  const from = task * CHUNK, count = min(CHUNK, it.length - from);
  const x = it.x + (<usize>from << 2), y = it.y + (<usize>from << 2);
  let low = f64x2.splat(0), high = f64x2.splat(0);
  for (let k: usize = 0, end = <usize>count << 2; k < end; k += 16) {
    const p = v128.load(x + k), q = v128.load(y + k);
    low = f64x2.add(low, f64x2.mul(f64x2.promote_low_f32x4(p), f64x2.promote_low_f32x4(q)));
    const ph = v128.shuffle<f64>(p, p, 1, 1), qh = v128.shuffle<f64>(q, q, 1, 1);
    high = f64x2.add(high, f64x2.mul(f64x2.promote_low_f32x4(ph), f64x2.promote_low_f32x4(qh)));
  }
  const sum = f64x2.add(low, high);
  store<f64>(it.partial + (<usize>task << 3), f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
}
