import { z } from 'zod';
import { describePattern } from '../../../sampling/describe.ts';
import { randomLines } from '../../../sampling/fastmri.ts';
import { acceleration, centreFraction, frameSeed, seed, vary } from '../../../sampling/params.ts';
import { definePattern } from '../../step.ts';

export default definePattern({
  name: 'random',
  title: 'Random lines',
  group: 'Lines',
  help: 'fastMRI’s random mask, bit for bit: the centre, and every other line with equal probability, so the achieved acceleration varies with the seed.',
  reference: 'Zbontar et al., fastMRI, arXiv:1811.08839; RandomMaskFunc',
  accepts: 'any',
  params: z.object({ acceleration, centreFraction, seed, vary }),
  create(context, params) {
    const { rows, columns } = context;
    const mask = randomLines(columns, { ...params, seed: frameSeed(params, context.frame) });
    return describePattern({ kind: 'lines', rows, columns, mask, nominal: params.acceleration }, context);
  },
});
