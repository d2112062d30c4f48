import { z } from 'zod';
import { describePattern } from '../../../sampling/describe.ts';
import { learnedFamily } from '../../../sampling/learned-family.ts';
import { learnedLines } from '../../../sampling/learned-lines.ts';
import { acceleration } from '../../../sampling/params.ts';
import { designNamed, learnedPatterns } from '../../learned-patterns.ts';
import { definePattern } from '../../step.ts';

/** Half a step of the acceleration. */
const SAME_RATE = 0.05;

export default definePattern({
  name: 'learned-lines',
  title: 'Learned lines (DPS)',
  group: 'Learned',
  help: 'Lines whose density was learned together with a reconstruction network: exactly N/R (rounded), spread evenly in it, the same every time.',
  reference: 'Huijben, Veeling and van Sloun, Deep probabilistic subsampling, ICLR 2020',
  accepts: 'any',
  maskInReceipts: true,
  params: z.object({
    acceleration,
    design: z
      .enum(['auto', 'family', 'r4', 'r6', 'r8'])
      .default('auto')
      .describe(
        'The density of one acceleration (4×, 6×, 8×), used at any; or the family, whose lines at a higher acceleration are among those at a lower one; automatic takes the one learned for the acceleration, in between the family.',
      )
      .meta({ title: 'Design' }),
  }),
  async create(context, { acceleration: rate, design }) {
    const { rows, columns, acquired } = context;
    const { family, lines } = await learnedPatterns(context);
    const fitting = design === 'auto' ? lines.find((candidate) => Math.abs(candidate.acceleration - rate) < SAME_RATE) : undefined;
    const chosen = design === 'auto' || design === 'family' ? fitting : designNamed(lines, design);
    const mask = chosen === undefined ? learnedFamily(columns, rate, family, acquired) : learnedLines(columns, rate, chosen, acquired);
    return describePattern({ kind: 'lines', rows, columns, mask, nominal: rate }, context);
  },
});
