import { z } from 'zod';
import type { NdArray } from '../../../array/nd-array.ts';
import { LacunaError } from '../../../errors.ts';
import { makeRegridding, regrid } from '../../../mri/epi-regrid.ts';
import { definePrepare } from '../../step.ts';

export default definePrepare({
  name: 'epi-regrid',
  title: 'EPI ramp regridding',
  help: 'Puts samples that were taken while the readout gradient rose and fell on an even grid, by a least-squares fit along each readout.',
  reference: 'Bruder et al., Image reconstruction for echo planar imaging with nonequidistant k-space sampling, Magn Reson Med 1992;23:311',
  order: 4,
  params: z.object({}),
  refuses(series) {
    if (series.domain !== 'kspace') return 'Regridding of ramps needs measured k-space.';
    return series.readoutRamp === undefined ? 'The file describes no readout gradient with sampled ramps.' : null;
  },
  suggested: () => true,
  async run(series) {
    const { readoutRamp, readNavigators } = series;
    if (readoutRamp === undefined) throw new LacunaError('internal', 'epi-regrid was run although it refuses');
    const backwards = series.backwards ?? new Uint8Array(series.columns);
    const regridding = makeRegridding(readoutRamp, series.rows);
    const { readoutRamp: _, ...rest } = series;
    const { up, flat, down, duration } = readoutRamp;
    return {
      ...rest,
      attributes: [...series.attributes, { label: 'EPI ramp regridding', value: `ramps ${up} and ${down} µs, plateau ${flat} µs, sampled for ${duration} µs` }],
      read: async (slice) => regrid((await series.read(slice)) as NdArray<'complex64'>, backwards, regridding),
      ...(readNavigators === undefined
        ? {}
        : {
            async readNavigators(slice) {
              const navigators = await readNavigators.call(series, slice);
              return { ...navigators, data: regrid(navigators.data, navigators.backwards, regridding) };
            },
          }),
    };
  },
});
