import { z } from 'zod';
import { describePattern } from '../../../sampling/describe.ts';
import { equispacedLines } from '../../../sampling/fastmri.ts';
import { acceleration, centreFraction, frameSeed, seed, vary } from '../../../sampling/params.ts';
import { definePattern } from '../../step.ts';

export default definePattern({
  name: 'equispaced',
  title: 'Equispaced lines',
  group: 'Lines',
  help: 'fastMRI’s equispaced mask, bit for bit: the centre, and lines at a spacing widened so that about N/R are kept in all; the seed moves the offset.',
  reference: 'Zbontar et al., fastMRI, arXiv:1811.08839; EquispacedMaskFractionFunc',
  accepts: 'any',
  params: z.object({ acceleration, centreFraction, seed, vary }),
  create(context, params) {
    const { rows, columns } = context;
    const mask = equispacedLines(columns, { ...params, seed: frameSeed(params, context.frame) });
    return describePattern({ kind: 'lines', rows, columns, mask, nominal: params.acceleration }, context);
  },
});
