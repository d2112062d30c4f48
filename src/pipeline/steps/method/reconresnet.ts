import { z } from 'zod';
import { centreCrop, type NdArray } from '../../../array/nd-array.ts';
import { LacunaError } from '../../../errors.ts';
import type { InferResult } from '../../../infer/port.ts';
import { refuseWithoutCentre } from '../../../mri/coil-maps.ts';
import { relativeResidual, residualMap } from '../../../mri/data-residual.ts';
import { magnitudeInput, magnitudeOutput } from '../../../mri/magnitude-tensor.ts';
import type { SeenConditions } from '../../../mri/measurement.ts';
import { refuseTrajectory } from '../../../mri/noncartesian-methods.ts';
import { withPhase } from '../../../mri/super-resolution.ts';
import { outside } from '../../learned/outside-training.ts';
import { combine } from '../../restoration/combined.ts';
import { graphNotes, type MagnitudeGraph, magnitudeGraph } from '../../restoration/magnitude-graph.ts';
import type { LoadedModel } from '../../../models/load.ts';
import { defineMethod } from '../../step.ts';
import { mapParams } from '../map-params.ts';

const MODEL = 'reconresnet-s';
/** The network halves the image twice and mirrors its edges; on smaller ones it would see little else. */
const SMALLEST_SIDE = 32;
/** It looks far across the image, so it is not run in tiles; this many pixels need about 1.3 GiB. */
const MOST_PIXELS = 1280 * 1280;
/** 676 were measured on the CPU provider at 512×512, 673 at 1024×1024. */
const ACTIVATION_BYTES_PER_PIXEL = 850;

export default defineMethod({
  name: 'reconresnet',
  title: 'ReconResNet',
  help: 'A learned residual network takes the undersampling artefacts out of the magnitude; the measured samples are then put back.',
  reference: 'Chatterjee et al., ReconResNet: Regularised residual learning for MR image reconstruction of undersampled Cartesian and radial data, Comput Biol Med 2022;143:105321',
  accepts: 'any',
  params: z.object({
    steps: z
      .int()
      .min(1)
      .max(30)
      .default(5)
      .describe('Conjugate-gradient steps of data consistency at most, with several coils or along a trajectory; one coil on a grid is exact at once.')
      .meta({ title: 'Consistency steps', step: 1 }),
    ...mapParams,
  }),
  model: MODEL,

  refuses({ pattern, coils, nonCartesian }) {
    if (nonCartesian) return coils === 1 ? null : refuseTrajectory(pattern);
    return refuseSize(pattern.rows, pattern.columns) ?? (coils === 1 ? null : refuseWithoutCentre(pattern));
  },

  // Maps, coil images and the buffers of the consistency steps, ten images; then the activations of the network.
  memory: ({ coils, rows, columns }) => (8 * (6 * coils + 10) + ACTIVATION_BYTES_PER_PIXEL) * rows * columns,

  async *run(measurement, { steps, ...maps }, context) {
    const { output, kspace } = measurement;
    const crop = (image: NdArray<'complex64'>): NdArray<'complex64'> => centreCrop(image, output.rows, output.columns);
    const graph = await magnitudeGraph(MODEL, 'mri-artefact-removal', context);
    const combined = await combine(measurement, { maps, steps, context });
    const [rows, columns] = combined.image.shape as [number, number];
    const refusal = refuseSize(rows, columns);
    if (refusal !== null) throw new LacunaError('usage.unsupported', refusal, { field: 'method' });
    const iterations = 2 * graph.passes;
    yield { iteration: 0, iterations, preview: () => crop(combined.image) };
    const rounds: Restored[] = [];
    let image = combined.image;
    while (rounds.length < graph.passes) {
      const round = await restore(graph, image);
      const iteration = 2 * rounds.push(round);
      yield { iteration: iteration - 1, iterations, preview: () => crop(round.restored) };
      const consistent = await combined.consistent(round.restored);
      yield { iteration, iterations, preview: () => crop(consistent) };
      image = consistent;
    }
    const { result, scale } = rounds[0] as Restored;
    const seen: SeenConditions = { acceleration: measurement.pattern.achieved, coils: kspace.shape[0] as number, rows, columns, snr: null };
    return {
      image: crop(image),
      provider: result.provider,
      dataResidual: relativeResidual(combined.predict(image), kspace),
      residual: () => residualMap(combined.predict(image), kspace),
      seen,
      notes: [`Learned: a network restored the magnitude${graph.passes > 1 ? `, ${graph.passes} times with data consistency after each` : ''}; the phase is that of the image it was given`, ...graphNotes(graph, result), ...combined.notes, `Scale ${scale.toPrecision(3)}`, ...warnings(seen, graph.model)],
    };
  },
});

interface Restored {
  readonly restored: NdArray<'complex64'>;
  readonly scale: number;
  readonly result: InferResult;
}

/** The network on the magnitude of an image [row, column], with the phase of that image. */
async function restore(graph: MagnitudeGraph, image: NdArray<'complex64'>): Promise<Restored> {
  const { tensor, scale } = magnitudeInput(image, graph.multiple);
  const { made, result } = await graph.run(tensor);
  const [rows, columns] = image.shape as [number, number];
  return { restored: withPhase(magnitudeOutput(made, [rows, columns], scale), { ...image, data: image.data.slice() }), scale, result };
}

function refuseSize(rows: number, columns: number): string | null {
  if (Math.min(rows, columns) < SMALLEST_SIDE) return `ReconResNet needs at least ${SMALLEST_SIDE}×${SMALLEST_SIDE} pixels; this slice has ${rows}×${columns}.`;
  if (rows * columns <= MOST_PIXELS) return null;
  return `ReconResNet looks at the whole image at once and takes at most ${MOST_PIXELS} pixels; this slice has ${rows}×${columns}.`;
}

/** One warning for each condition that the network never met in training. */
function warnings(seen: SeenConditions, { manifest }: LoadedModel): string[] {
  const { acceleration, coils, matrix } = manifest.trained;
  return [
    ...outside('acceleration', Number(seen.acceleration.toFixed(1)), acceleration),
    ...outside('coils', seen.coils, coils),
    ...outside('rows', seen.rows, matrix),
    ...outside('columns', seen.columns, matrix),
  ];
}
