/**
 * How far a reconstruction is likely to be from the truth, from an ensemble: the method runs on copies of the measurement that each
 * miss some of its samples, and on mirror images of it, and what it makes of them is compared with the image from all samples. Three
 * variances come of it. The *spread*, Σ |xᵢ − x|², tells how much the image hangs on single samples. Its part at the samples that copy
 * i missed, Σ |Pᵢ(xᵢ − x)|², tells how well the method makes up samples that are known: nearly an error that was observed, since x
 * agrees with them. Both are scaled by the samples that are missing in truth over those that were left out. That of the magnitudes
 * in the mirrors tells what the network adds of its own.
 */
import { throwIfCancelled, type CancelSignal } from '../algorithms/status.ts';
import { centreCrop, magnitude, type NdArray, zeros } from '../array/nd-array.ts';
import { fft1c, fft2c, ifft1c, ifft2c } from '../transform/fft.ts';
import { dealSamples, keep, type LeaveOut, withoutSamples } from './ensemble-members.ts';
import { MIRRORS, mirrorBack, mirrorMeasurement } from './ensemble-mirrors.ts';
import type { EnsembleWeights } from './ensemble-weights.ts';
import type { MriEstimate, MriMeasurement } from './measurement.ts';
import { neighbourhoodMean } from './neighbourhood.ts';

/** Standard deviation of the Gaussian neighbourhood, pixels; its full width at half maximum is 7 pixels, the window of SSIM. */
export const NEIGHBOURHOOD = 3;
/** Above this share of the image's level a neighbourhood counts as object. */
const OBJECT = 0.1;
const OBJECT_NEIGHBOURHOOD = 2;
const LEVEL_QUANTILE = 0.99;
const COLUMN_AXIS = 2;
/** Smallest component, as a share of the level: below single precision of a network there is nothing to tell apart. */
const SMALLEST = 1e-5;

export interface Ensemble {
  /** From all samples, [row, column]. */
  readonly image: NdArray<'float32'>;
  /** 99th percentile of the image, which all below is relative to. */
  readonly level: number;
  /** Root-mean-square over the neighbourhood, as shares of `level`, [row, column]. */
  readonly spread: NdArray<'float32'>;
  readonly made: NdArray<'float32'>;
  readonly mirrored: NdArray<'float32'>;
  readonly dealt: LeaveOut;
}

export interface EnsembleOptions {
  readonly copies: number;
  readonly seed: number;
  readonly signal: CancelSignal;
}

/** One status an image: the one from all samples, those of the mirrors, and `copies`. Throws what dealSamples and the method throw, and job.cancelled. */
export async function* leaveOutEnsemble(
  measurement: MriMeasurement,
  estimate: (measurement: MriMeasurement) => Promise<MriEstimate>,
  { copies, seed, signal }: EnsembleOptions,
): AsyncGenerator<{ readonly iteration: number; readonly iterations: number }, Ensemble> {
  const { pattern } = measurement;
  const dealt = dealSamples(pattern, copies, seed);
  const iterations = 1 + MIRRORS.length + dealt.copies;
  yield { iteration: 0, iterations };
  const all = asComplex((await estimate(measurement)).image);
  yield { iteration: 1, iterations };
  const image = magnitude(all);
  const seen = [image];
  for (const mirror of MIRRORS) {
    throwIfCancelled(signal);
    const { image: turned } = await estimate(mirrorMeasurement(measurement, mirror));
    seen.push(mirrorBack(magnitude(turned), mirror, pattern, image));
    yield { iteration: seen.length, iterations };
  }
  const spread = zeros('float32', all.shape);
  const made = zeros('float32', all.shape);
  for (let copy = 1; copy <= dealt.copies; copy++) {
    throwIfCancelled(signal);
    const { image: without } = await estimate(withoutSamples(measurement, dealt, copy));
    const difference = subtract(asComplex(without), all);
    addPower(spread, difference);
    addPower(made, atSamples(difference, pattern, Uint8Array.from(dealt.missing, (number) => (number === copy ? 1 : 0))));
    yield { iteration: 1 + MIRRORS.length + copy, iterations };
  }
  const level = levelOf(image);
  // Half of the power of a complex error shows in the magnitude.
  const scale = level > 0 ? dealt.ratio / (2 * level * level) : 0;
  return { image, level, spread: rootMean(spread, scale), made: rootMean(made, scale), mirrored: rootMean(variance(seen), level > 0 ? 1 / (level * level) : 0), dealt };
}

export const COMPONENTS = ['spread', 'made', 'mirrored'] as const;

/** Root-mean-square error to be expected around each pixel, as a share of the image's level, [row, column]. */
export function predictedError(ensemble: Pick<Ensemble, (typeof COMPONENTS)[number]>, weights: EnsembleWeights): NdArray<'float32'> {
  const out = zeros('float32', ensemble.spread.shape);
  for (let i = 0; i < out.data.length; i++) {
    const logs = COMPONENTS.reduce((sum, name) => sum + weights[name] * Math.log(Math.max(SMALLEST, ensemble[name].data[i] as number)), 0);
    out.data[i] = weights.level * Math.exp(logs);
  }
  return out;
}

/** 1 where the image shows something and not air, [row, column]. */
export function objectMask(image: NdArray<'float32'>): Uint8Array {
  const level = levelOf(image);
  return Uint8Array.from(neighbourhoodMean(image, OBJECT_NEIGHBOURHOOD).data, (value) => (value > OBJECT * level ? 1 : 0));
}

/** The 99th percentile of a magnitude image. */
export function levelOf({ data }: NdArray<'float32'>): number {
  return data.slice().sort()[Math.floor(LEVEL_QUANTILE * (data.length - 1))] ?? 0;
}

function asComplex(image: MriEstimate['image']): NdArray<'complex64'> {
  if (image.dtype === 'complex64') return image;
  const out = zeros('complex64', image.shape);
  for (let i = 0; i < image.data.length; i++) out.data[2 * i] = image.data[i] as number;
  return out;
}

function subtract(a: NdArray<'complex64'>, b: NdArray<'complex64'>): NdArray<'complex64'> {
  const out = zeros('complex64', a.shape);
  for (let i = 0; i < out.data.length; i++) out.data[i] = (a.data[i] as number) - (b.data[i] as number);
  return out;
}

function addPower(sum: NdArray<'float32'>, { data }: NdArray<'complex64'>): void {
  for (let i = 0; i < sum.data.length; i++) sum.data[i] = (sum.data[i] as number) + (data[2 * i] as number) ** 2 + (data[2 * i + 1] as number) ** 2;
}

/** Of images of one shape, pixel by pixel. */
function variance(images: readonly NdArray<'float32'>[]): NdArray<'float32'> {
  const out = zeros('float32', images[0]?.shape ?? [0, 0]);
  for (let i = 0; i < out.data.length; i++) {
    const mean = images.reduce((sum, { data }) => sum + (data[i] as number), 0) / images.length;
    out.data[i] = images.reduce((sum, { data }) => sum + ((data[i] as number) - mean) ** 2, 0) / images.length;
  }
  return out;
}

function rootMean(power: NdArray<'float32'>, scale: number): NdArray<'float32'> {
  const mean = neighbourhoodMean(power, NEIGHBOURHOOD);
  for (let i = 0; i < mean.data.length; i++) mean.data[i] = Math.sqrt(scale * (mean.data[i] as number));
  return mean;
}

/** The part of an image, [row, column], that lies at the samples of `mask`: back from its k-space with all others zero. */
function atSamples(image: NdArray<'complex64'>, { kind, rows, columns }: MriMeasurement['pattern'], mask: Uint8Array): NdArray<'complex64'> {
  const [height, width] = image.shape as [number, number];
  const padded = { ...embed(image, rows, columns), shape: [1, rows, columns] };
  const part = kind === 'lines' ? ifft1c(keep(fft1c(padded, COLUMN_AXIS), mask), COLUMN_AXIS) : ifft2c(keep(fft2c(padded), mask));
  return centreCrop({ ...part, shape: [rows, columns] }, height, width);
}

/** Zeros around an image that was cropped; undoes centreCrop. */
function embed(image: NdArray<'complex64'>, rows: number, columns: number): NdArray<'complex64'> {
  const [height, width] = image.shape as [number, number];
  if (height === rows && width === columns) return image;
  const out = zeros('complex64', [rows, columns]);
  const [top, left] = [Math.floor((rows - height) / 2), Math.floor((columns - width) / 2)];
  for (let row = 0; row < height; row++) out.data.set(image.data.subarray(2 * row * width, 2 * (row + 1) * width), 2 * ((top + row) * columns + left));
  return out;
}
