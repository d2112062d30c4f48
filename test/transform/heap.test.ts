import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Heap, MAXIMUM_PAGES } from '../../src/transform/heap.ts';

const heap = (): Heap => new Heap(new WebAssembly.Memory({ initial: 2, maximum: MAXIMUM_PAGES, shared: true }), 1024);

describe('Heap', () => {
  it('gives aligned blocks that never overlap, whatever is freed in between', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 50_000 }), fc.boolean()), { maxLength: 60 }), (steps) => {
        const it = heap();
        const live: { at: number; bytes: number }[] = [];
        for (const [bytes, freeOldest] of steps) {
          const at = it.allocate(bytes);
          expect(at % 64).toBe(0);
          expect(at).toBeGreaterThanOrEqual(1024);
          expect(at + bytes).toBeLessThanOrEqual(it.memory.buffer.byteLength);
          for (const other of live) expect(at + bytes <= other.at || other.at + other.bytes <= at).toBe(true);
          live.push({ at, bytes });
          if (freeOldest) it.free(live.shift()?.at ?? -1);
        }
        for (const { at } of live) it.free(at);
        expect(it.used).toBe(0);
        // All free space has been joined: a block of nearly the whole memory fits without growth.
        const size = it.memory.buffer.byteLength;
        it.allocate(size - 1024);
        expect(it.memory.buffer.byteLength).toBe(size);
      }),
      { numRuns: 100, seed: 3 },
    );
  });

  it('keeps what was written when it grows', () => {
    const it = heap();
    const at = it.allocate(4000);
    it.floats(at, 1000).fill(7);
    it.allocate(20_000_000);
    expect(it.floats(at, 1000).every((value) => value === 7)).toBe(true);
  });

  it('throws job.memory, naming the sizes, beyond its maximum', () => {
    expect(() => heap().allocate(2 ** 31)).toThrow(expect.objectContaining({ code: 'job.memory', message: expect.stringMatching(/2048 MB.*1024 MB/) }));
  });

  it('refuses to free twice', () => {
    const it = heap();
    const at = it.allocate(10);
    it.free(at);
    expect(() => it.free(at)).toThrow(/not allocated/);
  });
});
