/** Arrays by address. The address holds the SHA-256 of the bytes, so an entry never grows old; the least recently used go first. */
import type { NdArray } from '../../src/array/nd-array.ts';

export class ArrayCache {
  readonly #limit: number;
  readonly #entries = new Map<string, NdArray>();
  #bytes = 0;

  /** @param limit bytes kept at most; one larger array is not kept at all. */
  constructor(limit = 256 * 1024 * 1024) {
    this.#limit = limit;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(url: string): NdArray | undefined {
    const found = this.#entries.get(url);
    if (found === undefined) return undefined;
    // A Map iterates in insertion order: putting it back makes it the youngest.
    this.#entries.delete(url);
    this.#entries.set(url, found);
    return found;
  }

  set(url: string, array: NdArray): void {
    this.#drop(url);
    const size = array.data.byteLength;
    if (size > this.#limit) return;
    this.#entries.set(url, array);
    this.#bytes += size;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#limit) break;
      this.#drop(oldest);
    }
  }

  #drop(url: string): void {
    const old = this.#entries.get(url);
    if (old === undefined) return;
    this.#entries.delete(url);
    this.#bytes -= old.data.byteLength;
  }
}
