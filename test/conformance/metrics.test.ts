import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type NdArray, zeros } from '../../src/array/nd-array.ts';
import { encodeNpy } from '../../src/array/npy.ts';
import { fastmriScores } from '../../src/metrics/fastmri.ts';
import { Random } from '../../src/random/xoshiro.ts';
import { hasData, hasPython, PYTHON, present, runPython, TEST_DATA } from '../support/tools.ts';

const TOOL = '../tools/score_mri.py';
const there = present('agreement with score_mri.py', { [TOOL]: hasData(TOOL), [`${PYTHON} with NumPy`]: hasPython('numpy') });

describe.skipIf(!there)('score_mri.py', () => {
  it.each([
    [[4, 64, 57], 1],
    [[1, 320, 320], 3e-5],
    [[2, 7, 9], 4000],
  ] as const)('agrees on %s at scale %s', (shape, scale) => {
    const random = new Random(shape[1], shape[2]);
    const ref = smooth(random, shape, scale);
    const est = { ...ref, data: ref.data.map((v) => v * 0.97 + 0.04 * scale * random.normal()) };
    const folder = mkdtempSync(join(tmpdir(), 'lacuna-metrics-'));
    try {
      writeFileSync(join(folder, 'ref.npy'), encodeNpy(ref));
      writeFileSync(join(folder, 'est.npy'), encodeNpy(est));
      const theirs = JSON.parse(runPython(join(TEST_DATA, TOOL), join(folder, 'ref.npy'), join(folder, 'est.npy'), '--json')) as {
        psnr: number;
        ssim: number;
        nmse: number;
        data_range: number;
      };
      const ours = fastmriScores(ref, est);
      expect(Math.abs(ours.psnr - theirs.psnr)).toBeLessThan(1e-6);
      expect(Math.abs(ours.ssim - theirs.ssim)).toBeLessThan(1e-6);
      expect(Math.abs(ours.nmse - theirs.nmse)).toBeLessThan(1e-6 * theirs.nmse);
      expect(ours.dataRange).toBe(theirs.data_range);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function smooth(random: Random, shape: readonly [number, number, number], scale: number): NdArray<'float32'> {
  const image = zeros('float32', shape);
  const [a, b] = [0.02 + 0.1 * random.uniform(), 0.02 + 0.1 * random.uniform()];
  image.data.forEach((_, i) => {
    const row = Math.floor(i / shape[2]) % shape[1];
    image.data[i] = scale * Math.abs(Math.sin(a * row) + Math.cos(b * (i % shape[2])) + 0.1 * random.normal());
  });
  return image;
}
