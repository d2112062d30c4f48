/**
 * The fastMRI figures of merit with their contract (facebookresearch/fastMRI `fastmri/evaluate.py`): of whole volumes
 * of magnitudes, in float64, the data range being the maximum of the reference volume; nothing is ever rescaled.
 */
import { centreCrop, isComplexDType, type NdArray } from '../array/nd-array.ts';
import { LacunaError } from '../errors.ts';
import { type Reals, SSIM_WINDOW, ssimSlice } from './ssim.ts';

export interface FastmriOptions {
  /** Centre crop to at most this many rows and columns before anything is computed; 0 or absent = none. */
  readonly crop?: number;
  /** Replaces the maximum of the (cropped) reference volume: the volume's range while one slice is scored. */
  readonly dataRange?: number;
}

export interface FastmriScores {
  /** dB; Infinity for equal volumes. */
  readonly psnr: number;
  readonly ssim: number;
  readonly nmse: number;
  readonly dataRange: number;
  /** [slices, rows, columns] that were scored. */
  readonly shape: readonly [number, number, number];
  /** What was computed, in one sentence. */
  readonly contract: string;
}

/**
 * NMSE = ‖r − e‖²/‖r‖², PSNR = 10 log10(L²/MSE), SSIM averaged over slices. Inputs are real, [slice, row, column] or
 * [row, column]. Throws input.mismatch (shapes), input.unsupported (complex, too small), input.malformed (NaN, no
 * range).
 */
export function fastmriScores(reference: NdArray, estimate: NdArray, options: FastmriOptions = {}): FastmriScores {
  if (reference.shape.join() !== estimate.shape.join()) {
    throw new LacunaError(
      'input.mismatch',
      `Shapes differ: the reference is [${reference.shape.join(', ')}], the estimate [${estimate.shape.join(', ')}].`,
      { field: 'shape' },
    );
  }
  const crop = options.crop ?? 0;
  const ref = asVolume(reference, 'reference', crop);
  const est = asVolume(estimate, 'estimate', crop);
  const { maximum, energy, squaredError } = totals(ref.values, est.values);
  const dataRange = options.dataRange ?? maximum;
  if (!(dataRange > 0) || !Number.isFinite(dataRange) || energy === 0) {
    throw new LacunaError('input.malformed', 'The maximum of the reference is not positive, so there is no data range.', {
      field: 'reference',
    });
  }
  const mse = squaredError / ref.values.length;
  return {
    psnr: mse === 0 ? Infinity : 10 * Math.log10((dataRange * dataRange) / mse),
    ssim: meanSsim(ref, est, dataRange),
    nmse: squaredError / energy,
    dataRange,
    shape: ref.shape,
    contract: contractSentence(ref.shape, dataRange, options.dataRange !== undefined, crop > 0),
  };
}

interface Volume {
  readonly shape: readonly [number, number, number];
  readonly values: Reals;
}

function asVolume(array: NdArray, name: string, crop: number): Volume {
  if (isComplexDType(array.dtype)) {
    throw new LacunaError('input.unsupported', `The ${name} is complex; take its magnitude first.`, { field: name });
  }
  const shape = array.shape.length === 2 ? [1, ...array.shape] : array.shape;
  const [slices, rows, columns] = shape;
  if (shape.length !== 3 || slices === undefined || rows === undefined || columns === undefined || slices < 1) {
    throw new LacunaError(
      'input.unsupported',
      `The ${name} has shape [${array.shape.join(', ')}]; expected [slice, row, column] or [row, column].`,
      { field: name },
    );
  }
  const height = crop > 0 ? Math.min(crop, rows) : rows;
  const width = crop > 0 ? Math.min(crop, columns) : columns;
  if (height < SSIM_WINDOW || width < SSIM_WINDOW) {
    throw new LacunaError(
      'input.unsupported',
      `The ${name} is ${height}×${width} after cropping; SSIM needs at least ${SSIM_WINDOW}×${SSIM_WINDOW}.`,
      { field: name },
    );
  }
  const cropped = centreCrop({ ...array, shape }, height, width);
  const values = reals(cropped.data);
  const bad = firstNotFinite(values);
  if (bad !== undefined) {
    const place = `slice ${Math.floor(bad / (height * width))}, row ${Math.floor(bad / width) % height}, column ${bad % width}`;
    throw new LacunaError('input.malformed', `The ${name} contains NaN or infinity (first at ${place}).`, { field: name });
  }
  return { shape: [slices, height, width], values };
}

/** Floating-point values as they are. The copying constructor is far quicker than `from` with a function, but takes no 64-bit integers. */
function reals(data: NdArray['data']): Reals {
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float64Array.from(data, Number);
  return new Float64Array(data);
}

function firstNotFinite(values: Reals): number | undefined {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i] as number)) return i;
  return undefined;
}

function totals(ref: Reals, est: Reals) {
  let maximum = -Infinity;
  let energy = 0;
  let squaredError = 0;
  for (let i = 0; i < ref.length; i++) {
    const r = ref[i] as number;
    const difference = r - (est[i] as number);
    if (r > maximum) maximum = r;
    energy += r * r;
    squaredError += difference * difference;
  }
  return { maximum, energy, squaredError };
}

function meanSsim(ref: Volume, est: Volume, dataRange: number): number {
  const [slices, rows, columns] = ref.shape;
  const n = rows * columns;
  let sum = 0;
  for (let s = 0; s < slices; s++) {
    sum += ssimSlice(ref.values.subarray(s * n, (s + 1) * n), est.values.subarray(s * n, (s + 1) * n), rows, columns, dataRange);
  }
  return sum / slices;
}

function contractSentence(shape: readonly number[], dataRange: number, given: boolean, cropped: boolean): string {
  const [slices, rows, columns] = shape;
  const origin = given ? 'given: that of the whole volume' : `maximum of the reference ${slices === 1 ? 'slice' : 'volume'}`;
  const range = `data range ${dataRange.toPrecision(4)} (${origin})`;
  const area = cropped ? `centre crop to ${rows}×${columns}` : `no crop (${rows}×${columns})`;
  const averaging = slices === 1 ? 'one slice' : `PSNR and NMSE over the volume, SSIM averaged over ${slices} slices`;
  return `fastMRI definition: magnitudes, ${range}, ${area}, 7×7 uniform SSIM window with K1 = 0.01 and K2 = 0.03, ${averaging}.`;
}
