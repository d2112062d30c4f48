import { beforeAll, describe, expect, it } from 'vitest';
import { zeros, type NdArray } from '../../src/array/nd-array.ts';
import type { Series } from '../../src/array/recording.ts';
import { calibrationRange } from '../../src/mri/calibration-key.ts';
import { cartesianNoise, findQuietChannel, trajectoryNoise } from '../../src/mri/noise-level.ts';
import { makePattern } from '../../src/pipeline/make-pattern.ts';
import { measure } from '../../src/pipeline/measure.ts';
import { checkParams, findStep } from '../../src/pipeline/registry.ts';
import { Random } from '../../src/random/xoshiro.ts';

const MATRIX = 192;
const CLEAN = { matrix: MATRIX, coils: 8, slices: 1, snr: 0 };
let series: Series;
let clean: NdArray<'complex64'>;
beforeAll(async () => {
  const step = findStep('sample', 'brain');
  const recording = await step.run(checkParams(step, CLEAN));
  series = recording.series[0] as Series;
  clean = (await series.read(0)) as NdArray<'complex64'>;
});

/** The phantom's tissue is about 0.5 high; noise of a known level is added here, whatever the sample would add. */
function noisy(sigma: number): NdArray<'complex64'> {
  const random = new Random(7, 1, 2);
  const out = { ...clean, data: clean.data.slice() };
  for (let i = 0; i < out.data.length; i++) out.data[i] = (out.data[i] as number) + sigma * gaussian(random);
  return out;
}

/** Box–Muller. */
function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
}

describe.each([20, 50, 100])('at a signal-to-noise ratio of %i', (snr) => {
  const sigma = 0.5 / snr;

  it.each([
    ['random', 4],
    ['random', 8],
    ['equispaced', 4],
    ['poisson-disc', 6],
    ['full', 1],
  ] as const)('is found within 15 %% behind %s, %i times accelerated', async (name, acceleration) => {
    const params = name === 'full' ? {} : { acceleration };
    const pattern = await makePattern({ pattern: { name, params } }, series);
    const { kspace } = measure(noisy(sigma), pattern, series);
    const range = calibrationRange([MATRIX, MATRIX], pattern.centre);
    const found = cartesianNoise(kspace, pattern, findQuietChannel(kspace, range));
    expect(found / sigma).toBeGreaterThan(0.85);
    expect(found / sigma).toBeLessThan(1.15);
  });

  it('is found within 15 % in the samples of a radial recording', async () => {
    const pattern = await makePattern({ pattern: { name: 'radial', params: { acceleration: 3 } } }, series);
    const { kspace, trajectory } = measure(clean, pattern, series);
    if (trajectory === undefined) throw new Error('no trajectory');
    const random = new Random(3, 1, 2);
    for (let i = 0; i < kspace.data.length; i++) kspace.data[i] = (kspace.data[i] as number) + sigma * gaussian(random);
    const found = trajectoryNoise(kspace, trajectory, findQuietChannel(kspace, { rows: [0, kspace.shape[1] as number], columns: [0, kspace.shape[2] as number] }));
    expect(found / sigma).toBeGreaterThan(0.85);
    expect(found / sigma).toBeLessThan(1.15);
  });
});

describe('is unknown', () => {
  const all = { kind: 'lines', mask: new Uint8Array(32).fill(1) } as const;

  it('where the outer samples were never measured', () => {
    const kspace = zeros('complex64', [2, 32, 32]);
    for (let i = 0; i < kspace.data.length; i++) kspace.data[i] = Math.floor(i / 64) % 32 > 6 && Math.floor(i / 64) % 32 < 26 ? 1 : 0;
    expect(cartesianNoise(kspace, all, null)).toBe(0);
  });

  it('from too few samples', () => {
    const kspace = zeros('complex64', [1, 8, 8]);
    kspace.data.fill(1);
    expect(cartesianNoise(kspace, { ...all, mask: new Uint8Array(8).fill(1) }, null)).toBe(0);
  });
});
