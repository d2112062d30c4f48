/**
 * Partial Fourier by projections onto convex sets: images that are non-negative times the low-resolution phase, and k-space
 * that has the acquired samples (Haacke, Lindskog and Lin, J Magn Reson 1991;92:126).
 */
import { throwIfCancelled, type CancelSignal } from '../algorithms/status.ts';
import { zeros, type NdArray } from '../array/nd-array.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import { fft1c, ifft1c, ifft2c } from '../transform/fft.ts';
import { partialExtent, phaseWindow, weighted, type PartialExtent } from './partial-extent.ts';

export interface PocsOptions {
  readonly iterations: number;
  /** Stops when ‖x⁺ − x‖ < tolerance · ‖x⁺‖. */
  readonly tolerance: number;
  readonly signal: CancelSignal;
}

export interface PocsStatus {
  readonly iteration: number;
  readonly iterations: number;
  /** ‖x⁺ − x‖ / ‖x⁺‖ over all coil images. */
  readonly residual: number;
  /** [coil, row, column]; valid until the next step. */
  readonly images: NdArray<'complex64'>;
}

export interface PocsResult {
  /** [coil, row, column], with the acquired samples. */
  readonly images: NdArray<'complex64'>;
  /** The same before the last return to the acquired samples, in the direction that is cut short transformed to k-space; for the residual. */
  readonly constrained: NdArray<'complex64'>;
}

/**
 * Coil images of `kspace` [coil, row, column], each with a phase of its own. The direction that is not cut short is transformed
 * once. Throws usage.unsupported where refusePartialFourier has a reason, and `job.cancelled`.
 */
export async function* pocs(kspace: NdArray<'complex64'>, pattern: SamplingPattern, { iterations, tolerance, signal }: PocsOptions): AsyncGenerator<PocsStatus, PocsResult> {
  const extent = partialExtent(pattern);
  const { axis } = extent;
  const acquired = ifft1c(kspace, axis === 2 ? 1 : 2);
  const phase = unitPhase(ifft2c(weighted(kspace, axis, phaseWindow(extent))));
  const constrained = zeros('complex64', kspace.shape);
  const images = ifft1c(acquired, axis);
  const previous = images.data.slice();
  for (let iteration = 1; iteration <= iterations; iteration++) {
    throwIfCancelled(signal);
    ontoPhase(images, phase);
    fft1c(images, axis, constrained);
    ifft1c(withSamples(constrained, acquired, extent), axis, images);
    const residual = change(images.data, previous);
    previous.set(images.data);
    yield { iteration, iterations, residual, images };
    if (residual < tolerance) break;
  }
  return { images, constrained };
}

function unitPhase(images: NdArray<'complex64'>): NdArray<'complex64'> {
  const { data } = images;
  for (let i = 0; i < data.length; i += 2) {
    const size = Math.hypot(data[i] as number, data[i + 1] as number);
    data[i] = size > 0 ? (data[i] as number) / size : 1;
    data[i + 1] = size > 0 ? (data[i + 1] as number) / size : 0;
  }
  return images;
}

/** x ← max(0, Re(x·conj(p)))·p */
function ontoPhase({ data }: NdArray<'complex64'>, { data: phase }: NdArray<'complex64'>): void {
  for (let i = 0; i < data.length; i += 2) {
    const [re, im] = [phase[i] as number, phase[i + 1] as number];
    const size = Math.max(0, (data[i] as number) * re + (data[i + 1] as number) * im);
    data[i] = size * re;
    data[i + 1] = size * im;
  }
}

/** A copy of `k` with the acquired samples put back. */
function withSamples(k: NdArray<'complex64'>, acquired: NdArray<'complex64'>, { axis, start, end }: PartialExtent): NdArray<'complex64'> {
  const [, rows, columns] = k.shape as [number, number, number];
  const out = { ...k, data: k.data.slice() };
  for (let line = 0; line < k.data.length / (2 * columns); line++) {
    const row = line % rows;
    const [from, to] = axis === 2 ? [start, end] : row >= start && row < end ? [0, columns] : [0, 0];
    const at = 2 * line * columns;
    out.data.set(acquired.data.subarray(at + 2 * from, at + 2 * to), at + 2 * from);
  }
  return out;
}

function change(now: Float32Array, before: Float32Array): number {
  let difference = 0;
  let size = 0;
  for (let i = 0; i < now.length; i++) {
    difference += ((now[i] as number) - (before[i] as number)) ** 2;
    size += (now[i] as number) ** 2;
  }
  return size === 0 ? 0 : Math.sqrt(difference / size);
}
