/** A view step on one slice of a series in memory, as host and CLI run it. */
import { NEVER_CANCELLED } from '../../src/algorithms/status.ts';
import type { Series } from '../../src/array/recording.ts';
import { pipelineSchema, type StepCall } from '../../src/pipeline/document.ts';
import { runView } from '../../src/pipeline/run-view.ts';
import { SliceCache } from '../../src/pipeline/slice-cache.ts';
import type { ViewImage } from '../../src/pipeline/step.ts';
import { finish } from './finish.ts';

export function viewOfSlice(series: Series, slice: number, { view, pattern, method }: { readonly view: StepCall; readonly pattern: StepCall; readonly method: StepCall }): Promise<ViewImage> {
  const document = pipelineSchema.parse({ lacuna: 1, input: { name: 'memory', sha256: 'a'.repeat(64), series: series.id }, slices: [slice, slice + 1], pattern, method });
  return finish(
    runView(document, view, {
      slices: new SliceCache(series),
      infer: { providers: async () => [], run: () => Promise.reject(new Error('no inference in this test')) },
      loadModel: () => Promise.reject(new Error('no models in this test')),
      signal: NEVER_CANCELLED,
      cache: new Map(),
    }),
  );
}
