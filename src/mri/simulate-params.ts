/** Parameters that simulated acquisitions share. */
import { z } from 'zod';

export const coils = z.int().min(1).max(16).default(8).describe('Receive coils around the head.').meta({ title: 'Coils', step: 1 });

/** With the default that suits the sample; `.default()` on a described schema would lose its description. */
export const snrOf = (usual: number) =>
  z
    .number()
    .min(0)
    .max(10000)
    .default(usual)
    .describe('Signal over the noise’s standard deviation per real or imaginary part, in the optimally combined image; 0 = no noise.')
    .meta({ title: 'SNR', step: 1, scale: 'log' });
export const snr = snrOf(60);

export const phase = z
  .boolean()
  .default(true)
  .describe('Gives magnitude images a smooth phase, as real scans have.')
  .meta({ title: 'Smooth phase', advanced: true });

export const seed = z
  .int()
  .min(0)
  .max(4294967295)
  .default(1)
  .describe('Decides noise, phase and coils, to the bit.')
  .meta({ title: 'Seed', step: 1 });

export const contrast = z
  .enum(['t1', 't2', 'flair'])
  .default('t1')
  .describe('Look of the tissues: T1-, T2-weighted, or FLAIR.')
  .meta({ title: 'Contrast' });
