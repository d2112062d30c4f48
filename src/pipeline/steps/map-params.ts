/**
 * The choice of coil maps, the same for every method that has them: spread `...mapParams` into the step's z.object and hand the
 * parsed parameters to `calibratedMaps` (src/mri/cached-maps.ts) as they are.
 */
import { z } from 'zod';

/** For methods that take one set of maps. */
export const mapParams = {
  maps: z
    .enum(['low-resolution'])
    .default('low-resolution')
    .describe('Coil maps: smoothed images of the k-space centre.')
    .meta({ title: 'Coil maps' }),
} as const;
