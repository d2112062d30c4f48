import { z } from 'zod';
import { centreCrop, type NdArray } from '../../../array/nd-array.ts';
import { LacunaError } from '../../../errors.ts';
import { refuseWithoutCentre } from '../../../mri/coil-maps.ts';
import { relativeResidual, residualMap } from '../../../mri/data-residual.ts';
import { magnitudeInput, magnitudeOutput } from '../../../mri/magnitude-tensor.ts';
import type { MriMeasurement } from '../../../mri/measurement.ts';
import { refuseTrajectory } from '../../../mri/noncartesian-methods.ts';
import { withPhase } from '../../../mri/super-resolution.ts';
import { combine } from '../../restoration/combined.ts';
import { graphNotes, magnitudeGraph, outside } from '../../restoration/magnitude-graph.ts';
import type { LoadedModel } from '../../../models/load.ts';
import { defineMethod } from '../../step.ts';
import { mapParams } from '../map-params.ts';

const MODEL = 'reconresnet-s';
/** The network halves the image twice and mirrors its edges; on smaller ones it would see little else. */
const SMALLEST_SIDE = 32;
/** Its normalisation looks at the whole image, so it cannot be run in tiles; this many pixels need about 1 GiB. */
const MOST_PIXELS = 1280 * 1280;
/** Measured on the CPU provider at 512×512; see docs/decisions/0187. */
const ACTIVATION_BYTES_PER_PIXEL = 650;

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
    yield { iteration: 0, iterations: 2, preview: () => crop(combined.image) };
    const { tensor, scale } = magnitudeInput(combined.image, graph.multiple);
    const { made, result } = await graph.run(tensor);
    const restored = withPhase(magnitudeOutput(made, [rows, columns], scale), { ...combined.image, data: combined.image.data.slice() });
    yield { iteration: 1, iterations: 2, preview: () => crop(restored) };
    const image = await combined.consistent(restored);
    yield { iteration: 2, iterations: 2, preview: () => crop(image) };
    return {
      image: crop(image),
      provider: result.provider,
      dataResidual: relativeResidual(combined.predict(image), kspace),
      residual: () => residualMap(combined.predict(image), kspace),
      notes: ['Learned: a network restored the magnitude; the phase is that of the zero-filled image', ...graphNotes(graph, result), ...combined.notes, `Scale ${scale.toPrecision(3)}`, ...warnings(measurement, [rows, columns], graph.model)],
    };
  },
});

function refuseSize(rows: number, columns: number): string | null {
  if (Math.min(rows, columns) < SMALLEST_SIDE) return `ReconResNet needs at least ${SMALLEST_SIDE}×${SMALLEST_SIDE} pixels; this slice has ${rows}×${columns}.`;
  if (rows * columns <= MOST_PIXELS) return null;
  return `ReconResNet looks at the whole image at once and takes at most ${MOST_PIXELS} pixels; this slice has ${rows}×${columns}.`;
}

/** One warning for each condition that the network never met in training. */
function warnings({ pattern, kspace }: MriMeasurement, [rows, columns]: readonly [number, number], { manifest }: LoadedModel): string[] {
  const { acceleration, coils, matrix } = manifest.trained;
  return [
    ...outside('acceleration', pattern.achieved, acceleration),
    ...outside('coils', kspace.shape[0] as number, coils),
    ...outside('rows', rows, matrix),
    ...outside('columns', columns, matrix),
  ];
}
