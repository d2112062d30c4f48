/** Inputs that the infer process keeps under a content key, so that those which stay the same cross the socket once. */
import type { Tensor } from './tensors.ts';

/** Coil maps of a dozen 8-channel 320×320 slices and a few DFT matrices; the process is released when idle. */
const MOST_BYTES = 96 * 2 ** 20;

export class ResidentTensors {
  /** In order of last use, oldest first. */
  readonly #tensors = new Map<string, Tensor>();
  readonly #mostBytes: number;
  #bytes = 0;

  constructor(mostBytes: number = MOST_BYTES) {
    this.#mostBytes = mostBytes;
  }

  get(key: string): Tensor | undefined {
    const tensor = this.#tensors.get(key);
    if (tensor === undefined) return undefined;
    this.#tensors.delete(key);
    this.#tensors.set(key, tensor);
    return tensor;
  }

  /** Keeps a copy of its own: `tensor` is a view of a message. One that alone is larger than all of the room is not kept. */
  keep(key: string, tensor: Tensor): void {
    const bytes = tensor.data.byteLength;
    if (bytes > this.#mostBytes || this.#tensors.has(key)) return;
    this.#tensors.set(key, { ...tensor, data: tensor.data.slice() } as Tensor);
    this.#bytes += bytes;
    for (const [oldest, { data }] of this.#tensors) {
      if (this.#bytes <= this.#mostBytes) break;
      this.#tensors.delete(oldest);
      this.#bytes -= data.byteLength;
    }
  }
}
