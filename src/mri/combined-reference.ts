/**
 * What a fully sampled slice looks like to methods with coil maps: |Σ conj(S_c)·x_c| with ESPIRiT maps S of the same data, uncropped
 * (Roemer et al., Magn Reson Med 1990;16:192; Uecker et al., Magn Reson Med 2014;71:990). Unlike the root-sum-of-squares, whose air
 * holds the noise of all coils, it has the noise of one; and no pattern or method enters it.
 */
import { type NdArray, subArray, zeros } from '../array/nd-array.ts';
import { ifft2c } from '../transform/fft.ts';
import { type EspiritOptions, espirit, LARGEST_MATRIX } from './espirit.ts';

/** Samples a side of the calibration block; all of a smaller k-space. */
export const REFERENCE_CALIBRATION = 32;
const OPTIONS: EspiritOptions = { kernel: 6, calibration: REFERENCE_CALIBRATION, threshold: 0.02, crop: 0, sets: 1 };

/** From fully sampled k-space [coil, row, column]: [row, column]. Throws usage.unsupported for more than 1024 coils, and job.memory. */
export function combinedReference(kspace: NdArray<'complex64'>): NdArray<'float32'> {
  const [coils, rows, columns] = kspace.shape as [number, number, number];
  const kernel = Math.min(OPTIONS.kernel, Math.floor(Math.sqrt(LARGEST_MATRIX / coils)));
  const { maps } = espirit(kspace, { rows: [0, rows], columns: [0, columns] }, { ...OPTIONS, kernel });
  return magnitudeOfCombined(ifft2c(kspace), subArray(maps, 0));
}

/** |Σ conj(S_c)·x_c| of coil images and maps, both [coil, row, column]. */
function magnitudeOfCombined({ data: x, shape }: NdArray<'complex64'>, { data: s }: NdArray<'complex64'>): NdArray<'float32'> {
  const [coils, rows, columns] = shape as [number, number, number];
  const pixels = rows * columns;
  const out = zeros('float32', [rows, columns]);
  for (let i = 0; i < pixels; i++) {
    let re = 0;
    let im = 0;
    for (let at = 2 * i; at < 2 * coils * pixels; at += 2 * pixels) {
      const [a, b, c, d] = [s[at] as number, s[at + 1] as number, x[at] as number, x[at + 1] as number];
      re += a * c + b * d;
      im += a * d - b * c;
    }
    out.data[i] = Math.hypot(re, im);
  }
  return out;
}
