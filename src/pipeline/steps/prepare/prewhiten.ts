import { z } from 'zod';
import { LacunaError } from '../../../errors.ts';
import { combineChannels } from '../../../mri/combine-channels.ts';
import { findPrewhitening } from '../../../mri/prewhiten.ts';
import { definePrepare } from '../../step.ts';

export default definePrepare({
  name: 'prewhiten',
  title: 'Noise pre-whitening',
  help: 'Combines the channels so that their noise, as the noise scan shows it, is uncorrelated and equally strong; images keep their scale.',
  reference: 'Roemer et al., The NMR phased array, Magn Reson Med 1990;16:192',
  order: 10,
  params: z.object({}),
  refuses(series) {
    if (series.domain !== 'kspace') return 'Pre-whitening needs measured k-space.';
    if (series.coils < 2) return 'Pre-whitening needs at least two channels; this series has one.';
    return series.readNoise === undefined ? 'The file holds no noise scan to whiten by.' : null;
  },
  suggested: () => true,
  async run(series) {
    const noise = await series.readNoise?.();
    if (noise === undefined) throw new LacunaError('internal', 'prewhiten was run although it refuses');
    const { matrix, sigma, correlation } = findPrewhitening(noise);
    const value = `${noise.shape[1]} noise samples, σ ${sigma.toPrecision(3)}, correlation up to ${correlation.toFixed(2)}`;
    return combineChannels(series, series.coils, () => Promise.resolve(matrix), { label: 'Noise pre-whitening', value });
  },
});
