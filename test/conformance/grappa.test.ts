/**
 * GRAPPA on real data. Golden numbers on the phantom, against NumPy, are in test/mri/grappa.test.ts. bart has no GRAPPA, so a fully
 * sampled brain serves as reference; the two bottles were measured at R = 3 with separate calibration lines.
 */
import { unzipSync } from 'fflate';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NEVER_CANCELLED } from '../../src/algorithms/status.ts';
import { centreCrop, zeros, type NdArray } from '../../src/array/nd-array.ts';
import { decodeNpy } from '../../src/array/npy.ts';
import { grappa, type GrappaResult } from '../../src/mri/grappa.ts';
import { zeroFilled } from '../../src/mri/zero-filled.ts';
import { mask } from '../../src/operators/mask.ts';
import { openInput } from '../../src/pipeline/open-input.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import type { SamplingPattern } from '../../src/sampling/pattern.ts';
import { fft2c } from '../../src/transform/fft.ts';
import { relativeError } from '../support/random-array.ts';
import { hasData, present, TEST_DATA } from '../support/tools.ts';

const MIDAS = 'mri/kspace/midas_brain_7ch_coilimages.npz';
const BOTTLES = 'mri/kspace/gadgetron_SNR_R3_14ch_ismrmrd.h5';

async function fill(y: NdArray<'complex64'>, pattern: SamplingPattern): Promise<GrappaResult> {
  const steps = grappa(y, pattern, { readout: 5, lines: 4, lambda: 1e-4, signal: NEVER_CANCELLED });
  for (;;) {
    const next = await steps.next();
    if (next.done) return next.value;
  }
}

describe.skipIf(!present('GRAPPA of a real brain', { [MIDAS]: hasData(MIDAS) }))('brain of 7 coils, 256×216', () => {
  const brain = (): NdArray<'complex64'> => {
    const images = decodeNpy(unzipSync(readFileSync(`${TEST_DATA}/${MIDAS}`))['arr_0.npy'] ?? new Uint8Array()) as NdArray<'complex64'>;
    const [rows, columns, coils] = images.shape as [number, number, number];
    const out = zeros('complex64', [coils, rows, columns]);
    for (let i = 0; i < rows * columns * coils; i++) {
      out.data.set(images.data.subarray(2 * i, 2 * i + 2), 2 * ((i % coils) * rows * columns + Math.floor(i / coils)));
    }
    return fft2c(out);
  };

  it.each([
    { r: 2, share: 0.1, most: 0.002 },
    { r: 3, share: 0.2, most: 0.005 },
    { r: 4, share: 0.5, most: 0.02 },
  ])('R = $r: NMSE at most $most, and $share of zero filling', async ({ r, share, most }) => {
    const full = brain();
    const [coils, rows, columns] = full.shape as [number, number, number];
    const pattern = describePattern({ kind: 'lines', rows, columns, mask: Uint8Array.from({ length: columns }, (_, i) => (i % r === 0 || Math.abs(i - columns / 2 + 0.5) < 12 ? 1 : 0)) });
    const y = mask(pattern, coils).apply(full);
    const reference = zeroFilled(full).data;
    const nmse = (k: NdArray<'complex64'>): number => relativeError(zeroFilled(k).data, reference) ** 2;
    const { kspace } = await fill(y, pattern);
    expect(nmse(kspace)).toBeLessThan(most);
    expect(nmse(kspace) / nmse(y)).toBeLessThan(share);
    expect(mask(pattern, coils).apply(kspace).data).toEqual(y.data);
  });
});

describe.skipIf(!present('GRAPPA of two bottles', { [BOTTLES]: hasData(BOTTLES) }))('two bottles of 14 coils, 384×144', () => {
  it('shows no ghost where zero filling has one', async () => {
    const recording = await openInput({ kind: 'path', path: `${TEST_DATA}/${BOTTLES}` });
    const series = recording.series[0];
    if (series === undefined) throw new Error('no series');
    const y = (await series.read(0)) as NdArray<'complex64'>;
    const lines = series.acquired ?? new Uint8Array(series.columns).fill(1);
    const pattern = describePattern({ kind: 'lines', rows: series.rows, columns: series.columns, mask: lines });
    const { kspace, geometry } = await fill(y, pattern);
    expect(geometry.spacing).toBe(3);
    const { rows, columns } = series.output;
    const [before, after] = [y, kspace].map((k) => centreCrop(zeroFilled(k), rows, columns).data) as [Float32Array, Float32Array];
    const brightest = after.reduce((most, value) => Math.max(most, value), 0);
    // The bottles are 55 to 60 columns across in the middle; ghosts fall into the outer sixths.
    const outside = (image: Float32Array): number => {
      let sum = 0;
      for (let r = 0; r < rows; r++) for (let c = 0; c < columns / 9; c++) sum += (image[r * columns + c] ?? NaN) ** 2 + (image[(r + 1) * columns - 1 - c] ?? NaN) ** 2;
      return Math.sqrt(sum / (rows * 2 * Math.floor(columns / 9))) / brightest;
    };
    expect(outside(after)).toBeLessThan(0.01);
    expect(outside(after)).toBeLessThan(0.3 * outside(before));
    await recording.close();
  });
});
