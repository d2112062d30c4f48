import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNdjson } from '../../../renderer/api/ndjson.ts';

/** A stream of `bytes`, cut at the given places. */
function chunked(bytes: Uint8Array, cuts: readonly number[]): ReadableStream<Uint8Array> {
  const at = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  return new ReadableStream({
    start(controller) {
      for (let i = 0; i + 1 < at.length; i++) controller.enqueue(bytes.slice(at[i], at[i + 1]));
      controller.close();
    },
  });
}
const collect = async (stream: ReadableStream<Uint8Array>): Promise<unknown[]> => {
  const out: unknown[] = [];
  for await (const value of readNdjson(stream)) out.push(value);
  return out;
};

describe('readNdjson', () => {
  it('gives the same values however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 8 }),
        fc.array(fc.nat(400), { maxLength: 12 }),
        fc.boolean(),
        async (values, cuts, lastNewline) => {
          const text = values.map((v) => JSON.stringify(v)).join('\n') + (lastNewline && values.length > 0 ? '\n' : '');
          const bytes = new TextEncoder().encode(text);
          const seen = await collect(chunked(bytes, cuts.map((c) => Math.min(c, bytes.length))));
          expect(seen).toEqual(JSON.parse(JSON.stringify(values)));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('keeps a character together that is cut in the middle', async () => {
    const bytes = new TextEncoder().encode('{"t":"L1 · 4×"}\n');
    expect(await collect(chunked(bytes, Array.from(bytes.keys())))).toEqual([{ t: 'L1 · 4×' }]);
  });

  it('skips empty lines and carriage returns', async () => {
    expect(await collect(chunked(new TextEncoder().encode('1\r\n\n\n2\r\n'), []))).toEqual([1, 2]);
  });

  it('names the line that is not JSON', async () => {
    await expect(collect(chunked(new TextEncoder().encode('{}\n{"a":\n'), []))).rejects.toMatchObject({
      code: 'input.malformed',
      message: expect.stringContaining('Line 2'),
    });
  });

  it('cancels the stream when the reader leaves early', async () => {
    let cancelled = false;
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('1\n')),
      cancel: () => {
        cancelled = true;
      },
    });
    for await (const value of readNdjson<number>(stream)) if (value === 1) break;
    expect(cancelled).toBe(true);
  });

  it('refuses a line without end', async () => {
    const block = new Uint8Array(1024 * 1024).fill(0x20);
    const stream = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(block) });
    await expect(collect(stream)).rejects.toMatchObject({ code: 'input.malformed' });
  });
});
