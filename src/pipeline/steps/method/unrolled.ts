import { z } from 'zod';
import { centreCrop, type NdArray } from '../../../array/nd-array.ts';
import { LacunaError } from '../../../errors.ts';
import type { InferRequest, InferResult } from '../../../infer/port.ts';
import type { LoadedModel } from '../../../models/load.ts';
import { calibrationKey, calibrationRange } from '../../../mri/calibration-key.ts';
import { compressCoils, findCoilCompression, type CoilCompression } from '../../../mri/coil-compression.ts';
import { calibrationBlock, estimateMaps, SMALLEST_CALIBRATION } from '../../../mri/coil-maps.ts';
import { predictSamples, residualMap } from '../../../mri/data-residual.ts';
import { asComplex, dataResidual, dftMatrix, toGraphSpace, unrolledInputs } from '../../../mri/unrolled.ts';
import { unrolledVerification } from '../../../mri/unrolled-verification.ts';
import type { MriMeasurement } from '../../../mri/measurement.ts';
import type { SamplingPattern } from '../../../sampling/pattern.ts';
import { defineMethod, type MethodContext } from '../../step.ts';

const MODEL = 'unrolled-s';
/** The network pads to multiples of its down-sampling; smaller images would be mostly padding. */
const SMALLEST_SIDE = 16;
/** Coil maps kept while sliders move and slices are leafed through. */
const KEPT_MAPS = 6;

const params = z.object({
  virtualCoils: z
    .int()
    .min(1)
    .max(16)
    .default(6)
    .describe('Channels are compressed to this many before reconstruction; recordings with no more are left as they are')
    .meta({ title: 'Virtual coils', step: 1, advanced: true }),
});

export default defineMethod<typeof params>({
  name: 'unrolled',
  title: 'Unrolled network',
  help: 'A small learned reconstruction that alternates between a convolutional network and consistency with the measured samples.',
  reference: 'Sriram et al., End-to-End Variational Networks, MICCAI 2020; Aggarwal et al., MoDL, IEEE TMI 2019;38:394',
  params,
  model: MODEL,

  refuses({ pattern }) {
    const { rows, columns } = calibrationBlock([pattern.rows, pattern.columns], pattern.centre);
    if (Math.min(pattern.rows, pattern.columns) < SMALLEST_SIDE) {
      return `The unrolled network needs at least ${SMALLEST_SIDE}×${SMALLEST_SIDE} samples; this slice has ${pattern.rows}×${pattern.columns}.`;
    }
    if (Math.min(rows, columns) >= SMALLEST_CALIBRATION) return null;
    return `The unrolled network estimates coil maps from a fully sampled centre of at least ${SMALLEST_CALIBRATION} lines; this pattern has ${rows}×${columns}. Raise the centre fraction.`;
  },

  // k-space, hybrid space, maps, prediction and their copies on the way to the inference process; then its activations.
  memory: ({ coils, rows, columns }) => (coils * 8 + Math.min(coils, 16) * 8 * 8 + ACTIVATION_BYTES_PER_PIXEL) * rows * columns,

  async *run(measurement, { virtualCoils }, context) {
    const { pattern, output } = measurement;
    const model = await context.loadModel(MODEL);
    yield { iteration: 0, iterations: 1 };
    const { compression, maps } = calibrate(measurement, virtualCoils, context.cache);
    const kspace = compression === null ? measurement.kspace : compressCoils(measurement.kspace, compression);
    const measured = toGraphSpace(kspace, pattern.kind);
    const inputs = unrolledInputs(measured, maps, pattern, (n) => remember(context.cache, `dft/${n}`, () => dftMatrix(n)));
    const result = await context.infer.run(request(model, pattern.kind, inputs, context.cache), context.signal);
    const image = asComplex(outputImage(result, model));
    yield { iteration: 1, iterations: 1, preview: () => centreCrop(image, output.rows, output.columns) };
    return {
      image: centreCrop(image, output.rows, output.columns),
      provider: result.provider,
      dataResidual: dataResidual(image, maps, measured, pattern),
      residual: () => residualMap(predictSamples(image, maps, pattern), kspace),
      notes: [...notes(measurement, model, compression, result), ...outsideTraining(measurement, maps, model)],
    };
  },
});

/** Measured on the CPU provider at 320×320; see docs/decisions/0066. */
const ACTIVATION_BYTES_PER_PIXEL = 2400;

interface Calibration {
  /** Null where no channels were combined. */
  readonly compression: CoilCompression | null;
  readonly maps: NdArray<'complex64'>;
}

function calibrate({ kspace, pattern }: MriMeasurement, virtualCoils: number, cache: MethodContext['cache']): Calibration {
  const [coils, rows, columns] = kspace.shape as [number, number, number];
  const centre = calibrationRange([rows, columns], pattern.centre);
  return remember(cache, `unrolled-maps/${virtualCoils}/${calibrationKey(kspace, centre)}`, () => {
    if (coils <= virtualCoils) return { compression: null, maps: estimateMaps(kspace, pattern.centre) };
    const compression = findCoilCompression(kspace, centre, virtualCoils);
    return { compression, maps: estimateMaps(compressCoils(kspace, compression), pattern.centre) };
  });
}

function request(
  model: LoadedModel,
  kind: SamplingPattern['kind'],
  inputs: InferRequest['inputs'],
  cache: MethodContext['cache'],
): InferRequest {
  const graph = model.graphs[kind];
  if (graph === undefined || kind === 'trajectory') {
    throw new LacunaError('usage.unsupported', `The model ${model.manifest.id} has no graph for patterns of ${kind}.`, { field: 'method' });
  }
  const verification = remember(cache, `unrolled-verification/${kind}`, () => unrolledVerification(kind));
  return {
    ...graph,
    provider: 'auto',
    inputs,
    outputs: ['image'],
    verification: { inputs: verification, tolerance: model.manifest.tolerance },
  };
}

function outputImage(result: InferResult, model: LoadedModel): NdArray<'float32'> {
  const image = result.outputs['image'];
  if (image?.shape.length !== 3 || image.shape[2] !== 2) {
    throw new LacunaError('infer.failed', `The model ${model.manifest.id} gave no image of [rows, columns, 2].`, { field: 'image' });
  }
  return image;
}

function notes(
  { kspace, pattern }: MriMeasurement,
  model: LoadedModel,
  compression: CoilCompression | null,
  result: InferResult,
): string[] {
  const { id, version } = model.manifest;
  const [coils, rows, columns] = kspace.shape as [number, number, number];
  const block = calibrationBlock([rows, columns], pattern.centre);
  const lines = [
    `Model: ${id} ${version} (sha256 ${model.graphs[pattern.kind]?.sha256 ?? ''})`,
    `Maps: ${block.columns}×${block.rows} calibration (columns × rows)`,
  ];
  if (compression !== null) {
    lines.push(
      `Coils: ${coils} → ${compression.matrix.shape[0]} virtual, ${(100 * compression.kept).toFixed(1)} % of the calibration energy kept`,
    );
  }
  lines.push(`Provider: ${result.provider}, ${result.threads} ${result.threads === 1 ? 'thread' : 'threads'}`);
  if (result.verification !== undefined) {
    const { maxAbs, nrmse } = result.verification;
    lines.push(`Against CPU on the verification input: max ${maxAbs.toPrecision(2)}, NRMSE ${nrmse.toPrecision(2)}`);
  }
  return lines;
}

/** One warning for each condition that the network never met in training. */
function outsideTraining({ kspace, pattern }: MriMeasurement, maps: NdArray<'complex64'>, { manifest }: LoadedModel): string[] {
  const { acceleration, coils, matrix } = manifest.trained;
  const [, rows, columns] = kspace.shape as [number, number, number];
  const warnings: string[] = [];
  const check = (what: string, value: number, range: readonly [number, number] | undefined) => {
    if (range !== undefined && (value < range[0] || value > range[1]))
      warnings.push(`Outside its training: ${what} ${Number(value.toPrecision(3))}, trained for ${range.join('–')}`);
  };
  check('acceleration', pattern.nominal, acceleration);
  check('coils', maps.shape[0] as number, coils);
  check('rows', rows, matrix);
  check('columns', columns, matrix);
  return warnings;
}

/** Memo in the caller's cache; of each family (the text before the first slash) the latest few are kept. */
function remember<T>(cache: MethodContext['cache'], key: string, make: () => T): T {
  const value = cache.has(key) ? (cache.get(key) as T) : make();
  cache.delete(key);
  cache.set(key, value);
  const family = [...cache.keys()].filter((other) => other.startsWith(key.slice(0, key.indexOf('/') + 1)));
  for (const old of family.slice(0, Math.max(0, family.length - KEPT_MAPS))) cache.delete(old);
  return value;
}
