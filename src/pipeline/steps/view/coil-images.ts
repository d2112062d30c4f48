import { z } from 'zod';
import { centreCrop, magnitude, type NdArray } from '../../../array/nd-array.ts';
import type { MriMeasurement } from '../../../mri/measurement.ts';
import { densityOf, gridded } from '../../../mri/noncartesian-gridding.ts';
import { ifft2c } from '../../../transform/fft.ts';
import { measure } from '../../measure.ts';
import { coilLabels, PHASE_RANGE, phaseOf } from '../../show-complex.ts';
import { defineView } from '../../step.ts';
import { describePattern } from '../../../sampling/describe.ts';

export default defineView({
  name: 'coil-images',
  title: 'Coil images',
  help: 'The image that each receive coil sees, zero-filled (along a trajectory: gridded), without any combination.',
  reference: 'Roemer et al., The NMR phased array, Magn Reson Med 1990;16:192',
  accepts: 'any',
  of: 'measurement',
  params: z.object({
    show: z.enum(['magnitude', 'phase']).default('magnitude').describe('Magnitude or phase of each coil.').meta({ title: 'Show' }),
    source: z.enum(['sampled', 'recorded']).default('sampled').describe('From what the pattern keeps, or from all that was recorded.').meta({ title: 'Samples' }),
  }),
  async *run(input, { show, source }, { cache }) {
    yield { iteration: 0, iterations: 1 };
    const { series } = input;
    const images = coilImages(source === 'sampled' ? await input.measurement() : wholeMeasurement(await input.kspace(), series), cache);
    const cropped = centreCrop(images, series.output.rows, series.output.columns);
    const phase = show === 'phase';
    return {
      images: phase ? phaseOf(cropped) : magnitude(cropped),
      labels: coilLabels(cropped.shape[0] as number),
      space: 'image',
      colormap: phase ? 'phase' : 'grey',
      unit: phase ? 'rad' : '',
      ...(phase ? { range: PHASE_RANGE } : {}),
      numbers: [],
      notes: [],
    };
  },
});

/** Everything that was recorded, as a measurement. */
function wholeMeasurement(kspace: NdArray<'complex64'>, series: Parameters<typeof measure>[2]): MriMeasurement {
  const [, rows, columns] = kspace.shape as [number, number, number];
  return measure(kspace, describePattern({ kind: 'lines', rows, columns, mask: new Uint8Array(columns).fill(1) }), series);
}

function coilImages({ kspace, trajectory }: MriMeasurement, cache: Map<string, unknown>): NdArray<'complex64'> {
  return trajectory === undefined ? ifft2c(kspace) : gridded(kspace, trajectory, densityOf(trajectory, cache));
}
