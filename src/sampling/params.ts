/** Parameters that the generated patterns share. */
import { z } from 'zod';

export const acceleration = z
  .number()
  .min(1)
  .max(16)
  .default(4)
  .describe('Samples in full divided by samples kept, as asked for; what was achieved is shown beside it.')
  .meta({ title: 'Acceleration', unit: '×', step: 0.1 });

export const centreFraction = z
  .number()
  .min(0)
  .max(0.5)
  .default(0.08)
  .describe('Share of k-space kept whole around its centre; fastMRI pairs 0.08 with 4× and 0.04 with 8×.')
  .meta({ title: 'Centre fraction', step: 0.01 });

export const seed = z
  .int()
  .min(0)
  .max(4294967295)
  .default(1)
  .describe('The same seed draws the same pattern, on every machine.')
  .meta({ title: 'Seed', step: 1 });
