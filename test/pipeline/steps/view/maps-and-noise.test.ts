/** The views of coil maps and of the g-factor, on the phantom of the classical tests. */
import { describe, expect, it } from 'vitest';
import { NEVER_CANCELLED } from '../../../../src/algorithms/status.ts';
import { drain } from '../../../../src/pipeline/runner.ts';
import type { MriEstimate, MriMeasurement } from '../../../../src/mri/measurement.ts';
import { coils } from '../../../../src/operators/coils.ts';
import { mask } from '../../../../src/operators/mask.ts';
import grappa from '../../../../src/pipeline/steps/method/grappa.ts';
import sense from '../../../../src/pipeline/steps/method/sense.ts';
import coilMaps from '../../../../src/pipeline/steps/view/coil-maps.ts';
import gFactor from '../../../../src/pipeline/steps/view/g-factor.ts';
import type { MethodContext, MethodStep, ViewInput } from '../../../../src/pipeline/step.ts';
import { describePattern } from '../../../../src/sampling/describe.ts';
import { fft2c } from '../../../../src/transform/fft.ts';
import { addNoise, COILS, ellipses, ringOfCoils, SIZE } from '../../../support/ellipses.ts';
import { memorySeries } from '../../../support/memory-series.ts';

const kspace = addNoise(fft2c(coils(ringOfCoils()).apply(ellipses(0.5))));
const pattern = describePattern({
  kind: 'lines', rows: SIZE, columns: SIZE, mask: Uint8Array.from({ length: SIZE }, (_, i) => (i % 2 === 0 || (i >= 24 && i < 40) ? 1 : 0)),
});
const output = { rows: 60, columns: 52 };
const nothing = (): never => {
  throw new Error('nothing is inferred here');
};
const context: MethodContext = { signal: NEVER_CANCELLED, infer: { providers: nothing, run: nothing }, loadModel: nothing, cache: new Map() };

function input(method: MethodStep): ViewInput & { runs: number } {
  const params = method.params.parse({}) as Record<string, number | string | boolean>;
  const measurement: MriMeasurement = { kspace: mask(pattern, COILS).apply(kspace), pattern, output };
  const made: ViewInput & { runs: number } = {
    runs: 0,
    series: memorySeries([1, COILS, SIZE, SIZE], { output }),
    slice: 0,
    pattern,
    kspace: () => Promise.resolve(kspace),
    measurement: () => Promise.resolve(measurement),
    estimate(other: MriMeasurement = measurement): Promise<MriEstimate> {
      made.runs++;
      return drain(method.run(other, params, context));
    },
    frames: [0],
    measurementAt: () => Promise.resolve(measurement),
    estimateAt: () => made.estimate(),
    method: { name: method.name, title: method.title, params },
  };
  return made;
}

const look = (view: typeof gFactor, what: ViewInput, params: object) => drain(view.run(what, view.params.parse(params), context));

describe('coil-maps', () => {
  it.each([
    [{}, COILS, 'Map of coil 1', /^Maps: 32×16/],
    [{ maps: 'espirit' }, COILS, 'Map of coil 1', /^Maps: ESPIRiT, 24×17/],
    [{ maps: 'espirit', mapSets: 2 }, 2 * COILS, 'Map 1 of coil 1', /^Maps: ESPIRiT \(2 sets\)/],
  ])('shows every map, with %o', async (params, count, first, note) => {
    const { images, labels, notes } = await look(coilMaps, input(sense), params);
    expect([images.dtype, images.shape]).toEqual(['complex64', [count, SIZE, SIZE]]);
    expect(labels.length).toBe(count);
    expect(labels[0]).toBe(first);
    expect(notes[0]).toMatch('espirit' in params || 'maps' in params ? note : /^Maps: 34×17/);
  });

  it('shows eigenvalues, near 1 in the object alone', async () => {
    const { images, labels, numbers } = await look(coilMaps, input(sense), { show: 'eigenvalues' });
    expect(images.shape).toEqual([1, SIZE, SIZE]);
    expect(labels).toEqual(['Eigenvalue of set 1']);
    expect(images.data[32 * SIZE + 32]).toBeGreaterThan(0.98);
    expect(images.data[2 * SIZE + 2]).toBeLessThan(0.9);
    expect(numbers[0]?.value).toBeGreaterThan(30);
    expect(numbers[0]?.value).toBeLessThan(90);
  });

  it('refuses a pattern without a centre', () => {
    const bare = describePattern({ kind: 'lines', rows: SIZE, columns: SIZE, mask: Uint8Array.from({ length: SIZE }, (_, i) => (i % 3 === 0 ? 1 : 0)) });
    expect(coilMaps.refuses?.({ series: input(sense).series, pattern: bare, method: 'sense' })).toMatch(/fully sampled centre/);
  });
});

describe('g-factor', () => {
  it('takes the formula for SENSE, one reconstruction for the outline', async () => {
    const what = input(sense);
    const { images, numbers, notes, colormap } = await look(gFactor, what, {});
    expect(what.runs).toBe(1);
    expect(images.shape).toEqual([1, 60, 52]);
    expect(colormap).toBe('inferno');
    const [mean, high, most] = numbers.map(({ value }) => value) as [number, number, number];
    expect(mean).toBeGreaterThan(1.1);
    expect(mean).toBeLessThan(1.5);
    expect(high).toBeGreaterThanOrEqual(mean);
    expect(most).toBeGreaterThanOrEqual(high);
    expect(notes[0]).toMatch(/without regularisation/);
  });

  it('takes replicas for other methods, and for SENSE when asked', async () => {
    const what = input(grappa);
    const { numbers, notes } = await look(gFactor, what, { replicas: 12 });
    expect(what.runs).toBe(13);
    expect(numbers[0]?.value).toBeGreaterThan(1);
    expect(numbers[0]?.value).toBeLessThan(2);
    expect(notes[0]).toMatch(/^From 12 replicas with noise of 1 %/);
    const again = input(sense);
    await look(gFactor, again, { approach: 'replicas', replicas: 4 });
    expect(again.runs).toBe(5);
  });
});
