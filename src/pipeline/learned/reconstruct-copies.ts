/** The images that a network makes of mirrored and conjugated copies of one problem: their mean is better, their spread tells of doubt. */
import { throwIfCancelled, type CancelSignal } from '../../algorithms/status.ts';
import { zeros, type NdArray } from '../../array/nd-array.ts';
import { LacunaError } from '../../errors.ts';
import type { InferResult } from '../../infer/port.ts';
import { mirrorBack, type MirroredCopy, mirrorProblem } from '../../mri/mirrored-copies.ts';
import type { UnrolledProblem } from '../../mri/unrolled.ts';
import type { Network } from './network.ts';

export interface CopyImage {
  /** From 0; the first is the problem as it is. */
  readonly index: number;
  readonly copy: MirroredCopy;
  /** Mapped back to the problem's own orientation, [row, column]. */
  readonly image: NdArray<'complex64'>;
  readonly result: InferResult;
}

/** One image a copy, in order, each as soon as it is there; `opening` is the first where it is on its way. Cancelling takes effect between them too. Throws infer.*, job.cancelled. */
export async function* reconstructCopies(
  network: Network,
  problem: UnrolledProblem,
  copies: readonly MirroredCopy[],
  signal: CancelSignal,
  opening?: ReturnType<Network['reconstruct']>,
): AsyncGenerator<CopyImage, void> {
  for (const [index, copy] of copies.entries()) {
    throwIfCancelled(signal);
    const { image, result } = await ((index === 0 ? opening : undefined) ?? network.reconstruct(mirrorProblem(problem, copy)));
    yield { index, copy, image: mirrorBack(image, copy, problem), result };
  }
}

/**
 * Mean of images of copies. Networks are faithful in magnitude, less so in phase, and where phases differ a complex mean is too
 * small; so magnitudes are averaged, and the phase is that of the complex mean.
 */
export class MeanImage {
  /** The mean of one image is that image, for which nothing is worked out. */
  #only: NdArray<'complex64'> | null = null;
  #complex: NdArray<'complex64'> | null = null;
  #magnitude = new Float32Array();
  #count = 0;

  add(image: NdArray<'complex64'>): void {
    this.#count += 1;
    if (this.#count === 1) {
      this.#only = image;
      return;
    }
    if (this.#only !== null) this.#sum(this.#only);
    this.#only = null;
    this.#sum(image);
  }

  #sum(image: NdArray<'complex64'>): void {
    const sum = this.#complex ?? zeros('complex64', image.shape);
    if (this.#complex === null) this.#magnitude = new Float32Array(image.data.length / 2);
    this.#complex = sum;
    for (let i = 0; i < this.#magnitude.length; i++) {
      const [re, im] = [image.data[2 * i] as number, image.data[2 * i + 1] as number];
      sum.data[2 * i] = (sum.data[2 * i] as number) + re;
      sum.data[2 * i + 1] = (sum.data[2 * i + 1] as number) + im;
      this.#magnitude[i] = (this.#magnitude[i] as number) + Math.hypot(re, im);
    }
  }

  /** [row, column]. Throws `internal` before the first image. */
  image(): NdArray<'complex64'> {
    if (this.#only !== null) return this.#only;
    const sum = this.#complex;
    if (sum === null) throw new LacunaError('internal', 'the mean of no images');
    const out = zeros('complex64', sum.shape);
    for (let i = 0; i < this.#magnitude.length; i++) {
      const [re, im] = [sum.data[2 * i] as number, sum.data[2 * i + 1] as number];
      const length = Math.hypot(re, im);
      const factor = length > 0 ? (this.#magnitude[i] as number) / (this.#count * length) : 0;
      out.data[2 * i] = factor * re;
      out.data[2 * i + 1] = factor * im;
    }
    return out;
  }
}
