import { inflateSync, crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodePng } from '../../../src/formats/png/encode.ts';
import png from '../../../src/pipeline/steps/export/png.ts';
import type { ExportStep } from '../../../src/pipeline/step.ts';
import { exportInput, SHAPE } from '../../support/export-input.ts';

/** Chunks by type, each checked against zlib's CRC. */
function chunks(bytes: Uint8Array): Map<string, Uint8Array[]> {
  expect([...bytes.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const found = new Map<string, Uint8Array[]>();
  for (let at = 8; at < bytes.length; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    expect(view.getUint32(at + 8 + length)).toBe(crc32(bytes.subarray(at + 4, at + 8 + length)));
    found.set(type, [...(found.get(type) ?? []), bytes.subarray(at + 8, at + 8 + length)]);
    at += 12 + length;
  }
  return found;
}

/** Undoes filter 2 (Up). */
function pixels(bytes: Uint8Array, rows: number, stride: number): number[] {
  const raw = inflateSync((chunks(bytes).get('IDAT') ?? [])[0] as Uint8Array);
  const out: number[] = [];
  for (let r = 0; r < rows; r++) {
    expect(raw[r * (stride + 1)]).toBe(2);
    for (let i = 0; i < stride; i++) out.push(((raw[r * (stride + 1) + 1 + i] as number) + (r === 0 ? 0 : (out[(r - 1) * stride + i] as number))) & 255);
  }
  return out;
}

describe('encodePng', () => {
  it('keeps 8-bit and 16-bit levels', () => {
    const eight = encodePng({ rows: 2, columns: 3, depth: 8, levels: Uint8Array.of(0, 1, 255, 9, 8, 7) }, {});
    expect(pixels(eight, 2, 3)).toEqual([0, 1, 255, 9, 8, 7]);
    const sixteen = encodePng({ rows: 1, columns: 2, depth: 16, levels: Uint16Array.of(0x1234, 0xfffe) }, {});
    expect(pixels(sixteen, 1, 4)).toEqual([0x12, 0x34, 0xff, 0xfe]);
    expect([...(chunks(sixteen).get('IHDR')?.[0] ?? [])]).toEqual([0, 0, 0, 2, 0, 0, 0, 1, 16, 0, 0, 0, 0]);
  });

  it('writes Latin-1 as tEXt and the rest as iTXt', () => {
    const found = chunks(encodePng({ rows: 1, columns: 1, depth: 8, levels: Uint8Array.of(0) }, { Title: 'é', Comment: 'λ' }));
    expect(Buffer.from(found.get('tEXt')?.[0] ?? []).toString('latin1')).toBe('Title\0é');
    expect(Buffer.from(found.get('iTXt')?.[0] ?? []).toString('utf8')).toBe('Comment\0\0\0\0\0λ');
  });
});

describe('the PNG export', () => {
  it('writes one file a slice under one window, with its warning, twice the same', async () => {
    const input = exportInput();
    const [slices, rows, columns] = SHAPE;
    const run = () => (png as ExportStep).run(input, { depth: '8', window: 'full' });
    const files = await run();
    expect(files.map((f) => f.suffix)).toEqual(['-0001', '-0002', '-0003', '-0004', '-0005']);
    const all = files.flatMap((f) => pixels(f.bytes, rows, columns));
    const values = [...(input.volume.data as Float32Array)];
    const [low, high] = [Math.min(...values), Math.max(...values)];
    expect(all).toEqual(values.map((v) => Math.round(((v - low) * 255) / (high - low))));
    expect(all).toHaveLength(slices * rows * columns);
    const text = (chunks(files[0]?.bytes as Uint8Array).get('tEXt') ?? []).map((t) => Buffer.from(t).toString('latin1'));
    expect(text).toContain('Warning\0Not for diagnostic use');
    expect(text).toContain(`Description\0${input.derivation}`);
    expect(await run()).toEqual(files);
  });
});
