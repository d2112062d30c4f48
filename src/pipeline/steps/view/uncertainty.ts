import { z } from 'zod';
import { throwIfCancelled } from '../../../algorithms/status.ts';
import { magnitude, zeros } from '../../../array/nd-array.ts';
import { LacunaError } from '../../../errors.ts';
import { withSamples } from '../../../mri/measurement.ts';
import { addNoise, outerNoise, scannedNoise } from '../../../mri/replica-noise.ts';
import { RunningDeviation } from '../../../mri/running-deviation.ts';
import { Random } from '../../../random/xoshiro.ts';
import { defineView, type ViewInput } from '../../step.ts';

/** Stream of the noise among all that a seed gives. */
const REPLICA = 0x5e71;

export default defineView({
  name: 'uncertainty',
  title: 'Uncertainty',
  help: 'How much the image would vary were the scan repeated: noise is added to the samples again and again, and the method run on each.',
  reference: 'Robson et al., Comprehensive quantification of signal-to-noise ratio and g-factor, Magn Reson Med 2008;60:895',
  accepts: 'any',
  of: 'estimate',
  params: z.object({
    replicas: z.int().min(3).max(500).default(20).describe('Reconstructions of noisy copies; the standard deviation is known to about 1/√(2(n − 1)).').meta({ title: 'Replicas', step: 1 }),
    noise: z
      .enum(['outskirts', 'scan', 'given'])
      .default('outskirts')
      .describe('Where the noise level comes from: the outskirts of k-space, the noise scan of the file, or σ as it is given.')
      .meta({ title: 'Noise from' }),
    sigma: z
      .number()
      .min(0)
      .max(1e9)
      .default(0)
      .describe('Standard deviation of the real part of the noise, on the scale of the samples; only where the noise is given.')
      .meta({ title: 'σ' }),
    seed: z.int().min(0).max(4294967295).default(1).describe('Decides the noise.').meta({ title: 'Seed', step: 1, advanced: true }),
  }),
  async *run(input, { replicas, noise, sigma: given, seed }, { signal }) {
    const measurement = await input.measurement();
    const sigma = await noiseLevel(input, noise, given);
    const noisy = withSamples(measurement, zeros('complex64', measurement.kspace.shape));
    const spread = new RunningDeviation([measurement.output.rows, measurement.output.columns]);
    yield { iteration: 0, iterations: replicas };
    for (let replica = 0; replica < replicas; replica++) {
      throwIfCancelled(signal);
      addNoise(measurement.kspace, sigma, new Random(seed, replica, REPLICA), noisy.kspace);
      spread.add(magnitude((await input.estimate(noisy)).image));
      yield { iteration: replica + 1, iterations: replicas };
    }
    const deviation = spread.deviation();
    const mean = sigma.reduce((sum, s) => sum + s, 0) / sigma.length;
    const brightest = spread.mean().data.reduce((top, value) => Math.max(top, value), 0);
    return {
      images: { ...deviation, shape: [1, ...deviation.shape] },
      labels: ['Standard deviation'],
      space: 'image',
      colormap: 'inferno',
      unit: '',
      numbers: [
        { label: 'Noise σ of the samples', value: mean, unit: '' },
        { label: 'Replicas', value: replicas, unit: '' },
        { label: 'Median deviation', value: median(deviation.data), unit: '' },
        { label: 'Largest deviation, of the brightest pixel', value: brightest === 0 ? 0 : (100 * deviation.data.reduce((top, value) => Math.max(top, value), 0)) / brightest, unit: '%' },
      ],
      notes: [
        `σ = ${mean.toPrecision(3)} (${{ outskirts: 'from the outskirts of k-space', scan: 'from the noise scan', given: 'as given' }[noise]}), ${replicas} replicas, seed ${seed}.`,
        'The noise comes on top of what the data hold, independent in each coil; coil maps are calibrated anew for each replica.',
        'It shows how noise passes through the method, not how far the image is from the truth.',
      ],
    };
  },
});

/** One σ a coil. */
async function noiseLevel(input: ViewInput, source: 'outskirts' | 'scan' | 'given', given: number): Promise<Float64Array> {
  const { series } = input;
  const measurement = await input.measurement();
  if (source === 'scan') {
    if (series.readNoise === undefined) throw new LacunaError('usage.unsupported', 'The file holds no noise scan; take the noise from the outskirts of k-space.', { field: 'noise' });
    return scannedNoise(await series.readNoise());
  }
  if (source === 'given') {
    if (given <= 0) throw new LacunaError('usage.invalid', 'State the σ of the noise; it must be above 0.', { field: 'sigma' });
    return new Float64Array(series.coils).fill(given);
  }
  return measurement.trajectory === undefined ? outerNoise(await input.kspace()) : outerNoise(measurement.kspace, measurement.trajectory);
}

function median(values: Float32Array): number {
  const sorted = values.slice().sort();
  return sorted[Math.floor(sorted.length / 2)] as number;
}
