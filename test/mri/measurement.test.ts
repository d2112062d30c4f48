import { expect, it } from 'vitest';
import { residualOf, withSamples } from '../../src/mri/measurement.ts';
import { zeroFilled, zeroFilledOf } from '../../src/mri/zero-filled.ts';
import { measure } from '../../src/pipeline/measure.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import { randomComplex } from '../support/random-array.ts';

const pattern = describePattern({ kind: 'lines', rows: 8, columns: 6, mask: Uint8Array.of(1, 0, 1, 1, 0, 1) });
const measurement = measure(randomComplex([2, 8, 6]), pattern, { output: { rows: 8, columns: 6 } });

it('other samples bring nothing of the recorded slice along', () => {
  const noisy = randomComplex([2, 8, 6], 7);
  const replaced = withSamples(measurement, noisy);
  expect(replaced.kspace).toBe(noisy);
  expect(replaced).not.toHaveProperty('recorded');
  // Methods of lines work from the recorded slice where there is one; these samples must be the ones that count.
  const [expected, before] = [zeroFilled(noisy).data, zeroFilledOf(measurement).data];
  for (const [i, value] of zeroFilledOf(replaced).data.entries()) expect(value).toBeCloseTo(expected[i] as number, 6);
  expect(expected.some((value, i) => Math.abs(value - (before[i] as number)) > 0.01)).toBe(true);
});

it('a residual is the number there is, or worked out when asked for', () => {
  expect(residualOf({})).toBeUndefined();
  expect(residualOf({ dataResidual: 0.25 })).toBe(0.25);
  expect(residualOf({ dataResidual: () => 0.5 })).toBe(0.5);
});
