/** The view of the predicted error, with a method in place of the network that the ensemble tests have known answers for. */
import { describe, expect, it } from 'vitest';
import { NEVER_CANCELLED } from '../../../../src/algorithms/status.ts';
import { centreCrop, type NdArray } from '../../../../src/array/nd-array.ts';
import { rootSumOfSquares } from '../../../../src/mri/root-sum-of-squares.ts';
import type { MriMeasurement } from '../../../../src/mri/measurement.ts';
import { measure } from '../../../../src/pipeline/measure.ts';
import { drain } from '../../../../src/pipeline/runner.ts';
import view from '../../../../src/pipeline/steps/view/predicted-error.ts';
import type { MethodContext, ViewInput } from '../../../../src/pipeline/step.ts';
import { describePattern } from '../../../../src/sampling/describe.ts';
import { fft2c, ifft2c } from '../../../../src/transform/fft.ts';
import { coils } from '../../../../src/operators/coils.ts';
import { COILS, ellipses, ringOfCoils, SIZE } from '../../../support/ellipses.ts';
import { memorySeries } from '../../../support/memory-series.ts';

const kspace = fft2c(coils(ringOfCoils()).apply(ellipses(0.5)));
const lines = (keeps: (i: number) => boolean) => describePattern({ kind: 'lines', rows: SIZE, columns: SIZE, mask: Uint8Array.from({ length: SIZE }, (_, i) => (keeps(i) ? 1 : 0)) });
const pattern = lines((i) => i % 3 === 0 || (i >= 28 && i < 36));
const series = memorySeries([1, COILS, SIZE, SIZE], { output: { rows: 60, columns: 52 } });
const nothing = (): never => {
  throw new Error('nothing is inferred here');
};
const context: MethodContext = { signal: NEVER_CANCELLED, infer: { providers: nothing, run: nothing }, loadModel: nothing, cache: new Map() };

interface Asked {
  readonly kept: number;
  readonly params: object | undefined;
}

function input(method: Pick<ViewInput['method'], 'params' | 'model'>, asked: Asked[] = [], of = pattern): ViewInput {
  const measurement = measure(kspace, of, series);
  const estimate = async (other: MriMeasurement = measurement, params?: object) => {
    asked.push({ kept: other.pattern.kept, params });
    return { image: centreCrop(rootSumOfSquares(ifft2c(other.kspace)), 60, 52), provider: 'test', notes: [] };
  };
  return {
    series, slice: 0, pattern: of, frames: [0],
    kspace: async () => kspace,
    measurement: async () => measurement,
    measurementAt: nothing,
    estimate,
    estimateAt: nothing,
    method: { name: 'unrolled', title: 'Unrolled network', ...method },
  };
}
const look = (what: ViewInput, params: object = {}) => drain(view.run(what, view.params.parse(params), context));

describe('predicted error', () => {
  it('is refused for methods without a network, with the way out', () => {
    expect(view.refuses?.({ series, pattern, method: 'sense' })).toMatch(/for learned methods.*Uncertainty/);
    expect(view.refuses?.({ series, pattern, method: 'unrolled', model: 'unrolled-s' })).toBeNull();
  });

  it('runs the method on all samples, on the mirror images and on each copy, one image at a time where the method would average', async () => {
    const asked: Asked[] = [];
    const outside = [...pattern.mask.keys()].filter((i) => pattern.mask[i] === 1 && (i < pattern.centre.columns[0] || i >= pattern.centre.columns[1])).length;
    await look(input({ params: { averages: 'model' }, model: 'x' }, asked), { copies: 4 });
    expect(asked.map(({ kept }) => kept)[0]).toBe(pattern.kept);
    expect(asked.length).toBe(1 + 3 + 4);
    expect(asked.slice(1).reduce((sum, { kept }) => sum + pattern.kept - kept, 0)).toBe(outside);
    expect(asked.every(({ params }) => JSON.stringify(params) === '{"averages":"1"}')).toBe(true);
    const plain: Asked[] = [];
    await look(input({ params: {}, model: 'x' }, plain), { copies: 2 });
    expect(plain.every(({ params }) => JSON.stringify(params) === '{}')).toBe(true);
  });

  it('is in percent of the image, and leaves air out', async () => {
    const { images, unit, numbers, range } = await look(input({ params: {}, model: 'x' }));
    expect([images.shape, unit]).toEqual([[1, 60, 52], '%']);
    const [median, high, share] = numbers.map(({ value }) => value) as [number, number, number];
    expect(median).toBeGreaterThan(0.1);
    expect(high).toBeGreaterThan(median);
    expect(share).toBeGreaterThanOrEqual(0);
    expect(share).toBeLessThanOrEqual(100);
    expect(range?.[1]).toBeGreaterThanOrEqual(high);
    const { data } = images as NdArray<'float32'>;
    expect([data[0], (data[30 * 52 + 26] as number) > 0.1]).toEqual([0, true]);
  });

  it('shows its components on request', async () => {
    const { images, labels } = await look(input({ params: {}, model: 'x' }), { components: true });
    expect(images.shape[0]).toBe(4);
    expect(labels).toEqual(['Predicted error', 'Spread of the copies', 'Error at the samples left out', 'Spread of the mirror images']);
  });

  it('says for which network its level was fitted, and what it cannot see', async () => {
    const { notes } = await look(input({ params: {}, model: 'somebody-elses' }));
    expect(notes.join(' ')).toContain('Not calibrated for somebody-elses');
    expect(notes.join(' ')).toContain('Errors that all copies share are not seen');
    expect(notes[0]).toMatch(/^Learned:/);
  });

  it('says so where nothing can be left out', async () => {
    await expect(look(input({ params: {}, model: 'x' }, [], lines((i) => i >= 24 && i < 40)))).rejects.toThrow(/too few to leave some out/);
    await expect(look(input({ params: {}, model: 'x' }, [], lines(() => true)))).rejects.toThrow(/lie outside|Every sample was acquired/);
  });
});
