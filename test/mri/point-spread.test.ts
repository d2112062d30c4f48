/** Point-spread functions that are known in closed form. */
import { describe, expect, it } from 'vitest';
import { cartesianPointSpread, maskAlong, pointSpreadNumbers } from '../../src/mri/point-spread.ts';
import psfView from '../../src/pipeline/steps/view/psf.ts';
import type { MethodContext, ViewImage, ViewInput } from '../../src/pipeline/step.ts';
import { caipiPoints } from '../../src/sampling/caipi.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import type { SamplingPattern } from '../../src/sampling/pattern.ts';
import { radialTrajectory } from '../../src/sampling/radial.ts';
import { randomLines } from '../../src/sampling/fastmri.ts';
import { regularLines } from '../../src/sampling/regular.ts';
import { trajectoryPattern } from '../../src/sampling/trajectory-pattern.ts';
import { memorySeries } from '../support/memory-series.ts';

const lines = (mask: Uint8Array, rows = 64) => describePattern({ kind: 'lines', rows, columns: mask.length, mask });
const numbersOf = (pattern: SamplingPattern) => pointSpreadNumbers(cartesianPointSpread(pattern), maskAlong(pattern), pattern.kind === 'lines');

async function show(pattern: SamplingPattern): Promise<ViewImage> {
  const series = memorySeries([1, 1, pattern.rows, pattern.columns]);
  const steps = psfView.run({ series, pattern } as unknown as ViewInput, psfView.params.parse({}) as never, { cache: new Map() } as unknown as MethodContext);
  for (;;) {
    const next = await steps.next();
    if (next.done) return next.value;
  }
}
const named = (view: ViewImage, label: RegExp): number => view.numbers.find((entry) => label.test(entry.label))?.value ?? NaN;

describe('Cartesian', () => {
  it('every third line: a second point as bright as the first, a third of the field of view away', () => {
    const { sideLobe, at, width } = numbersOf(lines(regularLines(96, { spacing: 3, calibration: 0, offset: 0 })));
    expect(sideLobe).toBeCloseTo(0, 4);
    expect(at).toEqual({ rows: 0, columns: 32 });
    expect(width.rows).toBeCloseTo(1.207, 2);
    expect(width.columns).toBeCloseTo(1.207, 2);
  });

  it('the middle half of the lines: twice the width, and the side lobes of a sinc at −13.3 dB', () => {
    const { sideLobe, width } = numbersOf(lines(new Uint8Array(128).fill(1, 32, 96)));
    expect(width.columns).toBeCloseTo(2 * 1.207, 1);
    expect(sideLobe).toBeGreaterThan(-13.7);
    expect(sideLobe).toBeLessThan(-13.2);
  });

  it('a sheared lattice: the copy of the point moves sideways instead of straight down', () => {
    const lattice = { rowSpacing: 2, columnSpacing: 2, calibrationRows: 0, calibrationColumns: 0 };
    const heightAt = (shift: number, down: number, across: number): number => {
      const { data } = cartesianPointSpread(describePattern({ kind: 'points', rows: 48, columns: 48, mask: caipiPoints(48, 48, { ...lattice, shift }) }));
      const at = 2 * (((24 + down) % 48) * 48 + ((24 + across) % 48));
      return Math.hypot(data[at] ?? NaN, data[at + 1] ?? NaN);
    };
    expect(heightAt(0, 24, 0)).toBeCloseTo(1, 5);
    expect(heightAt(0, 24, 12)).toBeCloseTo(0, 5);
    expect(heightAt(1, 24, 0)).toBeCloseTo(0, 5);
    expect(heightAt(1, 24, 12)).toBeCloseTo(1, 5);
  });

  it('random lines: lower side lobes than regular ones of the same number, and the root mean square that Parseval asks for', () => {
    const mask = randomLines(512, { acceleration: 4, centreFraction: 0, seed: 4 });
    const pattern = lines(mask, 8);
    const { sideLobe, incoherence } = numbersOf(pattern);
    expect(sideLobe).toBeLessThan(-9);
    // Parseval: the whole energy is N/n, the main lobe's is 1.
    expect(incoherence).toBeCloseTo(Math.sqrt((512 / pattern.kept - 1) / 511), 3);
  });

  it('everything kept: no side lobe', async () => {
    const full = lines(new Uint8Array(32).fill(1), 32);
    expect(numbersOf(full).sideLobe).toBe(-Infinity);
    const view = await show(full);
    expect(view.numbers.length).toBe(2);
    expect(view.notes.join(' ')).toMatch(/No side lobes/);
  });
});

describe('the view', () => {
  it('is in decibels from the main lobe, which is in the middle', async () => {
    const view = await show(lines(regularLines(96, { spacing: 3, calibration: 0, offset: 0 })));
    expect(view.images.shape).toEqual([1, 64, 96]);
    expect(view.images.data[32 * 96 + 48]).toBeCloseTo(0, 5);
    expect(view.images.data[32 * 96 + 80]).toBeCloseTo(0, 3);
    expect(view.images.data[32 * 96 + 50]).toBeLessThan(-60);
    expect(named(view, /^Side lobe$/)).toBeCloseTo(0, 4);
  });

  it('along spokes: a round main lobe of about 1.4 pixels, and more spokes give lower side lobes', async () => {
    const radial = (spokes: number) => {
      const trajectory = radialTrajectory({ rows: 64, columns: 64 }, { spokes, ordering: 'golden', tinyNumber: 7, offset: 0, oversampling: 2, frame: 0 });
      return trajectoryPattern(trajectory, Math.floor((trajectory.points.shape[0] as number) / 2), 64);
    };
    const [few, many] = [await show(radial(13)), await show(radial(101))];
    for (const label of [/FWHM ↕/, /FWHM ↔/]) expect(named(many, label)).toBeGreaterThan(1.2);
    for (const label of [/FWHM ↕/, /FWHM ↔/]) expect(named(many, label)).toBeLessThan(1.7);
    expect(named(many, /^Side lobe$/)).toBeLessThan(-10);
    expect(named(many, /RMS/)).toBeLessThan(named(few, /RMS/));
    expect(few.images.shape).toEqual([1, 64, 64]);
  });
});
