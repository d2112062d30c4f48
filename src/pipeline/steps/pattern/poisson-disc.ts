import { z } from 'zod';
import { describePattern } from '../../../sampling/describe.ts';
import { acceleration, centreFraction, seed } from '../../../sampling/params.ts';
import { poissonDiscPoints } from '../../../sampling/poisson-disc.ts';
import { definePattern } from '../../step.ts';

export default definePattern({
  name: 'poisson-disc',
  title: 'Poisson-disc points',
  help: 'Single k-space points (two phase-encoding directions): a fully sampled centre block, and points never close together, sparser towards the edge.',
  reference: 'Bridson, SIGGRAPH 2007; Lustig et al., Magn. Reson. Med. 58, 2007',
  params: z.object({ acceleration, centreFraction, seed }),
  create(context, params) {
    const { rows, columns, acquired, acquiredPoints } = context;
    const isAcquired = (point: number): boolean => acquired?.[point % columns] !== 0 && acquiredPoints?.[point] !== 0;
    const mask = poissonDiscPoints(rows, columns, params, isAcquired);
    return describePattern({ kind: 'points', rows, columns, mask, nominal: params.acceleration }, context);
  },
});
