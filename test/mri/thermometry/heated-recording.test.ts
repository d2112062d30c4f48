/** Heating simulated on phase that is there: what is turned, by how much, what is refused; and on real files where they are. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ndArray, type NdArray } from '../../../src/array/nd-array.ts';
import { readOptionsSchema, type HeatingOptions } from '../../../src/array/read-options.ts';
import type { Recording, Series } from '../../../src/array/recording.ts';
import { complexPairs } from '../../../src/mri/thermometry/complex-pairs.ts';
import { heatedRecording } from '../../../src/mri/thermometry/heated-recording.ts';
import { radiansPerDegree } from '../../../src/mri/thermometry/prf.ts';
import { openInput } from '../../../src/pipeline/open-input.ts';
import { ifft2c } from '../../../src/transform/fft.ts';
import { memorySeries } from '../../support/memory-series.ts';
import { hasData, present, TEST_DATA } from '../../support/tools.ts';
import { viewOfSlice } from '../../support/view-of-slice.ts';

const STATED = [{ label: 'Field strength', value: '3 T' }, { label: 'Echo time', value: '10 ms' }];
const heating = (options: Partial<HeatingOptions> = {}): HeatingOptions => readOptionsSchema.parse({ heating: { frames: 4, ...options } }).heating as HeatingOptions;
const recording = (...series: Series[]): Recording => ({ id: 'a'.repeat(64), sha256: async () => 'a'.repeat(64), name: 'file', bytes: 1, format: 'npy', series, warnings: [], close: async () => {} });

describe('heating on k-space', () => {
  it('leaves the first frame alone and turns the others by what it says', async () => {
    const [series] = heatedRecording(recording(memorySeries([2, 2, 32, 24], { attributes: STATED })), heating({ noise: 0, drift: 0 })).series;
    if (series === undefined) throw new Error('no series');
    expect(series.axes.slice(0, 2)).toEqual([{ name: 'frame', length: 4 }, { name: 'slice', length: 2 }]);
    expect(series.slices).toBe(8);
    const still = (await series.read(1)) as NdArray<'complex64'>;
    expect(still).toEqual(await memorySeries([2, 2, 32, 24]).read(1));
    const [a, b] = [ifft2c(still), ifft2c((await series.read(2 * 2 + 1)) as NdArray<'complex64'>)];
    const rise = (await series.readHeating?.(5))?.data as Float32Array;
    const perDegree = radiansPerDegree({ fieldStrength: 3, echoTime: 0.01, phaseSign: 1 });
    for (const i of [0, 16 * 24 + 12, 20 * 24 + 10]) {
      const angle = Math.atan2((b.data[2 * i + 1] as number) * (a.data[2 * i] as number) - (b.data[2 * i] as number) * (a.data[2 * i + 1] as number), (b.data[2 * i] as number) * (a.data[2 * i] as number) + (b.data[2 * i + 1] as number) * (a.data[2 * i + 1] as number));
      expect(angle).toBeCloseTo(perDegree * (rise[i] as number), 3);
    }
  });

  it('makes later frames noisy, each in its own way', async () => {
    const make = (options: Partial<HeatingOptions>) => heatedRecording(recording(memorySeries([1, 2, 32, 32], { attributes: STATED })), heating({ peak: 0, drift: 0, ...options })).series[0] as Series;
    const [quiet, noisy] = [make({ noise: 0 }), make({ noise: 1 })];
    expect((await noisy.read(1)).data).not.toEqual((await noisy.read(2)).data);
    expect((await noisy.read(1)).data).toEqual((await noisy.read(1)).data);
    expect((await quiet.read(0)).data).toEqual((await noisy.read(0)).data);
  });

  it('is refused without phase, B0 or TE, and for what moves already', () => {
    const heat = (change: Partial<Series>, options = {}) => () => heatedRecording(recording(memorySeries([2, 2, 16, 16], change)), heating(options));
    expect(heat({})).toThrow(expect.objectContaining({ code: 'usage.unsupported', field: 'fieldStrength' }));
    expect(heat({}, { fieldStrength: 3 })).toThrow(expect.objectContaining({ field: 'echoTimes' }));
    expect(heat({}, { fieldStrength: 3, echoTimes: [8] })).not.toThrow();
    expect(heat({ acquired: Uint8Array.from({ length: 16 }, (_, i) => i % 2), attributes: STATED })).toThrow(expect.objectContaining({ field: 'heating' }));
    const axes = [{ name: 'frame' as const, length: 2 }, { name: 'coil' as const, length: 2 }, { name: 'row' as const, length: 16 }, { name: 'column' as const, length: 16 }];
    expect(heat({ axes, attributes: STATED })).toThrow(/of one moment/);
  });
});

describe('magnitude and phase', () => {
  const image = (component: string, echo: string, z: readonly number[], value: number): Series => ({
    ...memorySeries([z.length, 1, 8, 8]),
    id: component,
    title: component,
    domain: 'image',
    dtype: 'float32',
    coils: 1,
    axes: [{ name: 'slice', length: z.length }, { name: 'row', length: 8 }, { name: 'column', length: 8 }],
    slices: z.length,
    attributes: [{ label: 'Image component', value: component }, { label: 'Echo time', value: echo }],
    geometry: { positions: z.map((height) => [0, 0, height] as const) } as unknown as NonNullable<Series['geometry']>,
    read: async (slice) => ndArray('float32', [8, 8], new Float32Array(64).fill(value + slice)),
  });

  it('are paired by place, of the same echo first', async () => {
    const [first, second, phase] = [image('magnitude', '5 ms', [0, 10, 20], 1), image('magnitude', '8 ms', [10, 20], 5), image('phase, rad', '8 ms', [10, 20], 0.5)];
    const [pair, ...others] = complexPairs([first, second, phase]);
    expect(others).toEqual([]);
    expect([pair?.dtype, pair?.slices]).toEqual(['complex64', 2]);
    const z = (await pair?.read(1))?.data as Float32Array;
    expect([z[0], z[1]].map((value) => Number(value?.toFixed(4)))).toEqual([6 * Math.cos(1.5), 6 * Math.sin(1.5)].map((value) => Number(value.toFixed(4))));
    const partly = complexPairs([image('magnitude', '5 ms', [10, 30], 1), phase]);
    expect(partly[0]?.slices).toBe(1);
    expect(complexPairs([image('magnitude', '5 ms', [40], 1), phase])).toEqual([]);
  });
});

const FILES: readonly (readonly [file: string, options: Partial<HeatingOptions>, slice: number])[] = [
  ['dicom/philips_enhanced_fieldmap_2echo_magphase.dcm', { peak: 8, width: 0.08, frames: 4, drift: 3 }, 2 * 53 + 26],
  ['kspace/pulseq_gre_3echo_phantom_twix.dat', { peak: 6, frames: 4, echoTimes: [10, 15, 20] }, 2 * 3 + 1],
];

describe.each(FILES)('on %s', (file, options, slice) => {
  const path = join(TEST_DATA, 'mri', file);
  it.runIf(present(file, { [file]: hasData(`mri/${file}`) }))('temperature comes back, fully sampled', async () => {
    const opened = await openInput({ kind: 'path', path, read: { heating: heating(options) } });
    try {
      expect(opened.warnings.join()).toContain('simulated');
      const series = opened.series[0] as Series;
      const { preparedKspace } = await import('../../../src/pipeline/prepare.ts');
      const prepared = await preparedKspace(series, {});
      const made = await viewOfSlice(prepared, slice, { view: { name: 'temperature', params: { drift: 'plane' } }, pattern: { name: 'full', params: {} }, method: { name: 'sense', params: { lambda: 1e-6 } } });
      const rmse = made.numbers.find(({ label }) => label === 'RMSE where heated')?.value;
      expect(rmse).toBeLessThan(1);
    } finally {
      await opened.close();
    }
  });
});
