/** Runs a view step on a series in memory, as host and CLI do. */
import type { CancelSignal } from '../../src/algorithms/status.ts';
import { NEVER_CANCELLED } from '../../src/algorithms/status.ts';
import type { Series } from '../../src/array/recording.ts';
import { type PipelineDocument, pipelineSchema, type StepCall } from '../../src/pipeline/document.ts';
import { runView } from '../../src/pipeline/run-view.ts';
import { SliceCache } from '../../src/pipeline/slice-cache.ts';
import type { MethodStatus, ViewImage } from '../../src/pipeline/step.ts';

export interface Look {
  readonly view: StepCall;
  readonly pattern?: StepCall;
  readonly method?: StepCall;
  readonly signal?: CancelSignal;
  readonly onStatus?: (status: MethodStatus) => void;
}

export function documentFor(series: Series, { pattern, method }: Pick<Look, 'pattern' | 'method'>): PipelineDocument {
  return pipelineSchema.parse({
    lacuna: 1,
    input: { name: 'memory', sha256: 'a'.repeat(64), series: series.id },
    slices: [0, 1],
    pattern: pattern ?? { name: 'full' },
    method: method ?? { name: 'zero-filled' },
  });
}

export async function lookAt(series: Series, look: Look): Promise<ViewImage> {
  const iterator = runView(documentFor(series, look), look.view, {
    slices: new SliceCache(series),
    infer: { providers: async () => [], run: () => Promise.reject(new Error('no inference in this test')) },
    loadModel: () => Promise.reject(new Error('no models in this test')),
    signal: look.signal ?? NEVER_CANCELLED,
    cache: new Map(),
  });
  for (;;) {
    const next = await iterator.next();
    if (next.done === true) return next.value;
    look.onStatus?.(next.value);
  }
}
