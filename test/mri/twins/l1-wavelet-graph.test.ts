import { describe, expect, it } from 'vitest';
import { NEVER_CANCELLED } from '../../../src/algorithms/status.ts';
import type { NdArray } from '../../../src/array/nd-array.ts';
import { l1Wavelet } from '../../../src/mri/l1-wavelet.ts';
import { l1WaveletGraph } from '../../../src/mri/twins/l1-wavelet-graph.ts';
import { fromHalves, normalInputs, toHalves } from '../../../src/mri/twins/normal-graph.ts';
import { shrinkInputs } from '../../../src/mri/twins/shrink-graph.ts';
import { waveletShifts } from '../../../src/mri/twins/wavelet-shifts.ts';
import { senseOperator } from '../../../src/operators/sense.ts';
import { WAVELETS } from '../../../src/transform/wavelet.ts';
import { relativeError } from '../../support/random-array.ts';
import { runGraph, scalar } from '../../support/run-graph.ts';
import { twinCase } from '../../support/twin-case.ts';

describe.each(WAVELETS)('the graph of L1-wavelet with %s', (wavelet) => {
  it.each(['lines', 'points'] as const)('makes the image of the solver in TypeScript for %s', async (kind) => {
    const { maps, pattern, kspace, size } = twinCase(kind);
    const [lambda, iterations, levels, seed] = [0.1, 15, 2, 5];
    let last: NdArray<'complex64'> | undefined;
    const residuals: number[] = [];
    const steps = l1Wavelet(kspace, maps, pattern, { lambda, iterations, levels, seed, wavelet, tolerance: 1e-6, signal: NEVER_CANCELLED });
    for (let next = await steps.next(); ; next = await steps.next()) {
      if (next.done) {
        last = next.value;
        break;
      }
      residuals.push(next.value.residual);
    }
    const out = await runGraph(l1WaveletGraph(size, kind, levels, iterations), {
      ...normalInputs(maps, pattern),
      ...shrinkInputs({ ...size, levels }, wavelet),
      b: toHalves(senseOperator(maps, pattern).adjoint(kspace)),
      threshold: scalar(lambda),
      tolerance: scalar(1e-6),
      iterations: { dtype: 'int64', shape: [], data: BigInt64Array.of(BigInt(iterations)) },
      shifts: waveletShifts(seed, iterations, levels),
    });
    expect(relativeError(fromHalves(out('image')).data, last.data)).toBeLessThan(1e-5);
    expect(out('residuals').data.length).toBe(residuals.length);
    for (const [i, residual] of residuals.entries()) expect(out('residuals').data[i]).toBeCloseTo(residual, 4);
  });
});
