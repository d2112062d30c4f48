/** In what order a preview with a network does things: the network is under way while the zero-filled image is made, and figures come last. */
import { expect, it } from 'vitest';
import type { NdArray } from '../../src/array/nd-array.ts';
import { NEVER_CANCELLED } from '../../src/algorithms/status.ts';
import type { InferRequest, InferResult } from '../../src/infer/port.ts';
import type { LoadedModel } from '../../src/models/load.ts';
import { pipelineSchema } from '../../src/pipeline/document.ts';
import { runPipeline } from '../../src/pipeline/runner.ts';
import { SliceCache } from '../../src/pipeline/slice-cache.ts';
import { memorySeries } from '../support/memory-series.ts';

const tensor = (name: string, role: string) => ({ name, role, dtype: 'float32', shape: ['any'], help: '' });
const MODEL = {
  manifest: {
    id: 'unrolled-s',
    version: '1.0.0',
    task: 'mri-reconstruction',
    graphs: { lines: { inputs: [tensor('p', 'adjoint'), tensor('q', 'maps'), tensor('r', 'dft-lines')], outputs: [tensor('x', 'image')] } },
    inference: { virtualCoils: 3, mapPasses: 1, averages: 1 },
    tolerance: { maxAbs: 1e-3, nrmse: 1e-4 },
    trained: { patterns: ['random'], data: [] },
  },
  folder: '/models/unrolled-s',
  graphs: { lines: { path: '/lines.onnx', sha256: 'a'.repeat(64) } },
  files: {},
  card: '',
} as unknown as LoadedModel;

const document = pipelineSchema.parse({
  lacuna: 1,
  input: { name: 'x', sha256: '0'.repeat(64), series: 'k' },
  slices: [0, 1],
  pattern: { name: 'equispaced', params: { acceleration: 2, centreFraction: 0.25 } },
  method: { name: 'unrolled' },
});

/** `answer` stands in for the inference process; what happens is written into `log`. */
async function preview(log: string[], answer: (request: InferRequest) => Promise<InferResult>): Promise<void> {
  const events = runPipeline(document, {
    slices: new SliceCache(memorySeries([1, 3, 24, 24])),
    infer: {
      providers: () => Promise.reject(new Error('not needed')),
      run: (request) => {
        log.push('asked');
        return answer(request);
      },
    },
    loadModel: async () => MODEL,
    signal: NEVER_CANCELLED,
    cache: new Map(),
    show: { kspace: false, zeroFilled: true, sliceMetrics: true, partialEveryMs: null },
  });
  for await (const { type } of events) if (type !== 'progress') log.push(type);
}

it('asks the network before it makes the zero-filled image, and shows that one first', async () => {
  const log: string[] = [];
  await preview(log, async ({ inputs }) => {
    await new Promise((resolve) => setTimeout(resolve, 0));
    log.push('answered');
    return { outputs: { x: inputs['p'] as NdArray<'float32'> }, provider: 'cpu', ms: 1, threads: 1 };
  });
  expect(log.filter((entry) => entry !== 'answered')).toEqual(['pattern', 'reference', 'asked', 'zero-filled', 'slice', 'scores']);
  expect(log.indexOf('answered')).toBeLessThan(log.indexOf('slice'));
});

it('fails with what the network failed with, after the zero-filled image', async () => {
  const log: string[] = [];
  await expect(preview(log, () => Promise.reject(new Error('the process ended')))).rejects.toThrow('the process ended');
  expect(log).toEqual(['pattern', 'reference', 'asked', 'zero-filled']);
});
