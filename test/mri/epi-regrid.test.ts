import { describe, expect, it } from 'vitest';
import { ndArray, zeros } from '../../src/array/nd-array.ts';
import { makeRegridding, rampPositions, regrid } from '../../src/mri/epi-regrid.ts';
import epi from '../fixtures/epi.json' with { type: 'json' };

describe('rampPositions', () => {
  it('agrees with a numerical integral of the gradient', () => {
    const positions = rampPositions(epi.ramp, 160);
    for (const [i, expected] of epi.positions.entries()) expect(positions[i]).toBeCloseTo(expected, 4);
  });

  it('is the even grid on a plateau', () => {
    expect(Array.from(rampPositions({ up: 0, flat: 100, down: 0, delay: 0, duration: 100 }, 5))).toEqual([-2, -1, 0, 1, 2].map((v) => expect.closeTo(v, 10)));
  });
});

describe('regrid', () => {
  it('solves the damped least-squares problem as NumPy does, for either direction', () => {
    const kspace = zeros('complex64', [1, 32, 2]);
    for (const [i, [re, im]] of (epi.samples as [number, number][]).entries()) kspace.data.set([re, im, re, im], 4 * i);
    const { data } = regrid(kspace, Uint8Array.of(0, 1), makeRegridding(epi.asymmetric, 32));
    for (let i = 0; i < 32; i++) {
      for (const part of [0, 1] as const) {
        expect(data[4 * i + part]).toBeCloseTo(epi.forward[i]?.[part] as number, 4);
        expect(data[4 * i + 2 + part]).toBeCloseTo(epi.backward[i]?.[part] as number, 4);
      }
    }
  });

  it('gives the samples of the even grid for an object inside the field of view', () => {
    const n = 160;
    // Three points of an image: k-space is known everywhere.
    const object: [number, number][] = [[-31, 1], [4, 0.5], [37, 2]];
    const at = (u: number): [number, number] => {
      let [re, im] = [0, 0];
      for (const [x, a] of object) [re, im] = [re + a * Math.cos((2 * Math.PI * u * x) / n), im - a * Math.sin((2 * Math.PI * u * x) / n)];
      return [re, im];
    };
    const positions = rampPositions(epi.ramp, n);
    const kspace = ndArray('complex64', [1, n, 1], Float32Array.from([...positions].flatMap(at)));
    const { data } = regrid(kspace, new Uint8Array(1), makeRegridding(epi.ramp, n));
    let [error, energy] = [0, 0];
    for (let j = 0; j < n; j++) {
      const [re, im] = at(j - (n - 1) / 2);
      error += ((data[2 * j] as number) - re) ** 2 + ((data[2 * j + 1] as number) - im) ** 2;
      energy += re * re + im * im;
    }
    expect(Math.sqrt(error / energy)).toBeLessThan(1e-3);
  });

  it('refuses what cannot be regridded', () => {
    expect(() => makeRegridding(epi.ramp, 4096)).toThrowError(expect.objectContaining({ code: 'input.unsupported' }));
    expect(() => makeRegridding({ up: 0, flat: 0, down: 0, delay: 0, duration: 0 }, 64)).toThrowError(expect.objectContaining({ code: 'input.unsupported' }));
  });
});
