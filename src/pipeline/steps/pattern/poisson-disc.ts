import { z } from 'zod';
import { describePattern } from '../../../sampling/describe.ts';
import { acceleration, centreFraction, frameSeed, seed, vary } from '../../../sampling/params.ts';
import { poissonDiscPoints } from '../../../sampling/poisson-disc.ts';
import { definePattern } from '../../step.ts';

const calibrationSize = (direction: string, plural: string) =>
  z
    .int()
    .min(0)
    .max(512)
    .default(0)
    .describe(`Fully sampled centre in the ${direction} direction, in samples; 0 takes the centre fraction.`)
    .meta({ title: `Calibration ${plural}`, step: 1, advanced: true });

export default definePattern({
  name: 'poisson-disc',
  title: 'Poisson-disc points',
  group: 'Points',
  help: 'Single k-space points (two phase-encoding directions): a fully sampled centre block, and points never close together, sparser towards the edge.',
  reference: 'Bridson, SIGGRAPH 2007; Lustig et al., Magn. Reson. Med. 58, 2007',
  params: z.object({
    acceleration,
    centreFraction,
    calibrationRows: calibrationSize('row', 'rows'),
    calibrationColumns: calibrationSize('column', 'columns'),
    elliptical: z
      .boolean()
      .default(false)
      .describe('Leaves the corners of k-space out; the points inside lie closer together for it.')
      .meta({ title: 'Elliptical', advanced: true }),
    seed,
    vary,
  }),
  create(context, params) {
    const { rows, columns, acquired, acquiredPoints, frame } = context;
    const isAcquired = (point: number): boolean => acquired?.[point % columns] !== 0 && acquiredPoints?.[point] !== 0;
    const mask = poissonDiscPoints(rows, columns, { ...params, seed: frameSeed(params, frame) }, isAcquired);
    return describePattern({ kind: 'points', rows, columns, mask, nominal: params.acceleration }, context);
  },
});
