/** From a measurement to what somebody's network is fed, and from its image to one that agrees with the samples. */
import type { NdArray } from '../array/nd-array.ts';
import { zeros } from '../array/nd-array.ts';
import { senseOperator } from '../operators/sense.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import { calibratedMaps, DEFAULT_MAPS } from './cached-maps.ts';
import { calibrationRange } from './calibration-key.ts';
import { compressCoils, findCoilCompression } from './coil-compression.ts';
import type { MriMeasurement } from './measurement.ts';
import { cartesianNoise } from './noise-level.ts';
import { type NetworkFeed, networkFeed, type NetworkSpec } from './network-inputs.ts';
import { cartesianProblem } from './unrolled-problem.ts';
import type { DftSource, UnrolledProblem } from './unrolled.ts';

export interface PosedNetwork {
  readonly feed: NetworkFeed;
  readonly problem: UnrolledProblem;
  /** As the network's image is combined with: [coil, row, column]. */
  readonly maps: NdArray<'complex64'>;
  /** After compression to as many coils as the network takes. */
  readonly kspace: NdArray<'complex64'>;
  readonly notes: readonly string[];
}

/** `coils`: at most this many, by SVD compression. Throws usage.unsupported where the centre is too small for coil maps. */
export async function poseNetwork(spec: NetworkSpec, measurement: MriMeasurement, coils: number, cache: Map<string, unknown>, dft?: DftSource): Promise<PosedNetwork> {
  const { pattern } = measurement;
  const [channels, rows, columns] = measurement.kspace.shape as [number, number, number];
  const notes: string[] = [];
  let { kspace } = measurement;
  if (channels > coils) {
    const compression = findCoilCompression(kspace, calibrationRange([rows, columns], pattern.centre), coils);
    kspace = compressCoils(kspace, compression);
    notes.push(`Coils: ${channels} → ${coils} virtual, ${(100 * compression.kept).toFixed(1)} % of the calibration energy kept`);
  }
  const { maps, note } = kspace.shape[0] === 1 ? oneCoil(rows, columns) : await calibratedMaps({ kspace, pattern }, DEFAULT_MAPS, cache);
  const lines = spec.inputs.some(({ role }) => role === 'mask-lines' || role === 'dft-lines');
  const problem = cartesianProblem(kspace, maps, pattern, lines ? 'lines' : 'points', cartesianNoise(kspace, pattern));
  return { feed: networkFeed(spec, problem, kspace, dft), problem, maps, kspace, notes: [note, ...notes] };
}

/** One coil needs no calibration: its image is the image. */
function oneCoil(rows: number, columns: number): { maps: NdArray<'complex64'>; note: string } {
  const maps = zeros('complex64', [1, rows, columns]);
  for (let i = 0; i < maps.data.length; i += 2) maps.data[i] = 1;
  return { maps, note: 'Maps: none, one coil' };
}

/**
 * `steps` times x ← x + Aᴴ(y − A x). With maps of unit root-sum-of-squares and an orthonormal FFT ‖A‖ ≤ 1, so that it converges; for
 * one coil the first step puts every measured sample back exactly. Overwrites `x`.
 */
export function towardSamples(x: NdArray<'complex64'>, y: NdArray<'complex64'>, maps: NdArray<'complex64'>, pattern: SamplingPattern, steps: number): NdArray<'complex64'> {
  const operator = senseOperator(maps, pattern);
  for (let step = 0; step < steps; step++) {
    const predicted = operator.apply(x);
    for (let i = 0; i < predicted.data.length; i++) predicted.data[i] = (y.data[i] as number) - (predicted.data[i] as number);
    const correction = operator.adjoint(predicted);
    for (let i = 0; i < x.data.length; i++) x.data[i] = (x.data[i] as number) + (correction.data[i] as number);
  }
  return x;
}
