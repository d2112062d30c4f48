import { describe, expect, it } from 'vitest';
import { parseNumber, stepNumber } from '../../../renderer/controls/number-text.ts';

describe('parseNumber', () => {
  it.each([['3', 3], [' −2.5 ', -2.5], ['0,8', 0.8], ['12 %', 12], ['1e-3', 0.001]])('%s', (text, value) =>
    expect(parseNumber(text, { unit: '%' })).toEqual({ value }),
  );

  it('says what was expected', () => {
    expect(parseNumber('abc', { min: 0, max: 9 })).toEqual({ problem: 'Enter a number from 0 to 9.' });
    expect(parseNumber('', {})).toEqual({ problem: 'Enter a number.' });
    expect(parseNumber('2.5', { integer: true, min: 1 })).toEqual({ problem: 'Enter a whole number of at least 1.' });
    expect(parseNumber('11', { max: 10, unit: 'mm' })).toEqual({ problem: 'Enter a value of at most 10 mm.' });
    expect(parseNumber('Infinity', {})).toEqual({ problem: 'Enter a number.' });
  });
});

it('steps inside the range, without binary dust', () => {
  expect(stepNumber(0.7, 1, 0.1, { max: 1 })).toBe(0.8);
  expect(stepNumber(9, 10, 1, { max: 12 })).toBe(12);
  expect(stepNumber(0, -1, 1, { min: 0 })).toBe(0);
});
