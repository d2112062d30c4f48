/** First-fit allocator over one shared WebAssembly memory. Blocks are 64-byte aligned; freeing joins neighbours. */
import { LacunaError } from '../errors.ts';

const ALIGN = 64;
const PAGE = 65_536;
/** Upper bound of the memory all kernels of one thread share: 1 GiB. */
export const MAXIMUM_PAGES = 16_384;
/** Grow by at least this much, so that a solver's buffers do not grow the memory one by one. */
const GROWTH_PAGES = 128;

interface Span {
  start: number;
  end: number;
}

export class Heap {
  readonly memory: WebAssembly.Memory;
  #free: Span[];
  readonly #sizes = new Map<number, number>();
  #floats: Float32Array;
  #ints: Int32Array;

  /** `start` keeps address 0 and any control block below it out of use. */
  constructor(memory: WebAssembly.Memory, start: number) {
    this.memory = memory;
    this.#free = [{ start, end: memory.buffer.byteLength }];
    this.#floats = new Float32Array(memory.buffer);
    this.#ints = new Int32Array(memory.buffer);
  }

  /** Address of `bytes` unspecified bytes. Throws `job.memory` beyond the maximum. */
  allocate(bytes: number): number {
    const size = Math.max(ALIGN, Math.ceil(bytes / ALIGN) * ALIGN);
    const at = this.#take(size) ?? this.#growAndTake(size);
    this.#sizes.set(at, size);
    return at;
  }

  free(address: number): void {
    const size = this.#sizes.get(address);
    if (size === undefined) throw new LacunaError('internal', `address ${address} is not allocated`);
    this.#sizes.delete(address);
    this.#insert({ start: address, end: address + size });
  }

  /** Bytes in use. */
  get used(): number {
    let sum = 0;
    for (const size of this.#sizes.values()) sum += size;
    return sum;
  }

  /** View of `length` floats; valid until the memory grows, so take it anew for each use. */
  floats(address: number, length: number): Float32Array {
    return this.#floats.subarray(address / 4, address / 4 + length);
  }

  ints(address: number, length: number): Int32Array {
    return this.#ints.subarray(address / 4, address / 4 + length);
  }

  #take(size: number): number | null {
    const index = this.#free.findIndex((span) => span.end - span.start >= size);
    const span = this.#free[index];
    if (span === undefined) return null;
    const at = span.start;
    span.start += size;
    if (span.start === span.end) this.#free.splice(index, 1);
    return at;
  }

  #growAndTake(size: number): number {
    const before = this.memory.buffer.byteLength;
    const room = MAXIMUM_PAGES - before / PAGE;
    const needed = Math.ceil(size / PAGE);
    if (needed > room) {
      const megabytes = (bytes: number): number => Math.round(bytes / 2 ** 20);
      throw new LacunaError(
        'job.memory',
        `The calculation needs ${megabytes(size)} MB more working memory; ${megabytes(this.used)} of ` +
          `${megabytes(MAXIMUM_PAGES * PAGE)} MB are in use.`,
      );
    }
    this.memory.grow(Math.min(room, Math.max(needed, GROWTH_PAGES)));
    this.#floats = new Float32Array(this.memory.buffer);
    this.#ints = new Int32Array(this.memory.buffer);
    this.#insert({ start: before, end: this.memory.buffer.byteLength });
    return this.#take(size) as number;
  }

  #insert(span: Span): void {
    let index = this.#free.findIndex((other) => other.start > span.start);
    if (index < 0) index = this.#free.length;
    this.#free.splice(index, 0, span);
    this.#join(index);
    this.#join(index - 1);
  }

  /** Joins span `index` with the next one where they touch. */
  #join(index: number): void {
    const span = this.#free[index];
    const next = this.#free[index + 1];
    if (span === undefined || next === undefined || span.end !== next.start) return;
    span.end = next.end;
    this.#free.splice(index + 1, 1);
  }
}
