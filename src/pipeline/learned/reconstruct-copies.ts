/** The images that a network makes of mirrored and conjugated copies of one problem: their mean is better, their spread tells of doubt. */
import { throwIfCancelled, type CancelSignal } from '../../algorithms/status.ts';
import type { NdArray } from '../../array/nd-array.ts';
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

/** One image a copy, in order, each as soon as it is there; cancelling takes effect between them too. Throws infer.*, job.cancelled. */
export async function* reconstructCopies(
  network: Network,
  problem: UnrolledProblem,
  copies: readonly MirroredCopy[],
  signal: CancelSignal,
): AsyncGenerator<CopyImage, void> {
  for (const [index, copy] of copies.entries()) {
    throwIfCancelled(signal);
    const { image, result } = await network.reconstruct(mirrorProblem(problem, copy));
    yield { index, copy, image: mirrorBack(image, copy, problem), result };
  }
}

/** The mean of `count` images so far, updated by the next: `mean` is changed and returned; the first image starts it. */
export function addToMean(mean: NdArray<'complex64'> | null, image: NdArray<'complex64'>, count: number): NdArray<'complex64'> {
  if (mean === null) return { ...image, data: image.data.slice() };
  const weight = 1 / (count + 1);
  for (let i = 0; i < mean.data.length; i++) mean.data[i] = (mean.data[i] as number) + weight * ((image.data[i] as number) - (mean.data[i] as number));
  return mean;
}
