import { z } from 'zod';
import { describePattern } from '../../../sampling/describe.ts';
import { learnedPoints } from '../../../sampling/learned-points.ts';
import { acceleration } from '../../../sampling/params.ts';
import { designNamed, learnedPatterns } from '../../learned-patterns.ts';
import { definePattern } from '../../step.ts';

export default definePattern({
  name: 'learned-points',
  title: 'Learned points (DPS)',
  group: 'Learned',
  help: 'Single k-space points whose density was learned together with a reconstruction network at 8×: an exact number, never close together, the same every time.',
  reference: 'Huijben, Veeling and van Sloun, Deep probabilistic subsampling, ICLR 2020',
  maskInReceipts: true,
  params: z.object({
    acceleration,
    design: z.enum(['r8']).default('r8').describe('The acceleration that the density was learned for; others use it too, with their own number of points.').meta({ title: 'Design', advanced: true }),
  }),
  async create(context, { acceleration: rate, design }) {
    const { rows, columns, acquired, acquiredPoints } = context;
    const { points } = await learnedPatterns(context);
    const isAcquired = (point: number): boolean => acquired?.[point % columns] !== 0 && acquiredPoints?.[point] !== 0;
    const mask = learnedPoints(rows, columns, rate, designNamed(points, design), isAcquired);
    return describePattern({ kind: 'points', rows, columns, mask, nominal: rate }, context);
  },
});
