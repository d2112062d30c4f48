import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LacunaError } from '../../src/errors.ts';
import { checkParams, findStep } from '../../src/pipeline/registry.ts';

/** Whatever a slider can be set to, on whatever matrix: a consistent pattern, or an error that names the parameter. */
it.each(['random', 'equispaced', 'gaussian', 'poisson-disc'])('%s: any parameters give a pattern or a stated refusal', async (name) => {
  const step = findStep('pattern', name);
  const settings = fc.record({
    rows: fc.integer({ min: 8, max: 70 }),
    columns: fc.integer({ min: 8, max: 70 }),
    acceleration: fc.double({ min: 1, max: 16, noNaN: true }),
    centreFraction: fc.double({ min: 0, max: 0.5, noNaN: true }),
    seed: fc.integer({ min: 0, max: 4294967295 }),
    acquired: fc.option(fc.infiniteStream(fc.boolean()), { nil: undefined }),
  });
  const property = fc.asyncProperty(settings, async ({ rows, columns, acquired, ...params }) => {
    const lines = acquired && Uint8Array.from({ length: columns }, () => (acquired.next().value === true ? 1 : 0));
    try {
      const pattern = await step.create({ rows, columns, ...(lines ? { acquired: lines } : {}) }, checkParams(step, params));
      expect(pattern.kept).toBe(pattern.mask.reduce((sum, flag) => sum + flag, 0));
      expect(pattern.kept).toBeGreaterThan(0);
      expect(pattern.nominal).toBe(params.acceleration);
      const flag = (row: number, column: number) => pattern.mask[pattern.kind === 'lines' ? column : row * columns + column];
      for (let row = pattern.centre.rows[0]; row < pattern.centre.rows[1]; row++) {
        for (let column = pattern.centre.columns[0]; column < pattern.centre.columns[1]; column++) expect(flag(row, column)).toBe(1);
      }
      for (let i = 0; lines && i < pattern.mask.length; i++) expect(pattern.mask[i]).toBeLessThanOrEqual(lines[i % columns] as number);
    } catch (error) {
      if (!(error instanceof LacunaError)) throw error;
      expect(error.code).toBe('usage.invalid');
      expect(['centreFraction', 'pattern']).toContain(error.field);
    }
  });
  await fc.assert(property, { numRuns: 150, seed: 1 });
});
