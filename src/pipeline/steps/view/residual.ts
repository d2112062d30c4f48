import { z } from 'zod';
import type { NdArray } from '../../../array/nd-array.ts';
import { LacunaError } from '../../../errors.ts';
import { residualOf } from '../../../mri/measurement.ts';
import { defineView } from '../../step.ts';

/** What is fainter than this against the strongest sample is all the same to the eye. */
const FLOOR_DB = -120;

export default defineView({
  name: 'residual',
  title: 'Data residual',
  help: 'How far the reconstruction is from the measured samples, |mask·F·S·x − y| over coils, in k-space.',
  accepts: 'any',
  of: 'estimate',
  params: z.object({
    scale: z
      .enum(['log', 'linear'])
      .default('log')
      .describe('Logarithmic in dB of the strongest sample, or as it is.')
      .meta({ title: 'Scale' }),
  }),
  refuses: ({ method }) => (method === 'zero-filled' ? 'Zero-filling keeps the samples as they are and states no model of them, so it has no residual.' : null),
  async *run(input, { scale }) {
    const { kspace } = await input.measurement();
    yield { iteration: 0, iterations: 1 };
    const estimate = await input.estimate();
    const residual = estimate.residual?.();
    if (residual === undefined) {
      throw new LacunaError('usage.unsupported', `${input.method.title} has no model of the samples, so it states no residual.`, { field: 'method' });
    }
    const strongest = maximumMagnitude(kspace);
    const largest = residual.data.reduce((top, value) => Math.max(top, value), 0);
    const images = { ...residual, shape: [1, ...residual.shape], data: scale === 'log' ? decibels(residual, strongest) : residual.data };
    const relative = residualOf(estimate);
    return {
      images,
      labels: ['|A x − y|'],
      space: 'kspace',
      colormap: 'inferno',
      unit: scale === 'log' ? 'dB' : '',
      ...(scale === 'log' ? { range: [Math.max(FLOOR_DB, toDecibel(largest, strongest) - 60), Math.max(FLOOR_DB + 1, toDecibel(largest, strongest))] as const } : {}),
      numbers: [
        ...(relative === undefined ? [] : [{ label: 'Relative residual', value: relative, unit: '' }]),
        { label: 'Largest, against the strongest sample', value: toDecibel(largest, strongest), unit: 'dB' },
      ],
      notes: [`Root-sum-of-squares over ${kspace.shape[0]} coils; zero where nothing was sampled.`, ...estimate.notes],
    };
  },
});

function decibels({ data }: NdArray<'float32'>, strongest: number): Float32Array {
  return data.map((value) => toDecibel(value, strongest));
}

function toDecibel(value: number, strongest: number): number {
  return value > 0 && strongest > 0 ? Math.max(FLOOR_DB, 20 * Math.log10(value / strongest)) : FLOOR_DB;
}

/** Largest root-sum-of-squares over coils of [coil, row, column]. */
function maximumMagnitude(kspace: NdArray<'complex64'>): number {
  const size = kspace.data.length / (kspace.shape[0] as number);
  let top = 0;
  for (let i = 0; i < size; i += 2) {
    let power = 0;
    for (let k = i; k < kspace.data.length; k += size) power += (kspace.data[k] as number) ** 2 + (kspace.data[k + 1] as number) ** 2;
    top = Math.max(top, power);
  }
  return Math.sqrt(top);
}
