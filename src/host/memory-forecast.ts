/** How much memory a request will need, so that one that cannot fit is refused before it starts. */
import { freemem } from 'node:os';
import { LacunaError } from '../errors.ts';
import { framesOf } from '../array/frames.ts';
import { findStep } from '../pipeline/registry.ts';
import type { JobRequest, RecordingSummary, SeriesSummary } from './contract.ts';
import { requestedSeries } from './request-document.ts';

const COMPLEX_BYTES = 8;

type Asked = Pick<JobRequest, 'series' | 'slices' | 'acquire' | 'prepare' | 'pattern' | 'method'>;

/**
 * Bytes: the method's own working memory, k-space as recorded and as prepared, and the volume with its reference.
 * Throws usage.not-found for a series, pattern or method there is none of.
 */
export function memoryForecast(request: Asked, recording: Pick<RecordingSummary, 'series'>): number {
  const series = requestedSeries(request, recording);
  const coils = Math.max(series.coils, Number(request.acquire?.params['coils'] ?? (series.domain === 'image' ? 8 : 1)));
  const method = findStep('method', request.method.name);
  const frames = method.runFrames === undefined ? 1 : (framesOf(series)?.count ?? 1);
  const matrix = workingMatrix(series, request.pattern.name);
  const copies = request.prepare?.length === 0 ? 2 : 3;
  const kspace = copies * coils * series.rows * series.columns * COMPLEX_BYTES;
  const volume = (request.slices[1] - request.slices[0]) * series.output.rows * series.output.columns * 2 * COMPLEX_BYTES;
  return method.memory({ coils, ...matrix, frames }) + kspace + volume;
}

/** Along a trajectory methods work on an image of `matrix`, through a grid of twice its size. */
function workingMatrix({ rows, columns, output, trajectory }: SeriesSummary, pattern: string): { rows: number; columns: number } {
  const along = trajectory?.matrix ?? (findStep('pattern', pattern).makes === 'trajectory' ? output : null);
  return along === null ? { rows, columns } : { rows: 2 * along.rows, columns: 2 * along.columns };
}

/** Throws job.memory where `bytes` and a margin of 1 GiB below what is free do not fit. */
export function refuseBeyondMemory(bytes: number): void {
  if (bytes <= freemem() + 2 ** 30) return;
  throw new LacunaError('job.memory', `This run needs about ${Math.ceil(bytes / 2 ** 20)} MiB; ${Math.floor(freemem() / 2 ** 20)} MiB are free.`);
}
