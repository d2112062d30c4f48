import { expect, it } from 'vitest';
import { ndArray } from '../../../src/array/nd-array.ts';
import { checkParams, findStep } from '../../../src/pipeline/registry.ts';

const ramp = (offset: number) =>
  ndArray(
    'float32',
    [1, 10, 12],
    Float32Array.from({ length: 120 }, (_, i) => 1 + i / 120 + offset),
  );
const step = findStep('metric', 'fastmri');

it('reports PSNR, SSIM and NMSE with direction, unit and contract', () => {
  const report = step.run(ramp(0), ramp(0.1), checkParams(step, {}));
  expect(report.values.map(({ name, unit, better }) => [name, unit, better])).toEqual([
    ['PSNR', 'dB', 'higher'],
    ['SSIM', '', 'higher'],
    ['NMSE', '', 'lower'],
  ]);
  // A constant error of 0.1 against a maximum of 1 + 119/120.
  expect(report.values[0]?.value).toBeCloseTo(20 * Math.log10((1 + 119 / 120) / 0.1), 4);
  expect(report.dataRange).toBeCloseTo(1 + 119 / 120, 6);
  expect(report.shape).toEqual([1, 10, 12]);
  expect(report.contract).toMatch(/^fastMRI definition: .*no crop \(10×12\).*\.$/);
});

it('passes crop and data range on', () => {
  const report = step.run(ramp(0), ramp(0.1), checkParams(step, { crop: 8 }), 4);
  expect(report.shape).toEqual([1, 8, 8]);
  expect(report.values[0]?.value).toBeCloseTo(20 * Math.log10(4 / 0.1), 4);
});

it('asks for the root-sum-of-squares unless the combined reference is chosen', () => {
  expect(step.referenceOf?.(checkParams(step, { crop: 0 }))).toBe('root-sum-of-squares');
  expect(step.referenceOf?.(checkParams(step, { reference: 'combined' }))).toBe('combined');
  expect(() => checkParams(step, { reference: 'best' })).toThrow(/reference/i);
});
