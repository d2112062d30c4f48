/**
 * The choice of coil maps, the same for every method that has them: spread `...mapParams` into the step's z.object and hand the
 * parsed parameters to `calibratedMaps` (src/mri/cached-maps.ts) as they are.
 */
import { z } from 'zod';

/** For methods that take one set of maps. */
export const mapParams = {
  maps: z
    .enum(['low-resolution', 'espirit'])
    .default('low-resolution')
    .describe('Coil maps: smoothed images of the k-space centre, or ESPIRiT, which finds them from how neighbours in k-space depend on each other.')
    .meta({ title: 'Coil maps' }),
  mapKernel: z
    .int()
    .min(2)
    .max(10)
    .default(6)
    .describe('ESPIRiT: side of the k-space kernel; larger ones follow maps that vary faster, and need more calibration samples.')
    .meta({ title: 'Map kernel', step: 1, advanced: true }),
  mapCalibration: z
    .int()
    .min(8)
    .max(64)
    .default(24)
    .describe('ESPIRiT: calibration samples a side at most.')
    .meta({ title: 'Map calibration', unit: 'samples', step: 1, advanced: true }),
  mapThreshold: z
    .number()
    .min(0.0001)
    .max(0.5)
    .default(0.02)
    .describe('ESPIRiT: singular values of the calibration matrix below this share of the largest count as noise.')
    .meta({ title: 'Map threshold', scale: 'log', advanced: true }),
  mapCrop: z
    .number()
    .min(0)
    .max(0.999)
    .default(0)
    .describe('ESPIRiT: maps are zero where the eigenvalue is below this; 0 keeps them everywhere, so that no tissue is cut away.')
    .meta({ title: 'Map crop', step: 0.01, advanced: true }),
} as const;

/** For methods that can sum over two sets (soft-SENSE). */
export const mapSetParams = {
  ...mapParams,
  mapSets: z
    .int()
    .min(1)
    .max(2)
    .default(1)
    .describe('ESPIRiT: sets of maps; two serve where the object is larger than the field of view and folds onto itself.')
    .meta({ title: 'Map sets', step: 1, advanced: true }),
} as const;
