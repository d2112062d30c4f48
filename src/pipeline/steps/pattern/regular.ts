import { z } from 'zod';
import { describePattern } from '../../../sampling/describe.ts';
import { calibrationLines, vary } from '../../../sampling/params.ts';
import { regularLines } from '../../../sampling/regular.ts';
import { definePattern } from '../../step.ts';

export default definePattern({
  name: 'regular',
  title: 'Regular lines',
  group: 'Lines',
  help: 'Every R-th line and a fully sampled centre for calibration, as scanners acquire for GRAPPA and SENSE.',
  reference: 'Griswold et al., GRAPPA, Magn Reson Med 2002;47:1202; Kellman et al., TSENSE, Magn Reson Med 2001;45:846 (moving lines)',
  accepts: 'any',
  params: z.object({
    acceleration: z
      .int()
      .min(1)
      .max(16)
      .default(3)
      .describe('Spacing of the kept lines; the calibration lines add to them, so less is achieved.')
      .meta({ title: 'Acceleration', unit: '×', step: 1 }),
    calibration: calibrationLines,
    offset: z.int().min(0).max(15).default(0).describe('The first kept line, counted from 0 and modulo the acceleration.').meta({ title: 'First line', step: 1, advanced: true }),
    vary,
  }),
  create(context, { acceleration, calibration, offset, vary: moves }) {
    const { rows, columns, frame = 0 } = context;
    const mask = regularLines(columns, { spacing: acceleration, calibration: Math.min(calibration, columns), offset: offset + (moves ? frame : 0) });
    return describePattern({ kind: 'lines', rows, columns, mask, nominal: acceleration }, context);
  },
});
