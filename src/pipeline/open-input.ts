/** Opens what a pipeline starts from: a file or folder, or one of the studio's own samples. */
import type { Recording, Series } from '../array/recording.ts';
import { LacunaError } from '../errors.ts';
import { openPath } from '../formats/registry.ts';
import type { StepCall } from './document.ts';
import { checkParams, findStep } from './registry.ts';

export type InputRef =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'sample'; readonly sample: StepCall };

export function openInput(input: InputRef): Promise<Recording> {
  if (input.kind === 'path') return openPath(input.path);
  const step = findStep('sample', input.sample.name);
  return step.run(checkParams(step, input.sample.params));
}

/** The named series, or the first one when `id` is absent. */
export function findSeries(recording: Recording, id?: string): Series {
  const found = id === undefined ? recording.series[0] : recording.series.find((s) => s.id === id);
  if (found !== undefined) return found;
  const ids = recording.series.map((s) => s.id).join(', ');
  throw new LacunaError('usage.not-found', `${recording.name} has no series “${id ?? ''}”; it has ${ids || 'none'}.`, { field: 'series' });
}
