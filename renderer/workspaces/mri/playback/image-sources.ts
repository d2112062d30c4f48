/** What can be played and looked at as a volume: the series itself, its stored results, and their references. Pure but for the loading. */
import type { NdArray } from '../../../../src/array/nd-array.ts';
import { volumeOrder } from '../../../../src/array/volume-order.ts';
import type { RecordingSummary, ResultSummary, SeriesSummary } from '../../../../src/host/contract.ts';
import type { Client } from '../../../api/client.ts';
import { SERIES } from './cine.svelte.ts';

export interface ImageSource {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  readonly role: 'recovered' | 'reference';
  /** Slice indices of the series, [start, end). */
  readonly range: readonly [number, number];
  /** Why there are no images; null where there are. */
  readonly refusal: string | null;
  image(slice: number, signal: AbortSignal): Promise<NdArray>;
  /** NIfTI; null where there is no volume of it. */
  readonly volume: ((signal: AbortSignal) => Promise<ArrayBuffer>) | null;
}

const REFERENCE = '/reference';

/** Results of the series, newest first. */
export function resultsOf(results: readonly ResultSummary[], recording: string, series: string): readonly ResultSummary[] {
  return results.filter((result) => result.recording === recording && seriesOf(result) === series);
}

function seriesOf(result: ResultSummary): string | undefined {
  return (result.receipt as { pipeline?: { input?: { series?: string } } } | null)?.pipeline?.input?.series;
}

export function imageSources(client: Client, recording: RecordingSummary, series: SeriesSummary, results: readonly ResultSummary[]): readonly ImageSource[] {
  const own: ImageSource = {
    id: SERIES,
    title: series.domain === 'image' ? 'Images of the file' : series.fullySampled ? 'Measured, all samples' : 'Measured samples',
    note: series.domain === 'image' ? series.title : 'root-sum-of-squares of the coils',
    role: 'reference',
    range: [0, series.slices],
    refusal: series.trajectory === undefined ? null : 'Measured along a trajectory: reconstruct and keep it, then choose the result here.',
    image: (slice, signal) => client.recordingImage(recording.id, series.id, slice, signal),
    volume: (signal) => client.recordingVolume(recording.id, series.id, signal),
  };
  return [own, ...resultsOf(results, recording.id, series.id).flatMap((result) => sourcesOf(client, result))];
}

function sourcesOf(client: Client, result: ResultSummary): readonly ImageSource[] {
  const span = `slices ${result.slices[0] + 1}–${result.slices[1]}`;
  const made: ImageSource = {
    id: result.id,
    title: result.title,
    note: `stored, ${span}`,
    role: 'recovered',
    range: result.slices,
    refusal: null,
    image: (slice, signal) => client.resultImage(result.id, slice - result.slices[0], signal),
    volume: (signal) => client.resultVolume(result.id, signal),
  };
  // Metrics are made against a reference; without one there is none.
  if (result.metrics === undefined) return [made];
  const reference: ImageSource = {
    ...made,
    id: result.id + REFERENCE,
    title: `Reference of ${result.title}`,
    note: `fully sampled, ${span}`,
    role: 'reference',
    image: (slice, signal) => client.resultReference(result.id, slice - result.slices[0], signal),
    volume: null,
  };
  return [made, reference];
}

/** Slices of one volume of a source, and what repeats it: `echo`, `frame`. */
export function volumeShape(series: SeriesSummary, range: readonly [number, number]): { readonly slices: number; readonly volumes: number; readonly repeats: string } {
  const { slices, volumes } = volumeOrder(series.axes, range);
  const other = series.axes.filter(({ name, length }) => length > 1 && !['slice', 'partition', 'coil', 'row', 'column'].includes(name));
  return { slices, volumes, repeats: other.length === 1 ? (other[0]?.name ?? 'volume') : 'volume' };
}
