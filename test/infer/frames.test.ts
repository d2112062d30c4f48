import { describe, expect, it } from 'vitest';
import { encodeFrame, FrameDecoder, MAX_HEADER_BYTES } from '../../src/infer/frames.ts';
import type { Frame } from '../../src/infer/frames.ts';
import { packTensors, tensorHeaderSchema, unpackTensors } from '../../src/infer/tensors.ts';

const bytesOf = (chunks: readonly Uint8Array[]) => Buffer.concat(chunks);

/** The same bytes in pieces of `size`. */
function decodeInPieces(bytes: Uint8Array, size: number): Frame[] {
  const decoder = new FrameDecoder();
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length; at += size) frames.push(...decoder.push(bytes.subarray(at, at + size)));
  return frames;
}

describe('frames', () => {
  const first = encodeFrame({ type: 'run', name: 'π' }, [Uint8Array.of(1, 2, 3), Uint8Array.of(4)]);
  const second = encodeFrame({ empty: true }, []);

  it.each([1, 7, 16, 17, 1000])('come back from pieces of %i bytes', (size) => {
    const frames = decodeInPieces(bytesOf([...first, ...second]), size);
    expect(frames.map((frame) => frame.header)).toEqual([{ type: 'run', name: 'π' }, { empty: true }]);
    expect(frames.map((frame) => [...new Uint8Array(frame.payload)])).toEqual([[1, 2, 3, 4], []]);
  });

  it('refuse foreign bytes', () => {
    expect(() => [...new FrameDecoder().push(Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n'))]).toThrow('not a Lacuna frame');
  });

  it('refuse promised sizes beyond the limit before memory is taken', () => {
    const prefix = Buffer.from(bytesOf(second).subarray(0, 16));
    prefix.writeBigUInt64LE(2n ** 40n, 8);
    expect(() => [...new FrameDecoder().push(prefix)]).toThrow(/1099511627776 bytes; at most/);
    prefix.writeBigUInt64LE(0n, 8);
    prefix.writeUInt32LE(MAX_HEADER_BYTES + 1, 4);
    expect(() => [...new FrameDecoder().push(prefix)]).toThrow(/a header of/);
  });

  it('refuse a header that is not JSON', () => {
    const broken = bytesOf(second);
    broken[16] = 0x7d;
    expect(() => [...new FrameDecoder().push(broken)]).toThrow('not JSON');
  });
});

describe('tensors', () => {
  it('keep values, shapes and alignment next to each other', () => {
    const tensors = {
      odd: { dtype: 'float32', shape: [3], data: Float32Array.of(1, 2, 3) },
      whole: { dtype: 'int64', shape: [2, 1], data: BigInt64Array.of(-5n, 2n ** 40n) },
      scalar: { dtype: 'float32', shape: [], data: Float32Array.of(7) },
      none: { dtype: 'float32', shape: [0, 4], data: new Float32Array(0) },
    } as const;
    const { header, parts } = packTensors(tensors);
    const payload = bytesOf(parts);
    const copy = payload.buffer.slice(payload.byteOffset, payload.byteOffset + payload.byteLength) as ArrayBuffer;
    expect(unpackTensors(header, copy)).toEqual(tensors);
  });

  it('refuse a description larger than the payload', () => {
    const header = tensorHeaderSchema.parse([{ name: 'x', dtype: 'float32', shape: [1000, 1000] }]);
    expect(() => unpackTensors(header, new ArrayBuffer(64))).toThrow('x [1000, 1000] does not fit the payload');
  });
});
