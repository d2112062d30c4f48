/**
 * Classical solvers as graphs on a GPU. They yield and return what the solvers in TypeScript do (src/mri/sense.ts,
 * src/mri/l1-wavelet.ts), with which they agree to rounding; all iterations come back at once.
 */
import type { AlgorithmStatus } from '../algorithms/status.ts';
import type { NdArray } from '../array/nd-array.ts';
import { LacunaError } from '../errors.ts';
import type { InferResult } from '../infer/port.ts';
import type { L1WaveletOptions } from '../mri/l1-wavelet.ts';
import type { MriEstimate, MriMeasurement } from '../mri/measurement.ts';
import type { SenseOptions } from '../mri/sense.ts';
import { l1WaveletGraph } from '../mri/twins/l1-wavelet-graph.ts';
import { fromHalves, normalInputs, toHalves, type TwinInputs } from '../mri/twins/normal-graph.ts';
import { senseGraph } from '../mri/twins/sense-graph.ts';
import { shrinkInputs } from '../mri/twins/shrink-graph.ts';
import { waveletShifts } from '../mri/twins/wavelet-shifts.ts';
import { senseOperator } from '../operators/sense.ts';
import type { GpuTwins, MethodContext } from './step.ts';

type TwinContext = Pick<MethodContext, 'infer' | 'signal' | 'cache'> & { readonly gpu: GpuTwins };
/** What ran, filled in when the generator has returned. */
export interface TwinRun {
  provider: string;
}
type Steps = AsyncGenerator<AlgorithmStatus, NdArray<'complex64'>>;

/** Whether the twins can take that measurement: Cartesian, one set of maps [coil, row, column]. */
export function hasTwin({ trajectory, pattern }: MriMeasurement, maps: NdArray<'complex64'>): boolean {
  return trajectory === undefined && pattern.kind !== 'trajectory' && maps.shape.length === 3;
}

/** The estimate with the provider that ran, where a twin did. */
export function withProvider(estimate: MriEstimate, { provider }: TwinRun): MriEstimate {
  return provider === '' ? estimate : { ...estimate, provider };
}

/** As `sense`. Throws infer.* and job.cancelled. */
export async function* senseOnGpu(measurement: MriMeasurement, maps: NdArray<'complex64'>, options: Omit<SenseOptions, 'signal'>, context: TwinContext, run: TwinRun): Steps {
  const { lambda, iterations, tolerance } = options;
  const key = graphKey('sense', measurement);
  const graph = () => senseGraph(sizeOf(maps), kindOf(measurement));
  const inputs = { ...startInputs(measurement, maps, iterations, tolerance), lambda: scalar(lambda) };
  return yield* finish(await infer(context, key, graph, inputs), iterations, run);
}

/** As `l1Wavelet`. Throws infer.* and job.cancelled. */
export async function* l1WaveletOnGpu(measurement: MriMeasurement, maps: NdArray<'complex64'>, options: Omit<L1WaveletOptions, 'signal'>, context: TwinContext, run: TwinRun): Steps {
  const { lambda, iterations, tolerance, wavelet, levels, seed } = options;
  const size = sizeOf(maps);
  const key = graphKey(`l1-wavelet/${levels}/${iterations}`, measurement);
  const graph = () => l1WaveletGraph(size, kindOf(measurement), levels, iterations);
  const inputs = {
    ...startInputs(measurement, maps, iterations, tolerance),
    ...shrinkInputs({ ...size, levels }, wavelet),
    threshold: scalar(lambda),
    shifts: waveletShifts(seed, iterations, levels),
  };
  return yield* finish(await infer(context, key, graph, inputs), iterations, run);
}

function startInputs({ kspace, pattern }: MriMeasurement, maps: NdArray<'complex64'>, iterations: number, tolerance: number): TwinInputs {
  return {
    ...normalInputs(maps, pattern),
    b: toHalves(senseOperator(maps, pattern).adjoint(kspace)),
    tolerance: scalar(tolerance),
    iterations: { dtype: 'int64', shape: [], data: BigInt64Array.of(BigInt(iterations)) },
  };
}

async function infer({ infer, signal, cache, gpu }: TwinContext, key: string, graph: () => Uint8Array, inputs: TwinInputs): Promise<InferResult> {
  const kept = (cache.get(key) as Awaited<ReturnType<GpuTwins['keep']>> | undefined) ?? (await gpu.keep(graph()));
  cache.set(key, kept);
  return infer.run({ ...kept, provider: gpu.provider, inputs, outputs: ['image', 'residuals'] }, signal);
}

async function* finish({ outputs, provider }: InferResult, iterations: number, run: TwinRun): Steps {
  const { image, residuals } = outputs;
  if (image === undefined || residuals === undefined) throw new LacunaError('infer.failed', 'The graph gave no image.');
  run.provider = provider;
  const x = fromHalves(image);
  for (const [i, residual] of residuals.data.entries()) yield { iteration: i + 1, iterations, residual, x };
  return x;
}

function sizeOf(maps: NdArray<'complex64'>): { coils: number; rows: number; columns: number } {
  const [coils, rows, columns] = maps.shape as [number, number, number];
  return { coils, rows, columns };
}

const kindOf = ({ pattern }: MriMeasurement): 'lines' | 'points' => (pattern.kind === 'lines' ? 'lines' : 'points');
const graphKey = (name: string, { kspace, pattern }: MriMeasurement): string => `graph-twin/${name}/${kspace.shape.join('x')}/${pattern.kind}`;
const scalar = (value: number): NdArray<'float32'> => ({ dtype: 'float32', shape: [], data: Float32Array.of(value) });
