import { z } from 'zod';
import { acceleration } from '../../../sampling/params.ts';
import { spiralTrajectory } from '../../../sampling/spiral.ts';
import { checkSamples, readoutsFor, requireFullySampled, trajectoryPattern } from '../../../sampling/trajectory-pattern.ts';
import { definePattern } from '../../step.ts';

export default definePattern({
  name: 'spiral',
  title: 'Spiral',
  group: 'Trajectories',
  help: 'Measures the scan anew along spiral arms from the k-space centre; acceleration counts arms against the lines of the full scan.',
  reference: 'Ahn et al., IEEE TMI 1986;5:2; variable density: Tsai and Nishimura, Magn Reson Med 2000;43:452',
  makes: 'trajectory',
  params: z.object({
    acceleration,
    turns: z
      .number()
      .min(0.25)
      .max(32)
      .default(2)
      .describe('Windings of an arm: more make fewer arms enough, and longer readouts.')
      .meta({ title: 'Windings', step: 0.25 }),
    density: z
      .number()
      .min(1)
      .max(4)
      .default(1.5)
      .describe('Exponent of the radius over the angle: 1 is the same density everywhere, more is denser in the centre.')
      .meta({ title: 'Density exponent', step: 0.1 }),
    ordering: z
      .enum(['uniform', 'golden'])
      .default('uniform')
      .describe('Uniform spreads arms evenly over a turn; golden turns each by 137.51°.')
      .meta({ title: 'Ordering' }),
    offset: z
      .number()
      .min(0)
      .max(360)
      .default(0)
      .describe('Angle of the first arm against the column direction.')
      .meta({ title: 'Angle offset', unit: '°', step: 1, advanced: true }),
  }),
  create(context, { acceleration: nominal, ...params }) {
    requireFullySampled(context);
    const matrix = context.output ?? { rows: context.rows, columns: context.columns };
    const interleaves = readoutsFor(context.columns, nominal);
    // Arc of an arm: about π·turns·size/2 around and size/2 outwards, two samples a cycle.
    checkSamples(Math.ceil((Math.PI * params.turns + 1) * Math.max(matrix.rows, matrix.columns)), interleaves);
    const trajectory = spiralTrajectory(matrix, { ...params, interleaves, frame: context.frame ?? 0 });
    return trajectoryPattern(trajectory, 0, context.columns, nominal);
  },
});
