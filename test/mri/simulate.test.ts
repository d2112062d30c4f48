import { describe, expect, it } from 'vitest';
import { type NdArray, zeros } from '../../src/array/nd-array.ts';
import { acquire, coilMaps, objectPhase } from '../../src/mri/simulate.ts';
import { ifft2c } from '../../src/transform/fft.ts';

const [rows, columns] = [40, 31];
const n = rows * columns;

function disc(): NdArray<'float32'> {
  const image = zeros('float32', [rows, columns]);
  for (let i = 0; i < n; i++) {
    const [y, x] = [Math.floor(i / columns) - 22, (i % columns) - 14];
    image.data[i] = x * x + 0.6 * y * y < 110 ? 1 + 0.02 * x : 0;
  }
  return image;
}

/** Σ_c conj(S_c) F⁻¹ y_c, interleaved. */
function combine(kspace: NdArray<'complex64'>, maps: NdArray<'complex64'>): Float64Array {
  const images = ifft2c(kspace);
  const out = new Float64Array(2 * n);
  for (let i = 0; i < maps.data.length; i += 2) {
    const [sr, si] = [maps.data[i] as number, maps.data[i + 1] as number];
    const [xr, xi] = [images.data[i] as number, images.data[i + 1] as number];
    const p = i % (2 * n);
    out[p] = (out[p] as number) + sr * xr + si * xi;
    out[p + 1] = (out[p + 1] as number) + sr * xi - si * xr;
  }
  return out;
}

describe('coilMaps', () => {
  it.each([1, 2, 8, 16])('%i coils: unit root-sum-of-squares at every pixel', (coils) => {
    const maps = coilMaps(coils, rows, columns, 3);
    expect(maps.shape).toEqual([coils, rows, columns]);
    for (let p = 0; p < n; p++) {
      let power = 0;
      for (let c = 0; c < coils; c++)
        power += (maps.data[2 * (c * n + p)] as number) ** 2 + (maps.data[2 * (c * n + p) + 1] as number) ** 2;
      expect(Math.abs(power - 1)).toBeLessThan(1e-6);
    }
  });

  it('are smooth, and each coil sees its own side best', () => {
    const maps = coilMaps(8, 64, 64, 3);
    const at = (coil: number, row: number, column: number) => {
      const i = 2 * ((coil * 64 + row) * 64 + column);
      return [maps.data[i] as number, maps.data[i + 1] as number] as const;
    };
    const brightest = new Set<string>();
    for (let coil = 0; coil < 8; coil++) {
      let [best, place] = [0, ''];
      for (let row = 0; row < 64; row++) {
        for (let column = 0; column < 63; column++) {
          const [a, b] = [at(coil, row, column), at(coil, row, column + 1)];
          expect(Math.hypot(a[0] - b[0], a[1] - b[1])).toBeLessThan(0.08);
          if (Math.hypot(...a) > best) [best, place] = [Math.hypot(...a), `${Math.round(row / 16)},${Math.round(column / 16)}`];
        }
      }
      brightest.add(place);
      expect(best).toBeGreaterThan(0.5);
    }
    expect(brightest.size).toBeGreaterThanOrEqual(7);
  });

  it('refuse no coils', () => {
    expect(() => coilMaps(0, 8, 8, 1)).toThrow(/coils must be a whole number from 1/);
  });
});

describe('acquire', () => {
  const maps = coilMaps(6, rows, columns, 5);
  const image = disc();
  const quiet = { maps, phase: null, noise: 0, seed: 1, slice: 0 };

  it('without noise: the optimal combination is the image with its phase', () => {
    const phase = objectPhase(rows, columns, 9, 2);
    const combined = combine(acquire(image, { ...quiet, phase }), maps);
    for (let p = 0; p < n; p++) {
      const m = image.data[p] as number;
      expect(combined[2 * p]).toBeCloseTo(m * Math.cos(phase[p] as number), 5);
      expect(combined[2 * p + 1]).toBeCloseTo(m * Math.sin(phase[p] as number), 5);
    }
  });

  it('without noise: the root-sum-of-squares over coils is the magnitude of the image', () => {
    const coils = ifft2c(acquire(image, { ...quiet, phase: objectPhase(rows, columns, 9, 2) }));
    for (let p = 0; p < n; p++) {
      let power = 0;
      for (let c = 0; c < 6; c++) power += (coils.data[2 * (c * n + p)] as number) ** 2 + (coils.data[2 * (c * n + p) + 1] as number) ** 2;
      expect(Math.sqrt(power)).toBeCloseTo(image.data[p] as number, 5);
    }
  });

  it('keeps the phase of complex images', () => {
    const complex = zeros('complex64', [rows, columns]);
    for (let p = 0; p < n; p++) complex.data.set([0, image.data[p] as number], 2 * p);
    const combined = combine(acquire(complex, quiet), maps);
    for (let p = 0; p < n; p++) expect(combined[2 * p + 1]).toBeCloseTo(image.data[p] as number, 5);
  });

  it('adds noise of the stated standard deviation per real and imaginary part, in k-space and in the combination', () => {
    const noisy = acquire(zeros('float32', [rows, columns]), { ...quiet, noise: 0.3 });
    const sd = (x: ArrayLike<number>) => Math.sqrt(Array.from(x).reduce((sum, v) => sum + v * v, 0) / x.length);
    // Standard error of a standard deviation: 1/√(2·count) = 0.6 % and 1.4 %.
    expect(sd(noisy.data) / 0.3).toBeGreaterThan(0.975);
    expect(sd(noisy.data) / 0.3).toBeLessThan(1.025);
    expect(Math.abs(sd(combine(noisy, maps)) / 0.3 - 1)).toBeLessThan(0.06);
  });

  it('is decided by seed and slice, to the bit', () => {
    const run = (seed: number, slice: number) => acquire(image, { ...quiet, noise: 0.1, seed, slice }).data;
    expect(run(1, 0)).toEqual(run(1, 0));
    expect(run(1, 1)).not.toEqual(run(1, 0));
    expect(run(2, 0)).not.toEqual(run(1, 0));
  });

  it('takes NaN and infinity as empty', () => {
    const holed = { ...image, data: image.data.slice() };
    holed.data[0] = Number.NaN;
    holed.data[1] = Infinity;
    expect(acquire(holed, quiet).data).toEqual(acquire(image, quiet).data);
  });
});

describe('objectPhase', () => {
  it('is smooth and differs between slices', () => {
    const phase = objectPhase(64, 64, 4, 0);
    for (let i = 0; i < 64 * 63; i++) {
      expect(Math.abs((phase[i + 64] as number) - (phase[i] as number))).toBeLessThan(0.3);
    }
    expect(Math.max(...phase) - Math.min(...phase)).toBeGreaterThan(0.5);
    expect(objectPhase(64, 64, 4, 1)).not.toEqual(phase);
  });
});
