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

export const vary = z
  .boolean()
  .default(true)
  .describe('Of a dynamic series: every frame has lines of its own, so that aliasing differs from frame to frame; no effect on a single image.')
  .meta({ title: 'New lines in each frame', advanced: true });

/** The seed of a frame: consecutive frames have consecutive seeds, the first one the seed itself. */
export function frameSeed({ seed: first, vary: varies }: { readonly seed: number; readonly vary: boolean }, frame = 0): number {
  return varies ? (first + frame) % 2 ** 32 : first;
}

export const calibrationLines = z
  .int()
  .min(0)
  .max(512)
  .default(24)
  .describe('Lines of the fully sampled centre, from which coil maps and kernels are calibrated; 0 for none.')
  .meta({ title: 'Calibration lines', step: 1 });
