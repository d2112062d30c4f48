import { z } from 'zod';
import { describePattern } from '../../../sampling/describe.ts';
import { calibrationLines } from '../../../sampling/params.ts';
import { partialFourierLines } from '../../../sampling/partial-fourier.ts';
import { definePattern } from '../../step.ts';

export default definePattern({
  name: 'partial-fourier',
  title: 'Partial Fourier',
  group: 'Lines',
  help: 'A little more than half of k-space, from one end; homodyne and POCS fill in the rest.',
  reference: 'Noll, Nishimura and Macovski, IEEE TMI 1991;10:154; McGibney et al., Magn Reson Med 1993;30:51',
  params: z.object({
    fraction: z
      .number()
      .min(0.5)
      .max(1)
      .default(0.625)
      .describe('Share of k-space that is kept; scanners offer 5/8, 6/8 and 7/8.')
      .meta({ title: 'Fraction', step: 0.0625 }),
    direction: z
      .enum(['line', 'readout'])
      .default('line')
      .describe('Which direction is cut short: fewer lines, or a partial echo.')
      .meta({ title: 'Direction' }),
    omit: z.enum(['start', 'end']).default('start').describe('Which end of k-space is left out.').meta({ title: 'Left out' }),
    spacing: z
      .int()
      .min(1)
      .max(8)
      .default(1)
      .describe('Of the kept lines every n-th; more than 1 adds parallel imaging, which homodyne and POCS do not take.')
      .meta({ title: 'Every n-th line', step: 1, advanced: true }),
    calibration: calibrationLines.meta({ title: 'Calibration lines', step: 1, advanced: true }),
  }),
  create(context, { direction, ...params }) {
    const { rows, columns } = context;
    const length = direction === 'line' ? columns : rows;
    const calibration = Math.min(params.calibration, length);
    const kept = partialFourierLines(length, { ...params, calibration });
    if (direction === 'line') return describePattern({ kind: 'lines', rows, columns, mask: kept }, context);
    const mask = Uint8Array.from({ length: rows * columns }, (_, i) => kept[Math.floor(i / columns)] as number);
    return describePattern({ kind: 'points', rows, columns, mask }, context);
  },
});
