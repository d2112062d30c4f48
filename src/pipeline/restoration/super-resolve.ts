/** Learned super-resolution of one slice: network on tiles of the magnitude, then k-space replacement of the band that is known. */
import { throwIfCancelled } from '../../algorithms/status.ts';
import { magnitude, zeros, type NdArray } from '../../array/nd-array.ts';
import { checkFineSize, coarseTile, type FineFactor, placeTile, replaceBand, type Slice, tilesOf } from '../../mri/super-resolution.ts';
import { outside } from '../learned/outside-training.ts';
import { graphNotes, type InferContext, magnitudeGraph } from './magnitude-graph.ts';

export const superResolutionModel = (factor: FineFactor): string => `espcn-x${factor}`;

export interface FineSlice {
  /** [factor·row, factor·column]; the middle of its spectrum is that of the coarse image. */
  readonly image: NdArray<'complex64'>;
  /** `espcn-x2 1.0.0`. */
  readonly model: string;
  readonly provider: string;
  readonly notes: readonly string[];
}

/** `image` is [row, column] in any unit. Throws usage.unsupported for images that are too large, infer.*, job.cancelled. */
export async function superResolve(image: Slice, factor: FineFactor, context: InferContext): Promise<FineSlice> {
  checkFineSize(image.shape, factor);
  const [rows, columns] = image.shape as [number, number];
  const graph = await magnitudeGraph(superResolutionModel(factor), 'super-resolution', context, factor);
  const coarse = magnitude(image);
  const largest = coarse.data.reduce((top, value) => Math.max(top, value), 0);
  const scale = largest > 0 ? largest : 1;
  const fine = zeros('float32', [factor * rows, factor * columns]);
  let provider = '';
  let notes: readonly string[] = [];
  for (const tile of tilesOf(rows, columns)) {
    throwIfCancelled(context.signal);
    const { made, result } = await graph.run(coarseTile(coarse, tile, scale));
    placeTile(made, tile, factor, scale, fine);
    provider = result.provider;
    notes = graphNotes(graph, result);
  }
  const { id, version, trained } = graph.model.manifest;
  return {
    image: replaceBand(fine, image, factor),
    model: `${id} ${version}`,
    provider,
    notes: [
      `Learned super-resolution ×${factor}: detail beyond ${rows}×${columns} is made up by a network; never measure on it.`,
      `The middle ${rows}×${columns} of k-space is that of the image as it was reconstructed.`,
      ...notes,
      ...outside('rows', rows, trained.matrix),
      ...outside('columns', columns, trained.matrix),
    ],
  };
}
