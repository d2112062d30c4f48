/** Arrays that clients may fetch by the hash of their `.npy` bytes; the least recently used go first. */
import { createHash } from 'node:crypto';
import { encodeNpy } from '../array/npy.ts';
import type { NdArray } from '../array/nd-array.ts';
import type { ArrayLink } from './contract.ts';

const LIMIT_BYTES = 384 * 2 ** 20;

export class ArrayStore {
  readonly #arrays = new Map<string, Uint8Array>();
  #bytes = 0;

  put(array: NdArray): ArrayLink {
    const bytes = encodeNpy(array);
    const key = createHash('sha256').update(bytes).digest('hex');
    if (!this.#arrays.has(key)) {
      this.#arrays.set(key, bytes);
      this.#bytes += bytes.length;
      this.#evict();
    }
    return { url: `/api/arrays/${key}`, dtype: array.dtype, shape: array.shape };
  }

  get(key: string): Uint8Array | null {
    const bytes = this.#arrays.get(key);
    if (bytes === undefined) return null;
    this.#arrays.delete(key);
    this.#arrays.set(key, bytes);
    return bytes;
  }

  /** Whether the array behind a link can still be fetched. */
  holds({ url }: ArrayLink): boolean {
    return this.get(url.slice(url.lastIndexOf('/') + 1)) !== null;
  }

  #evict(): void {
    for (const [key, bytes] of this.#arrays) {
      if (this.#bytes <= LIMIT_BYTES || this.#arrays.size === 1) return;
      this.#arrays.delete(key);
      this.#bytes -= bytes.length;
    }
  }
}
