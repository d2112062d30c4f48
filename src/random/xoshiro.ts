/**
 * The studio's own fast generator: xoshiro128** 1.1 (Blackman and Vigna, ACM TOMS 47(4), 2021; public-domain reference
 * code), seeded by a 32-bit mixing hash from any list of integers, so that every slice and purpose has its own stream.
 *
 * Integers and uniforms are exact 32-bit arithmetic: the same on every machine. Normals also use Math.exp, Math.log and
 * Math.sqrt; V8 brings its own code for these, so with the pinned Node version they do not vary with the system's libm.
 */

/**
 * Ziggurat of 128 layers of equal area under e^(−x²/2) (Marsaglia and Tsang, J. Stat. Softw. 5(8), 2000; layer and
 * position from separate bits, as Doornik 2005 advises). Layer i spans heights HEIGHT[i] to HEIGHT[i + 1]; layer 0 is
 * the base strip with the tail beyond TAIL.
 */
const TAIL = 3.442619855899;
const AREA = 9.91256303526217e-3;
const WIDTH = new Float64Array(128);
const INNER = new Float64Array(128);
const HEIGHT = new Float64Array(129);
buildZiggurat();

function buildZiggurat(): void {
  const density = (x: number): number => Math.exp(-0.5 * x * x);
  const edge = new Float64Array(129);
  edge[0] = AREA / density(TAIL);
  edge[1] = TAIL;
  for (let i = 1; i < 127; i++) {
    edge[i + 1] = Math.sqrt(-2 * Math.log(AREA / (edge[i] as number) + density(edge[i] as number)));
  }
  for (let i = 0; i < 128; i++) {
    WIDTH[i] = (edge[i] as number) / 2 ** 24;
    INNER[i] = edge[i + 1] as number;
    HEIGHT[i] = i === 0 ? 0 : density(edge[i] as number);
  }
  HEIGHT[128] = 1;
}

/** A stream that is decided by `key` alone: `new Random(seed, slice, PURPOSE)`. */
export class Random {
  // A typed array, since V8 boxes 32-bit integers held in plain fields.
  readonly #state = new Int32Array(4);

  constructor(...key: readonly number[]) {
    // Each key word is absorbed, then four words are squeezed out; xoshiro needs a state that is not all zero.
    let h = 0x9e3779b9;
    for (const word of [key.length, ...key]) h = mix((h ^ (word >>> 0)) >>> 0) + 0x9e3779b9;
    this.#state.set([mix(h) | 1, mix(h + 0x3c6ef372), mix(h + 0xdaa66d2b), mix(h + 0x78dde6e4)]);
  }

  /** Next 32 random bits. */
  uint32(): number {
    const state = this.#state;
    const b = state[1] as number;
    const scrambled = Math.imul(b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const c = (state[2] as number) ^ (state[0] as number);
    const d = (state[3] as number) ^ b;
    state[1] = b ^ c;
    state[0] = (state[0] as number) ^ d;
    state[2] = c ^ (b << 9);
    state[3] = (d << 11) | (d >>> 21);
    return result;
  }

  /** Uniform in the open interval (0, 1), on a grid of 2⁻³² with a half-step offset: never 0, never 1. */
  uniform(): number {
    return (this.uint32() + 0.5) * 2.3283064365386963e-10;
  }

  /** Uniform integer in [0, high), 1 ≤ high ≤ 2³², without bias (rejection on a bit mask). */
  integer(high: number): number {
    const largest = high - 1;
    if (largest === 0) return 0;
    const mask = 0xffffffff >>> Math.clz32(largest);
    for (;;) {
      const value = (this.uint32() & mask) >>> 0;
      if (value <= largest) return value;
    }
  }

  /**
   * Standard normal. One 32-bit word decides 98.8 % of them: 7 bits the layer, 25 bits the signed position within
   * it.
   */
  normal(): number {
    for (;;) {
      const word = this.uint32() | 0;
      const layer = word & 127;
      const x = (word >> 7) * (WIDTH[layer] as number);
      if (Math.abs(x) < (INNER[layer] as number)) return x;
      if (layer === 0) return x < 0 ? -this.#tail() : this.#tail();
      const low = HEIGHT[layer] as number;
      const high = HEIGHT[layer + 1] as number;
      if (low + this.uniform() * (high - low) < Math.exp(-0.5 * x * x)) return x;
    }
  }

  /** A normal beyond TAIL, by Marsaglia's exponential rejection. */
  #tail(): number {
    for (;;) {
      const x = -Math.log(this.uniform()) / TAIL;
      const y = -Math.log(this.uniform());
      if (2 * y > x * x) return TAIL + x;
    }
  }

  /** Uniformly random order of 0 … count − 1 (Fisher and Yates). */
  permutation(count: number): Uint32Array {
    const order = new Uint32Array(count);
    for (let i = 0; i < count; i++) {
      const j = this.integer(i + 1);
      order[i] = order[j] as number;
      order[j] = i;
    }
    return order;
  }
}

/**
 * Avalanche of 32 bits: every input bit flips every output bit with probability near one half (murmur3's
 * finaliser).
 */
export function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
