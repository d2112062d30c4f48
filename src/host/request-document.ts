/** The pipeline document that a request describes. */
import { LacunaError } from '../errors.ts';
import { normalisedOptions } from '../pipeline/open-input.ts';
import { type PipelineDocument, pipelineSchema } from '../pipeline/document.ts';
import { completeCall } from '../pipeline/registry.ts';
import type { JobRequest, RecordingSummary, SeriesSummary } from './contract.ts';

export type PipelineRequest = Pick<JobRequest, 'series' | 'slices' | 'acquire' | 'prepare' | 'pattern' | 'method' | 'metric' | 'provider'>;

/** Of a large recording whose content hash is not known yet, the document carries its id; results are saved with the hash. */
export function requestDocument(request: PipelineRequest, recording: RecordingSummary): PipelineDocument {
  const { acquire, pattern, method, metric } = request;
  const prepare = request.prepare ?? suggestedCalls(recording.series.find(({ id }) => id === request.series));
  const read = recording.read === undefined ? undefined : normalisedOptions(recording.read);
  return pipelineSchema.parse({
    lacuna: 1,
    input: {
      name: recording.name,
      sha256: recording.sha256 ?? recording.id,
      series: request.series,
      ...(recording.sample === undefined ? {} : { sample: recording.sample }),
      ...(read === undefined ? {} : { read }),
    },
    slices: request.slices,
    ...(acquire === undefined ? {} : { acquire }),
    ...(prepare.length === 0 ? {} : { prepare }),
    pattern,
    method,
    ...(metric === undefined ? {} : { metric }),
    provider: request.provider ?? 'auto',
  });
}

/** Summaries that an older studio wrote into the library say nothing of preparation. */
function suggestedCalls(series: Partial<Pick<SeriesSummary, 'prepare'>> | undefined) {
  return (series?.prepare ?? []).filter(({ suggested }) => suggested).map(({ name }) => completeCall('prepare', { name, params: {} }));
}

/** Throws usage.not-found. */
export function requestedSeries(request: Pick<JobRequest, 'series'>, recording: Pick<RecordingSummary, 'series'>): SeriesSummary {
  const series = recording.series.find(({ id }) => id === request.series);
  if (series === undefined) throw new LacunaError('usage.not-found', `The recording has no series “${request.series}”.`, { field: 'series' });
  return series;
}
