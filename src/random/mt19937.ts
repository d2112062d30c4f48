/**
 * NumPy's legacy generator, `numpy.random.RandomState(seed)`, for the draws that fastMRI's masks use, bit for bit.
 * Matsumoto and Nishimura, ACM TOMACS 8(1), 1998 (MT19937, init_genrand); the stream of RandomState is frozen by NEP
 * 19.
 */
import { LacunaError } from '../errors.ts';

const N = 624;
const M = 397;

export class RandomState {
  readonly #state = new Uint32Array(N);
  #next = N;

  /** `seed` is an integer in [0, 2³²), as RandomState demands. Throws usage.invalid otherwise. */
  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
      throw new LacunaError('usage.invalid', `seed must be an integer from 0 to 4294967295, got ${seed}`, { field: 'seed' });
    }
    let word = seed >>> 0;
    for (let i = 0; i < N; i++) {
      this.#state[i] = word;
      word = (Math.imul(1812433253, word ^ (word >>> 30)) + i + 1) >>> 0;
    }
  }

  /** Next 32 random bits, tempered. */
  uint32(): number {
    if (this.#next === N) this.#twist();
    let y = this.#state[this.#next++] as number;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** `random_sample()`, and `uniform()` with its default bounds: 53 bits in [0, 1). */
  uniform(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /**
   * `randint(0, high)` for high ≤ 2³²: masked rejection on 32-bit words. `high = 1` draws nothing, as in NumPy.
   * Throws usage.invalid where NumPy raises `low >= high`.
   */
  integer(high: number): number {
    if (!Number.isInteger(high) || high < 1 || high > 2 ** 32) {
      throw new LacunaError('usage.invalid', `randint needs an upper bound from 1 to 2^32, got ${high}`);
    }
    const largest = high - 1;
    if (largest === 0) return 0;
    const mask = 0xffffffff >>> Math.clz32(largest);
    for (;;) {
      const value = (this.uint32() & mask) >>> 0;
      if (value <= largest) return value;
    }
  }

  #twist(): void {
    const s = this.#state;
    for (let i = 0; i < N; i++) {
      const y = ((s[i] as number) & 0x80000000) | ((s[(i + 1) % N] as number) & 0x7fffffff);
      s[i] = (s[(i + M) % N] as number) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#next = 0;
  }
}
