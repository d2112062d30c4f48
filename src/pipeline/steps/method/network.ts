import { z } from 'zod';
import { centreCrop } from '../../../array/nd-array.ts';
import { LacunaError } from '../../../errors.ts';
import { predictSamples, relativeResidual, residualMap } from '../../../mri/data-residual.ts';
import { networkRefusal } from '../../../mri/network-fit.ts';
import { poseNetwork, towardSamples } from '../../../mri/network-reconstruction.ts';
import { dftMatrix } from '../../../mri/unrolled.ts';
import { keep } from '../../learned/network.ts';
import { outsideTraining, seenConditions } from '../../learned/outside-training.ts';
import { ownNetwork, ownVerification } from '../../learned/own-network.ts';
import { defineMethod } from '../../step.ts';

const params = z.object({
  model: z.string().max(64).default('').describe('The package of the network, by its id; see the page Models, or lacuna models.').meta({ title: 'Network' }),
  consistency: z
    .int()
    .min(0)
    .max(20)
    .default(0)
    .describe('Steps that pull the image of the network back toward the measured samples; 0 leaves it as it is.')
    .meta({ title: 'Data consistency', unit: 'steps', step: 1 }),
});

export default defineMethod<typeof params>({
  name: 'network',
  title: 'Own network',
  help: 'Runs a network of your own, added from an ONNX file: from image to image, or with coil maps and sampling as its inputs.',
  group: 'Learned',
  params,
  // Which one, the parameter `model` says.
  model: '',

  // k-space twice, maps and their copies for the inference process; the activations of somebody's network are not known.
  memory: ({ coils, rows, columns }) => (coils * 8 * 5 + 2400) * rows * columns,

  async *run(measurement, { model: id, consistency }, context) {
    if (id === '') throw new LacunaError('usage.invalid', 'Name the network: the parameter model takes the id of a package (see lacuna models).', { field: 'model' });
    const model = await context.loadModel(id);
    const { spec, file, coils } = ownNetwork(model);
    const { pattern, output } = measurement;
    const [channels, rows, columns] = measurement.kspace.shape as [number, number, number];
    const refusal = networkRefusal(spec, { rows, columns, coils: channels, kind: pattern.kind, nonCartesian: measurement.trajectory !== undefined });
    if (refusal !== null) throw new LacunaError('usage.unsupported', `${model.manifest.title}: ${refusal}`, { field: 'model' });
    yield { iteration: 0, iterations: 1 };
    const dft = (k: number, n: number) => keep(context.cache, `dft/${k}×${n}`, () => dftMatrix(k, n));
    const { feed, problem, maps, kspace, notes } = await poseNetwork(spec, measurement, coils, context.cache, dft);
    const verification = await keep(context.cache, `own-verification/${file.sha256}`, () => ownVerification(spec, model.manifest.tolerance));
    const outputs = spec.outputs.map(({ name }) => name);
    const result = await context.infer.run({ ...file, provider: 'auto', inputs: feed.inputs, outputs, verification }, context.signal);
    const image = towardSamples(feed.image(result.outputs), kspace, maps, pattern, consistency);
    const cropped = centreCrop(image, output.rows, output.columns);
    yield { iteration: 1, iterations: 1, preview: () => cropped };
    const seen = seenConditions(measurement, problem);
    return {
      image: cropped,
      provider: result.provider,
      dataResidual: relativeResidual(predictSamples(image, maps, pattern), kspace),
      residual: () => residualMap(predictSamples(image, maps, pattern), kspace),
      seen,
      notes: [
        `Model: ${model.manifest.id} ${model.manifest.version} (sha256 ${file.sha256})`,
        ...notes,
        `Scale ${feed.scale.toPrecision(3)}`,
        ...(consistency === 0 ? [] : [`Data consistency: ${consistency} ${consistency === 1 ? 'step' : 'steps'} after the network`]),
        `Provider: ${result.provider}, ${result.threads} ${result.threads === 1 ? 'thread' : 'threads'}, ${result.ms.toFixed(1)} ms in the network`,
        ...(result.verification === undefined ? [] : [`Against CPU on the verification input: max ${result.verification.maxAbs.toPrecision(2)}, NRMSE ${result.verification.nrmse.toPrecision(2)}`]),
        ...outsideTraining(measurement, seen, model.manifest),
      ],
    };
  },
});
