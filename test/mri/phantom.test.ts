import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { brainSlice } from '../../src/mri/phantom.ts';
import type { BrainSlice } from '../../src/mri/phantom-slice.ts';
import { SIGNAL } from '../../src/mri/phantom-tissue.ts';

const base: BrainSlice = { rows: 230, columns: 230, rowSpacing: 1, columnSpacing: 1, z: 2, contrast: 't1', seed: 1 };

/** Mean of the 3×3 pixels around (x, y) mm of the brain's frame, whose origin is pixel (113, 114.2). */
function around(image: Float32Array, x: number, y: number): number {
  let sum = 0;
  for (const dy of [-1, 0, 1]) {
    for (const dx of [-1, 0, 1]) sum += image[(113 + y + dy) * 230 + 114 + x + dx] as number;
  }
  return sum / 9;
}

describe('brainSlice', () => {
  const t1 = brainSlice(base);
  const t2 = brainSlice({ ...base, contrast: 't2' });
  const flair = brainSlice({ ...base, contrast: 'flair' });

  it('is the same to the bit for the same parameters; the hash changes only with the recordings’ version', () => {
    const small = brainSlice({ ...base, rows: 64, columns: 48, rowSpacing: 3.6, columnSpacing: 3.6 });
    const hash = createHash('sha256').update(new Uint8Array(small.buffer)).digest('hex');
    expect(hash).toBe('e92421bd2f24a565a8abb136f26075789d12d8ad881b6795dd1717d8acaa6a46');
  });

  it('lies between 0 and 1.2, is empty outside the head and fills about half of the field of view', () => {
    expect(Math.min(...t1)).toBe(0);
    expect(Math.max(...t1)).toBeLessThan(1.2);
    expect(t1[0]).toBe(0);
    const filled = t1.filter((value) => value > 0).length / t1.length;
    expect(filled).toBeGreaterThan(0.35);
    expect(filled).toBeLessThan(0.55);
  });

  it('shows cerebrospinal fluid in both frontal horns: dark in T1 and FLAIR, bright in T2', () => {
    for (const x of [7, -7]) {
      expect(around(t1, x, -21)).toBeLessThan(0.25);
      expect(around(flair, x, -21)).toBeLessThan(0.25);
      expect(around(t2, x, -21)).toBeGreaterThan(0.75);
    }
  });

  it('orders white matter, thalamus and putamen as the contrast does', () => {
    const places = { white: [30, -35], thalamus: [11, 9], putamen: [28, -2] } as const;
    const read = (image: Float32Array, [x, y]: readonly [number, number]) => around(image, x, y);
    expect(read(t1, places.white)).toBeGreaterThan(read(t1, places.thalamus) + 0.05);
    expect(read(t1, places.thalamus)).toBeGreaterThan(read(t1, places.putamen) + 0.03);
    expect(read(t2, places.white)).toBeLessThan(read(t2, places.putamen) - 0.03);
    expect(Math.abs(read(t1, places.white) / SIGNAL.t1.white - 1)).toBeLessThan(0.12);
  });

  it('is not symmetric, and differs from seed to seed and height to height', () => {
    const difference = (a: Float32Array, b: Float32Array) => a.reduce((sum, v, i) => sum + Math.abs(v - (b[i] as number)), 0) / a.length;
    const mirrored = t1.map((_, i) => t1[Math.floor(i / 230) * 230 + ((458 - (i % 230)) % 230)] as number);
    expect(difference(t1, mirrored)).toBeGreaterThan(0.02);
    expect(difference(t1, brainSlice({ ...base, seed: 2 }))).toBeGreaterThan(0.02);
    expect(difference(t1, brainSlice({ ...base, z: 30 }))).toBeGreaterThan(0.02);
    // Neighbouring heights resemble each other: the structures are three-dimensional.
    expect(difference(t1, brainSlice({ ...base, z: 2.5 }))).toBeLessThan(0.015);
  });

  it('shows the same head at another matrix size', () => {
    const coarse = brainSlice({ ...base, rows: 115, columns: 115, rowSpacing: 2, columnSpacing: 2 });
    let difference = 0;
    for (let row = 1; row < 114; row++) {
      for (let column = 1; column < 114; column++) {
        // Pixel (57, 57) of the coarse image and (115, 115) of the fine one are the same point.
        const i = (2 * row + 1) * 230 + 2 * column + 1;
        const fine = t1[i] as number;
        difference += Math.abs(fine - (coarse[row * 115 + column] as number)) / 113 ** 2;
      }
    }
    expect(difference).toBeLessThan(0.03);
  });

  it('has no NaN at any height it is used for', () => {
    for (const z of [0, 13, 29, 44, 50]) {
      expect(brainSlice({ ...base, rows: 60, columns: 60, rowSpacing: 4, columnSpacing: 4, z }).every(Number.isFinite)).toBe(true);
    }
  });
});
