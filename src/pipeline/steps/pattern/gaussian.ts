import { z } from 'zod';
import { describePattern } from '../../../sampling/describe.ts';
import { gaussianLines } from '../../../sampling/gaussian.ts';
import { acceleration, centreFraction, frameSeed, seed, vary } from '../../../sampling/params.ts';
import { definePattern } from '../../step.ts';

export default definePattern({
  name: 'gaussian',
  title: 'Gaussian variable-density lines',
  group: 'Lines',
  help: 'Exactly N/R lines (rounded): the centre, and others drawn without replacement with a Gaussian density around it.',
  reference: 'Lustig, Donoho and Pauly, Magn. Reson. Med. 58, 2007; draw by Efraimidis and Spirakis, 2006',
  accepts: 'any',
  params: z.object({
    acceleration,
    centreFraction,
    width: z
      .number()
      .min(0.05)
      .max(1)
      .default(0.2)
      .describe('Standard deviation of the line density, as a share of all lines.')
      .meta({ title: 'Density width', step: 0.01, advanced: true }),
    seed,
    vary,
  }),
  create(context, params) {
    const { rows, columns } = context;
    const mask = gaussianLines(columns, { ...params, seed: frameSeed(params, context.frame) }, context.acquired);
    return describePattern({ kind: 'lines', rows, columns, mask, nominal: params.acceleration }, context);
  },
});
