/** L1-wavelet without the random shifts, so that it can be held against another program to the last digits. */
import { fista } from '../../src/algorithms/fista.ts';
import { NEVER_CANCELLED } from '../../src/algorithms/status.ts';
import type { NdArray } from '../../src/array/nd-array.ts';
import { SenseSystem } from '../../src/mri/sense-system.ts';
import type { SamplingPattern } from '../../src/sampling/pattern.ts';
import { kernels } from '../../src/transform/kernels.ts';
import { WaveletWork, type WaveletName } from '../../src/transform/wavelet.ts';

/** What `l1Wavelet` (src/mri/l1-wavelet.ts) does with the same parts and every shift 0. */
export async function fixedWavelet(
  y: NdArray<'complex64'>,
  maps: NdArray<'complex64'>,
  pattern: SamplingPattern,
  { lambda, iterations, wavelet, levels }: { lambda: number; iterations: number; wavelet: WaveletName; levels: number },
): Promise<NdArray<'complex64'>> {
  const system = new SenseSystem(kernels(), maps, pattern);
  const { space } = system;
  const work = new WaveletWork(kernels(), space.rows, space.columns, wavelet, levels);
  const [b, x] = [space.create(), space.create()];
  const shrink = (address: number): void => work.shrink({ address, step: space.step, rows: space.rows, columns: space.columns }, lambda, 0, 0);
  try {
    system.adjoint(y, b);
    space.combine(x, 1, b, 0, b);
    for await (const _ of fista(space, (from, out) => system.normal(from, out), shrink, b, x, { iterations, tolerance: 0, signal: NEVER_CANCELLED }));
    return space.toArray(x);
  } finally {
    space.free(b);
    space.free(x);
    work.dispose();
    system.dispose();
  }
}
