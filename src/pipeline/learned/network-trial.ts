/**
 * Somebody's graph is run before it is taken: on a made-up acquisition, twice, so that what is promised of it (an image of the
 * size of its input, finite, the same each time) has been seen. Also finds the multiple that its sides must be of.
 */
import type { NdArray } from '../../array/nd-array.ts';
import { layoutOf, namedShape, type TensorShape } from '../../array/tensor-layout.ts';
import { LacunaError } from '../../errors.ts';
import type { InferPort, InferResult } from '../../infer/port.ts';
import type { CheckedFile } from '../../models/load.ts';
import { fixedAxis } from '../../mri/network-fit.ts';
import type { NetworkFeed, NetworkSpec } from '../../mri/network-inputs.ts';
import { poseNetwork } from '../../mri/network-reconstruction.ts';
import { sampleMeasurement, sampleSize } from '../../mri/network-sample.ts';

export interface TrialReport {
  /** The output as the graph gives it, with axes named. */
  readonly outputShape: readonly (number | string)[];
  /** Sides must be multiples of this. */
  readonly multiple: number;
  readonly size: { readonly rows: number; readonly columns: number; readonly coils: number };
  readonly ms: number;
  /** Of a second run: 0 where it gives the same bits. */
  readonly difference: number;
}

/** Networks that pool five times want multiples of 32. */
const MULTIPLES = [1, 2, 4, 8, 16, 32] as const;

/** Throws infer.*, and input.unsupported where what comes out is no image. `multiple` of the spec, where it says one, is not searched for. */
export async function tryNetwork(infer: InferPort, file: CheckedFile, spec: NetworkSpec): Promise<TrialReport> {
  const { multiple, feed, result, size } = await firstThatRuns(infer, file, spec);
  const again = await infer.run({ ...file, provider: 'cpu', inputs: feed.inputs });
  const name = spec.outputs[0]?.name ?? '';
  const [output, second] = [result.outputs[name], again.outputs[name]];
  if (output === undefined || second === undefined) throw unfit('It gave no output.', name);
  if (!output.data.every(Number.isFinite)) throw unfit(`Its output ${name} holds numbers that are not finite, for an ordinary input.`, name);
  return { outputShape: outputShape(spec, output, feed), multiple, size, ms: again.ms, difference: largestDifference(output.data, second.data) };
}

/** Open sides that are a multiple of nothing in particular first; the network itself says by failing what it does not take. */
async function firstThatRuns(infer: InferPort, file: CheckedFile, spec: NetworkSpec) {
  const open = fixedAxis(spec, 'rows') === null || fixedAxis(spec, 'columns') === null;
  const candidates = spec.multiple !== undefined ? [spec.multiple] : open ? MULTIPLES : ([1] as const);
  let failure: unknown;
  for (const multiple of candidates) {
    const size = sampleSize({ ...spec, multiple });
    const { feed } = await poseNetwork({ ...spec, multiple }, sampleMeasurement(size, 'lines'), Number.POSITIVE_INFINITY, new Map());
    try {
      const result = await infer.run({ ...file, provider: 'cpu', inputs: feed.inputs });
      if (isImageSized(spec, result, feed)) return { multiple, feed, result, size };
      failure ??= unfit(describeSize(spec, result, feed), spec.outputs[0]?.name ?? 'output');
    } catch (error) {
      if (!(error instanceof LacunaError) || error.code !== 'infer.failed') throw error;
      failure = error;
    }
  }
  throw failure;
}

/** [rows, columns] of the image that is fed, after padding. */
function imageSides(spec: NetworkSpec, feed: NetworkFeed): readonly [number, number] {
  for (const { name, role, shape } of spec.inputs) {
    const layout = layoutOf(role, shape);
    const sizes = feed.inputs[name]?.shape;
    const [rows, columns] = [layout?.indexOf('rows') ?? -1, layout?.indexOf('columns') ?? -1];
    if (sizes !== undefined && rows >= 0 && columns >= 0) return [sizes[rows] as number, sizes[columns] as number];
  }
  throw unfit('None of its inputs has the size of an image.', spec.inputs[0]?.name ?? 'input');
}

/** Real shape of the output in the manifest's words; throws where it is not the image that its role promises. */
function outputShape(spec: NetworkSpec, output: NdArray<'float32'>, feed: NetworkFeed): readonly (number | string)[] {
  const [tensor] = spec.outputs;
  const [rows, columns] = imageSides(spec, feed);
  const declared = tensor?.shape ?? [];
  const real = markSides(output.shape, rows, columns);
  const layout = tensor === undefined ? null : layoutOf(tensor.role, real);
  if (tensor === undefined || layout === null) throw unfit(`Its output is [${output.shape.join(', ')}], which is no ${tensor?.role ?? 'image'} of ${rows} × ${columns}.`, tensor?.name ?? 'output');
  const fixed = (axis: 'rows' | 'columns', at: number): boolean => layout[at] === axis && (typeof declared[at] === 'number' || fixedAxis({ inputs: spec.inputs, outputs: [] }, axis) !== null);
  return namedShape(layout, output.shape.map((size, at) => (fixed('rows', at) || fixed('columns', at) ? size : layout[at] === 'rows' || layout[at] === 'columns' ? (layout[at] as string) : size)));
}

/** The last two axes that have the sides of the image are rows and columns, whatever stands before and behind. */
function markSides(shape: readonly number[], rows: number, columns: number): TensorShape {
  for (let at = shape.length - 2; at >= 0; at--) {
    if (shape[at] === rows && shape[at + 1] === columns) return shape.map((size, i) => (i === at ? 'rows' : i === at + 1 ? 'columns' : size));
  }
  return shape;
}

function isImageSized(spec: NetworkSpec, result: InferResult, feed: NetworkFeed): boolean {
  const [rows, columns] = imageSides(spec, feed);
  const shape = result.outputs[spec.outputs[0]?.name ?? '']?.shape ?? [];
  return markSides(shape, rows, columns) !== shape;
}

function describeSize(spec: NetworkSpec, result: InferResult, feed: NetworkFeed): string {
  const [rows, columns] = imageSides(spec, feed);
  const shape = result.outputs[spec.outputs[0]?.name ?? '']?.shape ?? [];
  return `For an image of ${rows} × ${columns} it gives [${shape.join(', ')}]: not an image of the same size.`;
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs((a[i] as number) - (b[i] as number)));
  return largest;
}

function unfit(reason: string, field: string): LacunaError {
  return new LacunaError('input.unsupported', `This network cannot be used for MRI. ${reason}`, { field });
}
