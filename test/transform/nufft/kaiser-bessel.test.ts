/** Against SciPy (scipy.special.i0, scipy.integrate.quad): test/fixtures/scripts/nufft.py. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { apodisation, besselI0, kaiserBesselBeta, kaiserBesselTable } from '../../../src/transform/nufft/kaiser-bessel.ts';

interface Expected {
  readonly kernel: readonly { width: number; oversampling: number; n: number; length: number; value: readonly [number, number] }[];
  readonly i0: readonly (readonly [number, number])[];
}
const expected = JSON.parse(readFileSync(new URL('../../fixtures/nufft.json', import.meta.url), 'utf8')) as Expected;

it.each(expected.i0)('I₀(%d)', (x, value) => {
  expect(besselI0(x) / value).toBeCloseTo(1, 13);
});

describe.each(expected.kernel)('width $width, oversampling $oversampling, n = $n of $length', ({ width, oversampling, n, length, value }) => {
  it('has the β of the formula and the transform of the kernel', () => {
    const beta = kaiserBesselBeta(width, oversampling);
    expect(beta).toBeCloseTo(value[0], 12);
    expect(apodisation(n, length, width, beta) / value[1]).toBeCloseTo(1, 9);
  });

  it('looks the kernel up to 3·10⁻⁸ of its peak, and is zero outside', () => {
    const beta = kaiserBesselBeta(width, oversampling);
    const kernel = kaiserBesselTable(width, beta);
    const peak = besselI0(beta) / width;
    for (let u = -width / 2; u <= width / 2; u += 0.0137) {
      const exact = besselI0(beta * Math.sqrt(Math.max(0, 1 - (2 * u / width) ** 2))) / width;
      expect(Math.abs(kernel(u) - exact) / peak).toBeLessThan(3e-8);
    }
    expect(kernel(width / 2 + 1e-3)).toBe(0);
    expect(kernel(-width)).toBe(0);
  });
});

it('the transform goes over to the sine where the radicand is negative, without a jump', () => {
  const beta = 3;
  const edge = (beta * 64) / (Math.PI * 4);
  expect(apodisation(edge - 1e-4, 64, 4, beta)).toBeCloseTo(apodisation(edge + 1e-4, 64, 4, beta), 4);
  expect(apodisation(edge, 64, 4, beta)).toBeCloseTo(1, 6);
});
