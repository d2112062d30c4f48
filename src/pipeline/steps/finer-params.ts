/** The choice of learned super-resolution, the same for every format of images: spread `...finerParams` into the step's z.object; exportResult acts on it. */
import { z } from 'zod';

export const finerParams = {
  upscale: z
    .enum(['1', '2', '3'])
    .default('1')
    .describe('Learned super-resolution: 2 or 3 writes magnitudes on a grid that much finer, with detail made up by a network; the file says so. Not for measurement.')
    .meta({ title: 'Learned super-resolution' }),
} as const;
