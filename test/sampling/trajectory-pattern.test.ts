import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LacunaError } from '../../src/errors.ts';
import { checkParams, findStep } from '../../src/pipeline/registry.ts';
import { readoutsFor } from '../../src/sampling/trajectory-pattern.ts';

const settings: Record<'radial' | 'spiral', Record<string, fc.Arbitrary<unknown>>> = {
  radial: {
    spokes: fc.integer({ min: 0, max: 60 }),
    ordering: fc.constantFrom('uniform', 'golden', 'tiny-golden'),
    tinyNumber: fc.integer({ min: 1, max: 50 }),
  },
  spiral: {
    turns: fc.double({ min: 0.25, max: 32, noNaN: true }),
    density: fc.double({ min: 1, max: 4, noNaN: true }),
    ordering: fc.constantFrom('uniform', 'golden'),
  },
};

/** Whatever a slider can be set to, on whatever matrix: samples inside k-space, and fields that fit each other. */
it.each(['radial', 'spiral'] as const)('%s: any parameters give a consistent pattern or a stated refusal', async (name) => {
  const step = findStep('pattern', name);
  const property = fc.asyncProperty(
    fc.integer({ min: 1, max: 60 }),
    fc.integer({ min: 1, max: 60 }),
    fc.integer({ min: 0, max: 20 }),
    fc.record({ acceleration: fc.double({ min: 1, max: 16, noNaN: true }), offset: fc.double({ min: 0, max: 360, noNaN: true }), ...settings[name] }),
    async (rows, columns, frame, params) => {
      try {
        const pattern = await step.create({ rows: rows + 3, columns: columns + 5, output: { rows, columns }, frame }, checkParams(step, params));
        const { trajectory, centre } = pattern;
        expect(pattern.kind).toBe('trajectory');
        expect(trajectory?.matrix).toEqual({ rows, columns });
        expect(trajectory?.points.shape).toEqual([pattern.rows, pattern.columns, 2]);
        expect(trajectory?.points.data.length).toBe(2 * pattern.rows * pattern.columns);
        expect(pattern.kept).toBe(pattern.columns);
        expect(pattern.mask).toEqual(new Uint8Array(pattern.columns).fill(1));
        expect(pattern.total).toBe(columns + 5);
        expect(pattern.achieved).toBeCloseTo(pattern.total / pattern.kept, 10);
        const outside = trajectory?.points.data.findIndex((k, i) => !(Math.abs(k) <= ((i % 2 === 0 ? rows : columns) / 2) * (1 + 1e-6)));
        expect(outside).toBe(-1);
        expect(centre.rows[0]).toBeLessThanOrEqual(centre.rows[1]);
        expect(centre.rows[1]).toBeLessThanOrEqual(pattern.rows);
        expect(centre.columns).toEqual([0, pattern.columns]);
      } catch (error) {
        if (!(error instanceof LacunaError)) throw error;
        expect(error).toMatchObject({ code: 'usage.invalid', field: 'pattern' });
      }
    },
  );
  await fc.assert(property, { numRuns: 100, seed: 1 });
});

it('at least one readout is left', () => {
  expect(readoutsFor(320, 4)).toBe(80);
  expect(readoutsFor(5, 16)).toBe(1);
});
