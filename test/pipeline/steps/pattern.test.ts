import { describe, expect, it } from 'vitest';
import { ndArray } from '../../../src/array/nd-array.ts';
import { findModel } from '../../../src/models/find.ts';
import { checkParams, findStep, listSteps } from '../../../src/pipeline/registry.ts';
import type { PatternContext } from '../../../src/pipeline/step.ts';

const context: PatternContext = { rows: 96, columns: 128, loadModel: (id) => findModel(id) };

async function make(name: string, params: Record<string, number | string>, given: PatternContext = context) {
  const step = findStep('pattern', name);
  return step.create(given, checkParams(step, params));
}

describe('pattern steps', () => {
  const drawn = listSteps('pattern')
    .map((step) => step.name)
    .filter((name) => !['file', 'radial', 'spiral'].includes(name));

  it.each(drawn)('%s: defaults give a pattern of the context’s size that keeps its centre', async (name) => {
    const pattern = await make(name, {});
    expect([pattern.rows, pattern.columns]).toEqual([96, 128]);
    expect(pattern.mask.length).toBe(pattern.kind === 'lines' ? 128 : 96 * 128);
    expect(pattern.kept).toBe(pattern.mask.reduce((sum, flag) => sum + flag, 0));
    expect(pattern.achieved).toBe(pattern.total / pattern.kept);
    const { rows, columns } = pattern.centre;
    expect(columns[1] - columns[0]).toBeGreaterThanOrEqual(name === 'poisson-disc' ? 9 : name.startsWith('learned') ? 6 : 10);
    expect(columns[0]).toBeLessThanOrEqual(64);
    expect(rows[0]).toBeLessThanOrEqual(48);
    expect(rows[1]).toBeGreaterThan(48);
  });

  it.each(drawn)('%s: keeps only acquired lines', async (name) => {
    const acquired = new Uint8Array(128).fill(1, 10, 100);
    const pattern = await make(name, {}, { ...context, acquired });
    pattern.mask.forEach((flag, i) => {
      if (flag === 1) expect(acquired[i % 128]).toBe(1);
    });
    expect(pattern.kept).toBeGreaterThan(0);
  });

  it('equispaced, gaussian and poisson-disc: achieve the acceleration within 5 %', async () => {
    for (const [acceleration, centreFraction] of [
      [2, 0.16],
      [4, 0.08],
      [8, 0.04],
    ] as const) {
      for (const name of ['equispaced', 'gaussian', 'poisson-disc']) {
        const pattern = await make(name, { acceleration, centreFraction, seed: 3 }, { rows: 320, columns: 320 });
        expect(pattern.nominal).toBe(acceleration);
        expect(Math.abs(pattern.achieved / acceleration - 1), `${name} ${acceleration}`).toBeLessThan(0.05);
      }
    }
  });

  it('full: keeps what the scanner acquired, and says how much that is', async () => {
    const acquired = Uint8Array.from({ length: 128 }, (_, k) => (k % 4 === 0 ? 1 : 0));
    expect(await make('full', {}, { ...context, acquired })).toMatchObject({ kept: 32, achieved: 4, nominal: 4 });
    expect(await make('full', {})).toMatchObject({ kept: 128, achieved: 1 });
  });

  it('file: asks the context for the array and names the file in errors', async () => {
    const names: string[] = [];
    const readPatternFile = (name: string) => {
      names.push(name);
      return Promise.resolve(ndArray('uint8', [128], new Uint8Array(128).fill(1, 60, 68)));
    };
    expect(await make('file', { file: 'mask.npy' }, { ...context, readPatternFile })).toMatchObject({ kind: 'lines', kept: 8 });
    expect(names).toEqual(['mask.npy']);
    await expect(make('file', { file: 'mask.npy' }, { rows: 96, columns: 130, readPatternFile })).rejects.toMatchObject({
      code: 'input.mismatch',
      file: 'mask.npy',
    });
    await expect(make('file', {}, { ...context, readPatternFile })).rejects.toMatchObject({ code: 'usage.invalid', field: 'file' });
    await expect(make('file', { file: 'mask.npy' })).rejects.toMatchObject({ code: 'usage.unsupported' });
  });

  it('refuses parameters out of range', async () => {
    await expect(make('random', { acceleration: 0.5 })).rejects.toMatchObject({ code: 'usage.invalid', field: 'acceleration' });
    await expect(make('random', { seed: 1.5 })).rejects.toMatchObject({ code: 'usage.invalid', field: 'seed' });
  });
});
