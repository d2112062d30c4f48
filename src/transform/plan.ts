/** FFT plans: factors and twiddles of one length, laid out in kernel memory (src/transform/wasm/lines.ts, class Plan). */
import type { Heap } from './heap.ts';

export interface Plan {
  readonly n: number;
  readonly address: number;
  /** Elements a lane block must hold: n, or the length of the convolution for Bluestein. */
  readonly elements: number;
}

/** Primes up to this have a butterfly; a length with a larger one is transformed by Bluestein's convolution. */
const LARGEST_RADIX = 13;

/** Factors in the order the passes take them, or null where a prime is too large. */
export function factorise(n: number): number[] | null {
  const factors: number[] = [];
  let rest = n;
  const take = (r: number): void => {
    while (rest % r === 0) {
      factors.push(r);
      rest /= r;
    }
  };
  // An odd power of two takes one radix-8 pass, so that no radix-2 pass remains where 8 divides.
  const twos = 31 - Math.clz32(rest & -rest);
  if (twos % 2 === 1 && twos >= 3) {
    factors.push(8);
    rest /= 8;
  }
  for (const r of [4, 2, 5, 3, 7, 11, LARGEST_RADIX]) take(r);
  return rest === 1 ? factors : null;
}

/** Smallest product of 2, 3 and 5 that is at least n. */
export function smoothAtLeast(n: number): number {
  let best = Infinity;
  for (let five = 1; five < 2 * n; five *= 5) {
    for (let three = five; three < 2 * n; three *= 3) {
      let m = three;
      while (m < n) m *= 2;
      best = Math.min(best, m);
    }
  }
  return best;
}

export class Planner {
  readonly #heap: Heap;
  readonly #plans = new Map<number, Plan>();

  constructor(heap: Heap) {
    this.#heap = heap;
  }

  /** Plan of length n ≥ 1, made once. */
  plan(n: number): Plan {
    let plan = this.#plans.get(n);
    if (plan === undefined) {
      const factors = factorise(n);
      plan = factors === null ? this.#bluestein(n) : this.#mixedRadix(n, factors);
      this.#plans.set(n, plan);
    }
    return plan;
  }

  #mixedRadix(n: number, factors: readonly number[]): Plan {
    const table: number[] = [];
    let rest = n;
    for (const r of factors) {
      const m = rest / r;
      const length = rest;
      const twiddles = this.#roots(m * (r - 1), (i) => {
        const p = Math.floor(i / (r - 1));
        return (p * ((i % (r - 1)) + 1)) / length;
      });
      const roots = r > 5 && r !== 8 ? this.#roots(r, (j) => j / r) : 0;
      table.push(r, twiddles, roots);
      rest = m;
    }
    return { n, elements: n, address: this.#write([n, factors.length, this.#write(table), 0, 0, 0]) };
  }

  #bluestein(n: number): Plan {
    const inner = this.plan(smoothAtLeast(2 * n - 1));
    const m = inner.n;
    // e^(−πi k²/n): k² mod 2n keeps the angle exact.
    const turns = (k: number): number => Number((BigInt(k) * BigInt(k)) % BigInt(2 * n)) / (2 * n);
    const chirp = this.#roots(n, turns);
    // DFT of the conjugate chirp, made symmetric on the circle of length m, divided by m for the inverse transform.
    const re = new Float64Array(m);
    const im = new Float64Array(m);
    for (let k = 0; k < n; k++) {
      const angle = 2 * Math.PI * turns(k);
      re[k] = Math.cos(angle) / m;
      im[k] = Math.sin(angle) / m;
      if (k > 0) {
        re[m - k] = re[k] as number;
        im[m - k] = im[k] as number;
      }
    }
    const [fr, fi] = dft(re, im);
    const filter = this.#heap.allocate(8 * m);
    const view = this.#heap.floats(filter, 2 * m);
    for (let k = 0; k < m; k++) {
      view[2 * k] = fr[k] as number;
      view[2 * k + 1] = fi[k] as number;
    }
    return { n, elements: m, address: this.#write([n, 0, 0, inner.address, chirp, filter]) };
  }

  /** `count` pairs (cos, sin) of e^(−2πi·turns(i)). */
  #roots(count: number, turns: (i: number) => number): number {
    const address = this.#heap.allocate(8 * count);
    const view = this.#heap.floats(address, 2 * count);
    for (let i = 0; i < count; i++) {
      const angle = -2 * Math.PI * turns(i);
      view[2 * i] = Math.cos(angle);
      view[2 * i + 1] = Math.sin(angle);
    }
    return address;
  }

  #write(words: readonly number[]): number {
    const address = this.#heap.allocate(4 * words.length);
    this.#heap.ints(address, words.length).set(words);
    return address;
  }
}

/** Forward DFT in double precision by decimation in time over the smallest prime factor; only for making plans. */
function dft(re: Float64Array, im: Float64Array): [Float64Array, Float64Array] {
  const n = re.length;
  if (n === 1) return [re, im];
  const p = [2, 3, 5].find((r) => n % r === 0) as number;
  const m = n / p;
  const parts = Array.from({ length: p }, (_, r) => {
    const pick = (x: Float64Array): Float64Array => Float64Array.from({ length: m }, (_, i) => x[i * p + r] as number);
    return dft(pick(re), pick(im));
  });
  const outRe = new Float64Array(n);
  const outIm = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    for (let r = 0; r < p; r++) {
      const [a, b] = parts[r] as [Float64Array, Float64Array];
      const angle = (-2 * Math.PI * ((k * r) % n)) / n;
      const c = Math.cos(angle);
      const s = Math.sin(angle);
      const x = a[k % m] as number;
      const y = b[k % m] as number;
      outRe[k] = (outRe[k] as number) + c * x - s * y;
      outIm[k] = (outIm[k] as number) + c * y + s * x;
    }
  }
  return [outRe, outIm];
}
