/** The real files whose axes no header names, from opening to the image. */
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { magnitude, type NdArray } from '../../src/array/nd-array.ts';
import type { ReadOptions } from '../../src/array/read-options.ts';
import type { Series } from '../../src/array/recording.ts';
import { openPath } from '../../src/formats/registry.ts';
import { asKspace } from '../../src/pipeline/kspace-source.ts';
import { measure } from '../../src/pipeline/measure.ts';
import sense from '../../src/pipeline/steps/method/sense.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import type { SamplingPattern } from '../../src/sampling/pattern.ts';
import { hasData, present, TEST_DATA } from '../support/tools.ts';

const inferred = (): never => {
  throw new Error('a classical method does not infer');
};

async function senseImage(path: string, options?: ReadOptions): Promise<NdArray<'float32'>> {
  const recording = await openPath(`${TEST_DATA}/${path}`, options);
  const series = await asKspace(recording.series[0] as Series, undefined);
  const kspace = (await series.read(0)) as NdArray<'complex64'>;
  const measurement = measure(kspace, acquiredPattern(series), series);
  const context = { signal: { cancelled: false }, infer: { providers: inferred, run: inferred }, loadModel: inferred, cache: new Map<string, unknown>() };
  const steps = sense.run(measurement, sense.params.parse({}) as z.infer<typeof sense.params>, context);
  for (;;) {
    const next = await steps.next();
    if (!next.done) continue;
    await recording.close();
    return magnitude(next.value.image);
  }
}

function acquiredPattern({ rows, columns, acquired, acquiredPoints }: Series): SamplingPattern {
  if (acquiredPoints) return describePattern({ kind: 'points', rows, columns, mask: acquiredPoints });
  return describePattern({ kind: 'lines', rows, columns, mask: acquired ?? new Uint8Array(columns).fill(1) });
}

/** Energy inside the ellipse of those half axes (as parts of the sides) ÷ all: an object in an empty field of view. */
function inside({ data, shape }: NdArray<'float32'>, halfRows: number, halfColumns: number): number {
  const [rows, columns] = shape as [number, number];
  let [within, total] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    const energy = (data[i] as number) ** 2;
    const [v, u] = [(Math.floor(i / columns) - rows / 2) / (rows * halfRows), ((i % columns) - columns / 2) / (columns * halfColumns)];
    total += energy;
    if (v * v + u * u < 1) within += energy;
  }
  return within / total;
}

const lego = 'mri/kspace/sms_nlinv_lego_radial_16ch_69sp_bottom.cfl';
describe.runIf(present('reconstruction of real spokes', { [lego]: hasData(lego) }))('spokes without a trajectory', () => {
  it('are a sharp phantom by the angles that were found, and a blurred one by others', async () => {
    const found = await senseImage(lego);
    expect(found.shape).toEqual([192, 192]);
    const other = await senseImage(lego, { fixes: ['angles-half-circle'] });
    // The bottle's round cross-section, 170 pixels wide.
    expect(inside(found, 0.46, 0.46)).toBeGreaterThan(0.96);
    expect(inside(other, 0.46, 0.46)).toBeLessThan(0.9);
    const moved = await senseImage(lego, { fixes: ['gradient-delays'] });
    expect(inside(moved, 0.46, 0.46)).toBeGreaterThan(inside(found, 0.46, 0.46));
  });
});

const poisson = 'mri/kspace/sigpy_brain_8ch_cart_poisson.npy';
it.runIf(present('reconstruction of point-sampled k-space', { [poisson]: hasData(poisson) }))('Poisson-disc k-space is a head in an empty field of view', async () => {
  const image = await senseImage(poisson);
  expect(image.shape).toEqual([230, 180]);
  expect(inside(image, 0.5, 0.5)).toBeGreaterThan(0.98);
});

const midas = 'mri/kspace/midas_brain_7ch_coilimages.npz';
it.runIf(present('reconstruction of complex coil images', { [midas]: hasData(midas) }))('coil images, transformed back, are a head again', async () => {
  const image = await senseImage(midas);
  expect(image.shape).toEqual([256, 216]);
  expect(inside(image, 0.5, 0.5)).toBeGreaterThan(0.98);
});
