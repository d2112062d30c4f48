import { z } from 'zod';
import { magnitude, type NdArray, zeros } from '../../../array/nd-array.ts';
import { checkFineSize, type FineFactor, zeroPadded } from '../../../mri/super-resolution.ts';
import { superResolve } from '../../restoration/super-resolve.ts';
import { defineView } from '../../step.ts';

export default defineView({
  name: 'super-resolution',
  title: 'Learned super-resolution',
  help: 'The chosen method’s image on a grid two or three times as fine: a network adds detail outside of the measured band, which is kept as it is. Not for measurement.',
  reference: 'Shi et al., Real-time single image and video super-resolution using an efficient sub-pixel convolutional neural network, CVPR 2016',
  accepts: 'any',
  of: 'estimate',
  params: z.object({
    factor: z.enum(['2', '3']).default('2').describe('How many times as fine, in each direction.').meta({ title: 'Factor' }),
  }),
  async *run(input, params, context) {
    const factor = Number(params.factor) as FineFactor;
    checkFineSize([input.series.output.rows, input.series.output.columns], factor);
    yield { iteration: 0, iterations: 2 };
    const { image } = await input.estimate();
    yield { iteration: 1, iterations: 2 };
    const { image: fine, provider, notes } = await superResolve(image, factor, context);
    const learned = magnitude(fine);
    const plain = magnitude(zeroPadded(image, factor));
    return {
      images: pair(learned, plain),
      labels: [`Learned super-resolution ×${factor}`, `Sinc interpolation ×${factor}: nothing learned`],
      space: 'image',
      colormap: 'grey',
      unit: '',
      numbers: [
        { label: 'Factor', value: factor, unit: '' },
        { label: 'Energy outside of the measured band', value: 100 * energyBeyond(learned, plain), unit: '%' },
      ],
      notes: [`Of ${input.method.title}, by ${provider}.`, ...notes],
    };
  },
});

function pair(a: NdArray<'float32'>, b: NdArray<'float32'>): NdArray<'float32'> {
  const out = zeros('float32', [2, ...a.shape]);
  out.data.set(a.data);
  out.data.set(b.data, a.data.length);
  return out;
}

/** ‖learned − plain‖² / ‖learned‖²: how much of the picture the network made. */
function energyBeyond(learned: NdArray<'float32'>, plain: NdArray<'float32'>): number {
  let difference = 0;
  let energy = 0;
  for (let i = 0; i < learned.data.length; i++) {
    const value = learned.data[i] as number;
    difference += (value - (plain.data[i] as number)) ** 2;
    energy += value ** 2;
  }
  return energy === 0 ? 0 : difference / energy;
}
