/**
 * Data consistency after a network that works on images alone: what was measured is put back.
 *
 * One coil on a Cartesian grid is exact: F⁻¹(y + (1 − m)·F x), the k-space replacement of ReconResNet (Chatterjee et al., 2022, eq. 3).
 * With several coils, or along a trajectory, samples are not pixels of a spectrum. There a few conjugate-gradient steps on
 * AᴴWA x = AᴴWy that begin at x correct the part of the image that the samples see, and leave what they do not see as the
 * network made it; W is the density compensation, 1 on a grid.
 */
import { conjugateGradients, type CgOptions } from '../algorithms/cg.ts';
import { zeros, type NdArray } from '../array/nd-array.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import { fft2c, ifft2c } from '../transform/fft.ts';
import { kernels } from '../transform/kernels.ts';
import type { RowBlocks } from '../transform/row-blocks.ts';
import { NonCartesianSystem } from './noncartesian-system.ts';
import type { AlongTrajectory } from './noncartesian-solvers.ts';
import { SenseSystem } from './sense-system.ts';

/** y where the pattern kept a sample, F x elsewhere; back in image space. `kspace` [row, column] is zero where nothing was kept. */
export function replaceSamples(x: NdArray<'complex64'>, kspace: NdArray<'complex64'>, pattern: Pick<SamplingPattern, 'kind' | 'mask'>): NdArray<'complex64'> {
  const spectrum = fft2c(x);
  const { mask, kind } = pattern;
  const [, columns] = kspace.shape as [number, number];
  for (let i = 0; i < kspace.data.length / 2; i++) {
    if (mask[kind === 'lines' ? i % columns : i] === 0) continue;
    spectrum.data[2 * i] = kspace.data[2 * i] as number;
    spectrum.data[2 * i + 1] = kspace.data[2 * i + 1] as number;
  }
  return ifft2c(spectrum, spectrum);
}

/** Of ‖AᴴWy‖: there is nothing left to put back. */
const TOLERANCE = 1e-6;

type Steps = Pick<CgOptions, 'iterations' | 'signal'>;

/** `x` [row, column] drawn towards samples [coil, row, column] seen through `maps`. Throws `job.cancelled`, `job.memory`. */
export function consistentWithCoils(
  x: NdArray<'complex64'>,
  kspace: NdArray<'complex64'>,
  maps: NdArray<'complex64'>,
  pattern: SamplingPattern,
  steps: Steps,
): Promise<NdArray<'complex64'>> {
  return drawTowards(new SenseSystem(kernels(), maps, pattern), x, (system, b) => system.adjoint(kspace, b), steps);
}

/** `x` [row, column] on `trajectory.matrix` drawn towards samples [coil, sample, readout]. Throws `job.cancelled`, `job.memory`. */
export function consistentAlong(
  x: NdArray<'complex64'>,
  { kspace, trajectory, weights, images, spectrum }: AlongTrajectory,
  maps: NdArray<'complex64'>,
  steps: Steps,
): Promise<NdArray<'complex64'>> {
  const system = new NonCartesianSystem(kernels(), maps, trajectory, weights, spectrum);
  return drawTowards(system, x, (it, b) => (images === undefined ? it.adjoint(kspace, b) : it.combine(images, b)), steps);
}

interface System {
  readonly space: RowBlocks;
  normal(x: number, out: number): void;
  dispose(): void;
}

async function drawTowards<S extends System>(system: S, image: NdArray<'complex64'>, adjoint: (system: S, b: number) => void, steps: Steps): Promise<NdArray<'complex64'>> {
  const { space } = system;
  const b = space.create();
  const x = space.create();
  try {
    adjoint(system, b);
    space.set(x, image.data);
    const iterations = conjugateGradients(space, (from, out) => system.normal(from, out), b, x, { ...steps, tolerance: TOLERANCE });
    while ((await iterations.next()).done !== true);
    return space.toArray(x);
  } finally {
    space.free(b);
    space.free(x);
    system.dispose();
  }
}

/** Maps that are 1 everywhere, [1, row, column]: a single coil sees the image as it is. */
export function uniformMaps(rows: number, columns: number): NdArray<'complex64'> {
  const maps = zeros('complex64', [1, rows, columns]);
  for (let i = 0; i < rows * columns; i++) maps.data[2 * i] = 1;
  return maps;
}
