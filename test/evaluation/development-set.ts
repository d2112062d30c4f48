/** The development test data: never trained on. Real files are read from LACUNA_TEST_DATA and never copied. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Recording, Series } from '../../src/array/recording.ts';
import { openPath } from '../../src/formats/registry.ts';
import type { StepCall } from '../../src/pipeline/document.ts';
import { findSeries } from '../../src/pipeline/open-input.ts';
import { suggestedPreparation } from '../../src/pipeline/prepare.ts';

export const DATA = resolve(process.env['LACUNA_TEST_DATA'] ?? join(import.meta.dirname, '..', '..', '..', 'shared', 'data'));

/** How image files become multi-coil k-space here: 8 coils, smooth phase, SNR 40 (foreground mean of the middle slice), one seed. */
export const ACQUIRE: StepCall = { name: 'multicoil', params: { coils: 8, snr: 40, seed: 11 } };

interface Entry {
  readonly name: string;
  readonly path: string;
  readonly series?: string;
  /** Slice indices, spread over the head. */
  readonly slices: readonly number[];
  readonly simulated: boolean;
}

const ENTRIES: readonly Entry[] = [
  { name: 'T1w, 7 measured coils', path: 'mri/kspace/midas_brain_7ch_coilimages.npz', slices: [0], simulated: false },
  { name: 'T1w 256 (openms p12)', path: 'mri/nii/openms_p12_s1_T1W.nii.gz', slices: [18, 22, 26, 30], simulated: true },
  { name: 'FLAIR 320 (torchio)', path: 'mri/nii/torchio_fpg_flair.nii.gz', slices: [10, 13, 16], simulated: true },
  { name: 'T1w 217×182 (ptbp val)', path: 'mri/nii/ptbp_t1_axial_val.npz', slices: [8, 44, 80], simulated: true },
];

export interface DevelopmentCase {
  readonly name: string;
  readonly recording: Recording;
  readonly series: Series;
  readonly slices: readonly number[];
  readonly acquire: StepCall | undefined;
  readonly prepare?: readonly StepCall[];
}

/** Acquired undersampled, so that there is no reference: what a network makes of them is held against the samples. */
const UNDERSAMPLED = [
  { name: 'brain, 8 coils, Poisson-disc, 12 % of the points', path: 'mri/kspace/sigpy_brain_8ch_cart_poisson.npy' },
  { name: 'bottles, 14 coils, every third line', path: 'mri/kspace/gadgetron_SNR_R3_14ch_ismrmrd.h5' },
] as const;

/** Entries whose files are here. */
export async function developmentSet(): Promise<readonly DevelopmentCase[]> {
  const cases: DevelopmentCase[] = [];
  for (const entry of ENTRIES) {
    const path = join(DATA, entry.path);
    if (!existsSync(path)) continue;
    const recording = await openPath(path);
    const series = findSeries(recording, entry.series);
    const slices = entry.slices.filter((slice) => slice < series.slices);
    cases.push({ name: entry.name, recording, series, slices, acquire: entry.simulated ? ACQUIRE : undefined });
  }
  return cases;
}

/** Recordings that the scanner undersampled, prepared as the studio suggests; of each the first slice. */
export async function undersampledSet(): Promise<readonly DevelopmentCase[]> {
  const cases: DevelopmentCase[] = [];
  for (const { name, path } of UNDERSAMPLED) {
    if (!existsSync(join(DATA, path))) continue;
    const recording = await openPath(join(DATA, path));
    const series = findSeries(recording, undefined);
    cases.push({ name, recording, series, slices: [0], acquire: undefined, prepare: suggestedPreparation(series) });
  }
  return cases;
}
