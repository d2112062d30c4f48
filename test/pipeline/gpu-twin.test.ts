import { expect, it } from 'vitest';
import { NEVER_CANCELLED, type AlgorithmStatus } from '../../src/algorithms/status.ts';
import type { NdArray } from '../../src/array/nd-array.ts';
import type { InferRequest } from '../../src/infer/port.ts';
import { l1Wavelet } from '../../src/mri/l1-wavelet.ts';
import { sense } from '../../src/mri/sense.ts';
import { hasTwin, l1WaveletOnGpu, senseOnGpu } from '../../src/pipeline/gpu-twin.ts';
import { relativeError } from '../support/random-array.ts';
import { runGraph } from '../support/run-graph.ts';
import { twinCase } from '../support/twin-case.ts';

/** Keeps graphs in memory and runs them on CPU, counting both. */
function context() {
  const kept = new Map<string, Uint8Array>();
  const requests: InferRequest[] = [];
  return {
    kept,
    requests,
    signal: NEVER_CANCELLED,
    cache: new Map<string, unknown>(),
    gpu: {
      provider: 'cuda' as const,
      keep: async (graph: Uint8Array) => {
        const path = `graph-${kept.size}`;
        kept.set(path, graph);
        return { path, sha256: '' };
      },
    },
    infer: {
      providers: async () => [],
      run: async (request: InferRequest) => {
        requests.push(request);
        const output = await runGraph(kept.get(request.path) as Uint8Array, request.inputs);
        return { outputs: { image: output('image'), residuals: output('residuals') }, provider: 'cuda' as const, ms: 1, threads: 1 };
      },
    },
  };
}

async function last(steps: AsyncGenerator<AlgorithmStatus, NdArray<'complex64'>>): Promise<{ x: NdArray<'complex64'>; iterations: number }> {
  let iterations = 0;
  for (;;) {
    const next = await steps.next();
    if (next.done) return { x: next.value, iterations };
    iterations = next.value.iteration;
  }
}

it.each(['lines', 'points'] as const)('gives what SENSE gives, with one graph for every λ, for %s', async (kind) => {
  const { kspace, maps, pattern } = twinCase(kind);
  const measurement = { kspace, pattern, output: pattern };
  expect(hasTwin(measurement, maps)).toBe(true);
  const on = context();
  for (const lambda of [0.01, 0.1]) {
    const run = { provider: '' };
    const options = { lambda, iterations: 8, tolerance: 1e-5 };
    const expected = await last(sense(kspace, maps, pattern, { ...options, signal: NEVER_CANCELLED }));
    const found = await last(senseOnGpu(measurement, maps, options, on, run));
    expect(found.iterations).toBe(expected.iterations);
    expect(relativeError(found.x.data, expected.x.data)).toBeLessThan(1e-5);
    expect(run.provider).toBe('cuda');
  }
  expect(on.kept.size).toBe(1);
  expect(on.requests.every((request) => request.provider === 'cuda')).toBe(true);
});

it('gives what L1-wavelet gives', async () => {
  const { kspace, maps, pattern } = twinCase('points');
  const options = { lambda: 0.05, iterations: 10, tolerance: 1e-6, wavelet: 'db4' as const, levels: 2, seed: 3 };
  const expected = await last(l1Wavelet(kspace, maps, pattern, { ...options, signal: NEVER_CANCELLED }));
  const found = await last(l1WaveletOnGpu({ kspace, pattern, output: pattern }, maps, options, context(), { provider: '' }));
  expect(relativeError(found.x.data, expected.x.data)).toBeLessThan(1e-5);
});

it('leaves trajectories and several sets of maps to the solvers in TypeScript', () => {
  const { kspace, maps, pattern } = twinCase('lines');
  const measurement = { kspace, pattern, output: pattern };
  expect(hasTwin({ ...measurement, pattern: { ...pattern, kind: 'trajectory' } }, maps)).toBe(false);
  expect(hasTwin(measurement, { ...maps, shape: [1, ...maps.shape] })).toBe(false);
});
