import { describe, expect, it } from 'vitest';
import { zeros } from '../../src/array/nd-array.ts';
import { addNoise, outerNoise, scannedNoise } from '../../src/mri/replica-noise.ts';
import { Random } from '../../src/random/xoshiro.ts';

/** A bright centre in noise of the given σ, one a coil. */
function scan(sigma: readonly number[], rows = 96, columns = 80) {
  const kspace = zeros('complex64', [sigma.length, rows, columns]);
  for (let i = 0; i < rows * columns; i++) {
    const distance = Math.hypot(Math.floor(i / columns) - rows / 2, (i % columns) - columns / 2);
    for (let coil = 0; coil < sigma.length; coil++) kspace.data[2 * (coil * rows * columns + i)] = 1e-9 + 1000 * Math.exp(-((distance / 6) ** 2));
  }
  addNoise(kspace, Float64Array.from(sigma), new Random(7), kspace);
  return kspace;
}

describe('outerNoise', () => {
  it('finds the noise of every coil beside a signal a thousand times as strong', () => {
    const found = outerNoise(scan([1, 3]));
    expect(found[0]).toBeGreaterThan(0.88);
    expect(found[0]).toBeLessThan(1.12);
    expect((found[1] as number) / 3).toBeGreaterThan(0.88);
    expect((found[1] as number) / 3).toBeLessThan(1.12);
  });

  it('looks at what was measured, though the corners were not', () => {
    const kspace = scan([2]);
    for (let i = 0; i < 96 * 80; i++) {
      if (Math.hypot(Math.floor(i / 80) / 48 - 1, (i % 80) / 40 - 1) > 0.9) kspace.data.fill(0, 2 * i, 2 * i + 2);
    }
    expect((outerNoise(kspace)[0] as number) / 2).toBeCloseTo(1, 0);
  });

  it('refuses k-space with next to nothing in it', () => {
    expect(() => outerNoise(zeros('complex64', [1, 16, 16]))).toThrow(expect.objectContaining({ code: 'usage.unsupported', field: 'noise' }));
  });
});

describe('scannedNoise', () => {
  it('is the standard deviation of the real part of each coil', () => {
    const noise = { ...zeros('complex64', [2, 2]), data: Float32Array.from([1, 1, -1, 1, 3, -3, 3, 3]) };
    expect([...scannedNoise(noise)]).toEqual([1, 3]);
  });
});

describe('addNoise', () => {
  it('leaves what was not measured at zero and the input as it was', () => {
    const samples = { ...zeros('complex64', [1, 1, 3]), data: Float32Array.from([1, 2, 0, 0, 3, 4]) };
    const out = zeros('complex64', [1, 1, 3]);
    addNoise(samples, Float64Array.of(1), new Random(1), out);
    expect([...samples.data]).toEqual([1, 2, 0, 0, 3, 4]);
    expect([out.data[2], out.data[3]]).toEqual([0, 0]);
    expect(out.data[0]).not.toBe(1);
  });
});
