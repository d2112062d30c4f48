import { z } from 'zod';
import { centreCrop } from '../../../array/nd-array.ts';
import type { InferResult } from '../../../infer/port.ts';
import type { ModelManifest } from '../../../models/manifest.ts';
import { refuseWithoutCentre } from '../../../mri/coil-maps.ts';
import type { MriMeasurement } from '../../../mri/measurement.ts';
import { COPY_COUNTS, type CopyCount, mirroredCopies } from '../../../mri/mirrored-copies.ts';
import { refuseTrajectory } from '../../../mri/noncartesian-methods.ts';
import { networkOf, type Network } from '../../learned/network.ts';
import { outsideTraining, seenConditions } from '../../learned/outside-training.ts';
import { pose, type Posed } from '../../learned/pose.ts';
import { MeanImage, reconstructCopies } from '../../learned/reconstruct-copies.ts';
import { defineMethod } from '../../step.ts';

/** Networks pad to multiples of their down-sampling; smaller images would be mostly padding. */
const SMALLEST_SIDE = 16;
/** Where a package does not say how it is best run. */
const PLAIN = { virtualCoils: 6, mapPasses: 1, averages: 1 } as const;

const params = z.object({
  model: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
    .default('unrolled-s')
    .describe('Package of the network; any that is installed for MRI reconstruction.')
    .meta({ title: 'Model' }),
  mapPasses: z
    .enum(['model', '1', '2'])
    .default('model')
    .describe('With 2, coil maps are made again from what a first pass has filled in, where the measured centre is smaller than that; “model” does what the package advises.')
    .meta({ title: 'Map passes', advanced: true }),
  averages: z
    .enum(['model', '1', '2', '4', '8'])
    .default('model')
    .describe('Mirrored and conjugated copies that are averaged; each takes as long as the first. “model” does what the package advises.')
    .meta({ title: 'Averaged copies', advanced: true }),
  virtualCoils: z
    .int()
    .min(0)
    .max(16)
    .default(0)
    .describe('Channels are compressed to this many first; 0 takes as many as the package advises.')
    .meta({ title: 'Virtual coils', step: 1, advanced: true }),
});

export default defineMethod<typeof params>({
  name: 'unrolled',
  title: 'Unrolled network',
  help: 'A learned reconstruction that alternates between a convolutional network and consistency with the measured samples.',
  reference: 'Sriram et al., End-to-End Variational Networks, MICCAI 2020; Aggarwal et al., MoDL, IEEE TMI 2019;38:394',
  accepts: 'any',
  params,
  model: 'unrolled-s',

  refuses({ pattern, nonCartesian }) {
    if (nonCartesian) return refuseTrajectory(pattern);
    if (Math.min(pattern.rows, pattern.columns) < SMALLEST_SIDE) {
      return `The unrolled network needs at least ${SMALLEST_SIDE}×${SMALLEST_SIDE} samples; this slice has ${pattern.rows}×${pattern.columns}.`;
    }
    const refusal = refuseWithoutCentre(pattern);
    return refusal === null ? null : `${refusal} Raise the centre fraction.`;
  },

  // k-space, hybrid space, maps, prediction and their copies on the way to the inference process; then its activations.
  memory: ({ coils, rows, columns }) => (coils * 8 + Math.min(coils, 16) * 8 * 8 + ACTIVATION_BYTES_PER_PIXEL) * rows * columns,

  async *run(measurement, chosen, context) {
    const { output } = measurement;
    const model = await context.loadModel(chosen.model);
    const network = networkOf(model, measurement.trajectory === undefined ? measurement.pattern.kind : 'trajectory', context);
    const { virtualCoils, mapPasses, copies } = howToRun(chosen, model.manifest);
    const posed = await pose(measurement, network.kind, virtualCoils, context.cache);
    const passes = posed.refines ? mapPasses : 1;
    const iterations = passes - 1 + copies.length;
    let { problem } = posed;
    const opening = network.reconstruct(problem);
    // Met where it is awaited; whoever leaves before that has no use for it.
    opening.catch(() => undefined);
    yield { iteration: 0, iterations };
    let done = 0;
    if (passes === 2) {
      const { image } = await opening;
      done += 1;
      yield { iteration: done, iterations, preview: () => centreCrop(image, output.rows, output.columns) };
      problem = posed.refined(image);
    }
    const mean = new MeanImage();
    let last: InferResult | null = null;
    const images = reconstructCopies(network, problem, copies, context.signal, passes === 1 ? opening : undefined);
    for await (const { image, result } of images) {
      mean.add(image);
      last = result;
      done += 1;
      yield { iteration: done, iterations, preview: () => centreCrop(mean.image(), output.rows, output.columns) };
    }
    const image = mean.image();
    // The problem itself is always among the copies.
    const result = last as unknown as InferResult;
    const seen = seenConditions(measurement, problem);
    return {
      image: centreCrop(image, output.rows, output.columns),
      provider: result.provider,
      dataResidual: () => posed.residual(image, problem.maps),
      residual: () => posed.residualMap(image, problem.maps),
      seen,
      notes: [
        ...notes(measurement, network, posed, result),
        ...(passes === 2 ? ['Maps made again after a first pass'] : []),
        ...(passes < mapPasses ? ['Maps made once: the measured centre is as large as a second pass would fill in'] : []),
        ...(copies.length > 1 ? [`Mean magnitude of ${copies.length} mirrored and conjugated copies`] : []),
        ...outsideTraining(measurement, seen, model.manifest),
      ],
    };
  },
});

/** Measured on the CPU provider at 320×320; see docs/decisions/0066. */
const ACTIVATION_BYTES_PER_PIXEL = 2400;

interface HowToRun {
  readonly virtualCoils: number;
  readonly mapPasses: 1 | 2;
  readonly copies: ReturnType<typeof mirroredCopies>;
}

/** What a person chose, else what the package advises. */
function howToRun({ virtualCoils, mapPasses, averages }: Omit<(typeof params)['_output'], 'model'>, { inference = PLAIN }: ModelManifest): HowToRun {
  const passes = mapPasses === 'model' ? inference.mapPasses : Number(mapPasses);
  const count = averages === 'model' ? inference.averages : Number(averages);
  return {
    virtualCoils: virtualCoils === 0 ? inference.virtualCoils : virtualCoils,
    mapPasses: passes === 2 ? 2 : 1,
    copies: mirroredCopies(COPY_COUNTS.find((known): known is CopyCount => known === count) ?? 1),
  };
}

function notes(measurement: MriMeasurement, { model, sha256 }: Network, { compression, block, problem }: Posed, result: InferResult): string[] {
  const { id, version } = model.manifest;
  const lines = [`Model: ${id} ${version} (sha256 ${sha256})`, `Maps: ${block.columns}×${block.rows} calibration (columns × rows)`];
  if (compression !== null) {
    lines.push(
      `Coils: ${(measurement.recorded ?? measurement.kspace).shape[0]} → ${compression.matrix.shape[0]} virtual, ${(100 * compression.kept).toFixed(1)} % of the calibration energy kept`,
    );
  }
  lines.push(problem.noise > 0 ? `Noise: ${problem.noise.toPrecision(2)} a component, from the outer samples` : 'Noise: unknown');
  lines.push(`Provider: ${result.provider}, ${result.threads} ${result.threads === 1 ? 'thread' : 'threads'}`);
  if (result.verification !== undefined) {
    const { maxAbs, nrmse } = result.verification;
    lines.push(`Against CPU on the verification input: max ${maxAbs.toPrecision(2)}, NRMSE ${nrmse.toPrecision(2)}`);
  }
  return lines;
}
