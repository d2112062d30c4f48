import { expect, it } from 'vitest';
import { calibrationData, windowProducts, type Shift } from '../../src/mri/window-gram.ts';
import { randomComplex } from '../support/random-array.ts';

it('gives the inner products of shifted windows, also for sparse shifts', () => {
  const kspace = randomComplex([3, 14, 17]);
  const data = calibrationData(kspace, { rows: [2, 13], columns: [1, 16] });
  const from: Shift[] = [{ row: 0, column: 0 }, { row: 2, column: 3 }, { row: 1, column: 6 }];
  const to: Shift[] = [{ row: 1, column: 1 }, { row: 0, column: 4 }, { row: 2, column: 3 }];
  const window = [8, 9] as const;
  const value = (c: number, r: number, k: number) => {
    const at = 2 * ((c * 14 + r + 2) * 17 + k + 1);
    return [kspace.data[at] ?? NaN, kspace.data[at + 1] ?? NaN] as const;
  };
  let visits = 0;
  windowProducts(data, from, to, window, (c, i, d, j, re, im) => {
    visits++;
    let [sr, si] = [0, 0];
    for (let r = 0; r < window[0]; r++) {
      for (let k = 0; k < window[1]; k++) {
        const [ar, ai] = value(c, r + (from[i]?.row ?? NaN), k + (from[i]?.column ?? NaN));
        const [br, bi] = value(d, r + (to[j]?.row ?? NaN), k + (to[j]?.column ?? NaN));
        sr += ar * br + ai * bi;
        si += ar * bi - ai * br;
      }
    }
    expect(re).toBeCloseTo(sr, 10);
    expect(im).toBeCloseTo(si, 10);
  });
  expect(visits).toBe(3 * 3 * 9);
  let upper = 0;
  windowProducts(data, from, from, window, (c, _i, d) => {
    expect(d).toBeGreaterThanOrEqual(c);
    upper++;
  }, true);
  expect(upper).toBe(6 * 9);
});
