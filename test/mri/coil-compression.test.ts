import { describe, expect, it } from 'vitest';
import type { NdArray } from '../../src/array/nd-array.ts';
import { zeros } from '../../src/array/nd-array.ts';
import { compressCoils, findCoilCompression } from '../../src/mri/coil-compression.ts';

const [ROWS, COLUMNS] = [12, 10];
const CENTRE = { rows: [3, 9], columns: [3, 7] } as const;

/** `coils` channels that are fixed combinations of `sources` independent signals. */
function mixed(coils: number, sources: number): NdArray<'complex64'> {
  const y = zeros('complex64', [coils, ROWS, COLUMNS]);
  const plane = ROWS * COLUMNS;
  for (let c = 0; c < coils; c++) {
    for (let i = 0; i < plane; i++) {
      for (let s = 0; s < sources; s++) {
        const [mr, mi] = [Math.sin(1 + c * 2.3 + s), Math.cos(c + s * 1.7)];
        const [xr, xi] = [Math.sin(0.3 + i * (1.1 + s)), Math.cos(i * (0.7 + 2 * s))];
        y.data[2 * (c * plane + i)] = (y.data[2 * (c * plane + i)] as number) + (mr * xr - mi * xi);
        y.data[2 * (c * plane + i) + 1] = (y.data[2 * (c * plane + i) + 1] as number) + (mr * xi + mi * xr);
      }
    }
  }
  return y;
}

/** Σ over coils of |y|² at each sample. */
function energy(y: NdArray<'complex64'>): number[] {
  const plane = ROWS * COLUMNS;
  const sums = new Array<number>(plane).fill(0);
  for (let i = 0; i < y.data.length / 2; i++)
    sums[i % plane] = (sums[i % plane] as number) + ((y.data[2 * i] as number) ** 2 + (y.data[2 * i + 1] as number) ** 2);
  return sums;
}

describe('coil compression', () => {
  it('loses nothing where the channels hold no more signals than virtual coils', () => {
    const y = mixed(8, 3);
    const compression = findCoilCompression(y, CENTRE, 3);
    expect(compression.kept).toBeCloseTo(1, 10);
    const z = compressCoils(y, compression);
    expect(z.shape).toEqual([3, ROWS, COLUMNS]);
    energy(z).forEach((value, i) => {
      expect(value / (energy(y)[i] as number)).toBeCloseTo(1, 4);
    });
  });

  it('keeps the root-sum-of-squares when all coils are kept', () => {
    const y = mixed(4, 4);
    const z = compressCoils(y, findCoilCompression(y, CENTRE, 4));
    energy(z).forEach((value, i) => {
      expect(value / (energy(y)[i] as number)).toBeCloseTo(1, 5);
    });
  });

  it('says how much energy it keeps, most first', () => {
    const y = mixed(6, 6);
    const kept = [1, 2, 3, 4, 5, 6].map((v) => findCoilCompression(y, CENTRE, v).kept);
    for (let v = 1; v < 6; v++) expect(kept[v] as number).toBeGreaterThan(kept[v - 1] as number);
    expect(kept[0] as number).toBeLessThan(0.9);
    expect(kept[5] as number).toBe(1);
    const first = compressCoils(y, findCoilCompression(y, CENTRE, 1));
    expect(centreEnergy(first) / centreEnergy(y)).toBeCloseTo(kept[0] as number, 5);
  });

  it('looks at the centre alone', () => {
    const y = mixed(5, 2);
    const disturbed = { ...y, data: y.data.slice() };
    disturbed.data[0] = 1e6;
    expect(findCoilCompression(disturbed, CENTRE, 2).matrix.data).toEqual(findCoilCompression(y, CENTRE, 2).matrix.data);
  });

  it('passes silence through', () => {
    const y = zeros('complex64', [3, ROWS, COLUMNS]);
    const compression = findCoilCompression(y, CENTRE, 2);
    expect(compression.kept).toBe(1);
    expect(compressCoils(y, compression).data.every((value) => value === 0)).toBe(true);
  });
});

function centreEnergy(y: NdArray<'complex64'>): number {
  const sums = energy(y);
  let total = 0;
  for (let r = CENTRE.rows[0]; r < CENTRE.rows[1]; r++)
    for (let c = CENTRE.columns[0]; c < CENTRE.columns[1]; c++) total += sums[r * COLUMNS + c] as number;
  return total;
}
