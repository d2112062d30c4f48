import { describe, expect, it } from 'vitest';
import { type NdArray, zeros } from '../../src/array/nd-array.ts';
import { correctEpiPhase, type EpiPhase, phaseFromEntropy, phaseFromNavigators } from '../../src/mri/epi-phase.ts';
import { fft1c, fft2c, ifft1c } from '../../src/transform/fft.ts';
import { seeded } from '../support/mutate.ts';

const [COILS, ROWS, COLUMNS] = [2, 64, 32] as const;
const backwards = Uint8Array.from({ length: COLUMNS }, (_, i) => i % 2);

/** Coil images of an ellipse with a hole. */
function object(): NdArray<'complex64'> {
  const image = zeros('complex64', [COILS, ROWS, COLUMNS]);
  for (let coil = 0; coil < COILS; coil++) {
    for (let r = 0; r < ROWS; r++) {
      for (let c = 0; c < COLUMNS; c++) {
        const [y, x] = [(r - 34) / 14, (c - 16) / 9];
        const inside = y * y + x * x < 1 && (y - 0.3) ** 2 + x * x > 0.05;
        image.data[2 * ((coil * ROWS + r) * COLUMNS + c)] = inside ? 1 + 0.3 * (coil === 0 ? y : x) : 0;
      }
    }
  }
  return image;
}

/** Gives the lines marked as backwards the phase a + b (x − ⌊R/2⌋). */
function spoil(kspace: NdArray<'complex64'>, marks: Uint8Array, { constant, slope }: EpiPhase): NdArray<'complex64'> {
  return correctEpiPhase(kspace, marks, { constant: -constant, slope: -slope });
}

function difference(a: NdArray<'complex64'>, b: NdArray<'complex64'>): number {
  let [error, energy] = [0, 0];
  for (let i = 0; i < a.data.length; i++) [error, energy] = [error + ((a.data[i] as number) - (b.data[i] as number)) ** 2, energy + (b.data[i] as number) ** 2];
  return Math.sqrt(error / energy);
}

/** Three navigators, backward, forward, backward, of the middle line, with a drift of `drift` rad from one to the next. */
function navigators(phase: EpiPhase, drift = 0, noise = 0): NdArray<'complex64'> {
  const hybrid = ifft1c(fft2c(object()), -2);
  const out = zeros('complex64', [COILS, ROWS, 3]);
  const random = seeded(11);
  for (let coil = 0; coil < COILS; coil++) {
    for (let r = 0; r < ROWS; r++) {
      const from = 2 * ((coil * ROWS + r) * COLUMNS + COLUMNS / 2);
      const [re, im] = [hybrid.data[from] as number, hybrid.data[from + 1] as number];
      for (let n = 0; n < 3; n++) {
        const angle = n * drift + (n === 1 ? 0 : phase.constant + phase.slope * (r - ROWS / 2));
        const to = 2 * ((coil * ROWS + r) * 3 + n);
        out.data[to] = re * Math.cos(angle) - im * Math.sin(angle) + noise * (random() - 0.5);
        out.data[to + 1] = re * Math.sin(angle) + im * Math.cos(angle) + noise * (random() - 0.5);
      }
    }
  }
  return fft1c(out, -2, out);
}

describe('phaseFromNavigators', () => {
  it.each([[0.3, 0.02], [-2.9, -0.15], [1.2, 0.4]])('finds %f + %f·x whatever drifts between the readouts', (constant, slope) => {
    const found = phaseFromNavigators(navigators({ constant, slope }, 0.2), Uint8Array.of(1, 0, 1));
    expect(found.slope).toBeCloseTo(slope, 4);
    // The drift from the first to the third cancels in their mean, seen from the one between.
    expect(Math.cos(found.constant - constant)).toBeGreaterThan(1 - 1e-6);
  });

  it('bears noise', () => {
    const found = phaseFromNavigators(navigators({ constant: 0.3, slope: 0.02 }, 0, 0.2), Uint8Array.of(1, 0, 1));
    expect(Math.abs(found.slope - 0.02)).toBeLessThan(2e-3);
    expect(Math.abs(found.constant - 0.3)).toBeLessThan(0.02);
  });

  it('needs both directions, and signal', () => {
    const unsupported = expect.objectContaining({ code: 'input.unsupported' });
    expect(() => phaseFromNavigators(navigators({ constant: 0, slope: 0 }), Uint8Array.of(1, 1, 1))).toThrowError(unsupported);
    expect(() => phaseFromNavigators(zeros('complex64', [1, 16, 3]), Uint8Array.of(1, 0, 1))).toThrowError(unsupported);
  });
});

describe('correctEpiPhase', () => {
  it('takes away what was put on', () => {
    const kspace = fft2c(object());
    const phase = { constant: 0.7, slope: 0.05 };
    const spoilt = spoil(kspace, backwards, phase);
    expect(difference(spoilt, kspace)).toBeGreaterThan(0.4);
    expect(difference(correctEpiPhase(spoilt, backwards, phase), kspace)).toBeLessThan(1e-6);
  });

  it('a slope of 2π/R shifts the lines that were read backwards by one sample', () => {
    const kspace = fft2c(object());
    const shifted = correctEpiPhase(kspace, backwards, { constant: 0, slope: (2 * Math.PI) / ROWS });
    const at = (x: NdArray<'complex64'>, row: number, column: number): number => x.data[2 * (row * COLUMNS + column)] as number;
    for (const row of [20, 31, 40]) {
      expect(at(shifted, row, 17)).toBeCloseTo(at(kspace, row + 1, 17), 4);
      expect(at(shifted, row, 16)).toBeCloseTo(at(kspace, row, 16), 4);
    }
  });
});

it.each([[0.3, 0.02], [-1.2, -0.1], [0.9, 0.21]])('phaseFromEntropy finds %f + %f·x in the image alone', (constant, slope) => {
  const kspace = fft2c(object());
  const found = phaseFromEntropy(spoil(kspace, backwards, { constant, slope }), backwards);
  expect(Math.abs(found.slope - slope)).toBeLessThan(2e-3);
  expect(Math.abs(found.constant - constant)).toBeLessThan(0.02);
});
