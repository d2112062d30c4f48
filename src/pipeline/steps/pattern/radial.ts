import { z } from 'zod';
import { acceleration } from '../../../sampling/params.ts';
import { radialTrajectory } from '../../../sampling/radial.ts';
import { checkSamples, readoutsFor, requireFullySampled, trajectoryPattern } from '../../../sampling/trajectory-pattern.ts';
import { definePattern } from '../../step.ts';

const OVERSAMPLING = 2;

export default definePattern({
  name: 'radial',
  title: 'Radial',
  group: 'Trajectories',
  help: 'Measures the scan anew along spokes through the k-space centre; acceleration counts spokes against the lines of the full scan.',
  reference: 'Winkelmann et al., IEEE TMI 2007;26:68 (golden angle); Wundrak et al., IEEE TMI 2015;34:1262 (tiny golden angles)',
  makes: 'trajectory',
  params: z.object({
    acceleration,
    spokes: z
      .int()
      .min(0)
      .max(2048)
      .default(0)
      .describe('Number of spokes; 0 takes the lines of the full scan divided by the acceleration.')
      .meta({ title: 'Spokes', step: 1 }),
    ordering: z
      .enum(['uniform', 'golden', 'tiny-golden'])
      .default('golden')
      .describe('Uniform spreads spokes evenly over half a turn; golden turns each by 111.246°, tiny golden by less.')
      .meta({ title: 'Ordering' }),
    tinyNumber: z
      .int()
      .min(1)
      .max(50)
      .default(7)
      .describe('Which tiny golden angle, 180°/(1.618 + N − 1): 1 is the golden angle itself, 7 is 23.63°.')
      .meta({ title: 'Tiny golden N', step: 1, advanced: true }),
    offset: z
      .number()
      .min(0)
      .max(360)
      .default(0)
      .describe('Angle of the first spoke against the column direction.')
      .meta({ title: 'Angle offset', unit: '°', step: 1, advanced: true }),
  }),
  create(context, { acceleration: nominal, spokes, ...params }) {
    requireFullySampled(context);
    const matrix = context.output ?? { rows: context.rows, columns: context.columns };
    const count = spokes > 0 ? spokes : readoutsFor(context.columns, nominal);
    checkSamples(OVERSAMPLING * Math.max(matrix.rows, matrix.columns), count);
    const trajectory = radialTrajectory(matrix, { ...params, spokes: count, oversampling: OVERSAMPLING, frame: context.frame ?? 0 });
    return trajectoryPattern(trajectory, Math.floor((trajectory.points.shape[0] as number) / 2), context.columns, spokes > 0 ? undefined : nominal);
  },
});
