/** Whole volumes as NIfTI in memory, for the multiplanar view. */
import { magnitude, type NdArray, zeros } from '../../array/nd-array.ts';
import type { Geometry } from '../../array/recording.ts';
import { type VolumeOrder, volumeOrder } from '../../array/volume-order.ts';
import { LacunaError } from '../../errors.ts';
import { writeNifti } from '../../formats/nifti/write.ts';
import { findSeries, openInput } from '../../pipeline/open-input.ts';
import type { Api } from '../api.ts';
import { identityOf } from '../compute/messages.ts';
import type { RecordingSummary, ResultSummary, SeriesSummary } from '../contract.ts';
import { queryText } from '../requests.ts';
import type { HostServices } from '../services.ts';

const MEDIA = 'application/octet-stream';
/** Of float32 voxels: what a browser's graphics memory takes without trouble. */
const MOST_BYTES = 512 * 2 ** 20;

export function volumeRoutes(api: Api, host: HostServices): void {
  api.add('get', '/results/:id/volume', { summary: 'The magnitude of a result as NIfTI-1', returns: '.nii', media: MEDIA }, async (c) => {
    const id = c.req.param('id') ?? '';
    checkSize(host.results.get(id).shape);
    const { summary, volume, series } = await host.results.whole(id);
    const order = volumeOrder(axesOf(host, summary), summary.slices);
    return nifti(arranged(magnitude(volume), order, summary.slices[0]), order, series.geometry, summary.title);
  });
  api.add(
    'get',
    '/recordings/:id/volume',
    { summary: 'A series as NIfTI-1: pixels, or root-sum-of-squares of k-space', returns: '.nii', media: MEDIA, query: { series: 'series id' } },
    async (c) => {
      const { input, summary } = host.recordings.get(c.req.param('id') ?? '');
      const series = seriesOf(summary, queryText(c.req.raw, 'series'));
      checkImages(series);
      const { rows, columns } = series.domain === 'kspace' || series.coils > 1 ? series.output : series;
      checkSize([series.slices, rows, columns]);
      const order = volumeOrder(series.axes, [0, series.slices]);
      const volume = zeros('float32', [series.slices, rows, columns]);
      for (const [place, slice] of order.order.entries()) {
        c.req.raw.signal.throwIfAborted();
        const image = await host.previewThread.look({ input, recording: identityOf(summary), series: series.id, slice });
        volume.data.set(magnitude(image).data, place * rows * columns);
      }
      const recording = await openInput(input);
      try {
        return nifti(volume, order, findSeries(recording, series.id).geometry, series.title);
      } finally {
        await recording.close();
      }
    },
  );
}

/** Of the series that a result was made from; none where the recording has gone. */
function axesOf(host: HostServices, result: ResultSummary): SeriesSummary['axes'] {
  const recording = host.recordings.list().find(({ id }) => id === result.recording);
  const made = (result.receipt as { pipeline?: { input?: { series?: string } } } | null)?.pipeline?.input?.series;
  return recording?.series.find(({ id }) => id === made)?.axes ?? [];
}

/** The slices of `volume`, which starts at index `start` of the series, volume after volume. */
function arranged(volume: NdArray<'float32'>, { order }: VolumeOrder, start: number): NdArray<'float32'> {
  if (order.every((index, i) => index === start + i)) return volume;
  const [, rows = 0, columns = 0] = volume.shape;
  const out = zeros('float32', [...volume.shape]);
  for (const [place, index] of order.entries()) {
    const from = (index - start) * rows * columns;
    out.data.set(volume.data.subarray(from, from + rows * columns), place * rows * columns);
  }
  return out;
}

function nifti(volume: NdArray<'float32'>, { places }: VolumeOrder, geometry: Geometry | undefined, description: string): Response {
  const bytes = writeNifti({ volume, slices: places, ...(geometry === undefined ? {} : { geometry }), description, comment: '' });
  return new Response(bytes as Uint8Array<ArrayBuffer>, { headers: { 'content-type': MEDIA, 'cache-control': 'no-store' } });
}

function seriesOf(recording: RecordingSummary, id: string): SeriesSummary {
  const found = recording.series.find((series) => series.id === id);
  if (found === undefined) throw new LacunaError('usage.not-found', `The recording has no series “${id}”.`, { field: 'series' });
  return found;
}

/** Samples along spokes or spirals are no image before a method has made one. */
function checkImages({ trajectory, title }: SeriesSummary): void {
  if (trajectory === undefined) return;
  throw new LacunaError('usage.unsupported', `“${title}” was sampled along a trajectory and is no image yet: reconstruct it and look at the result.`, { field: 'series' });
}

function checkSize(shape: readonly number[]): void {
  const bytes = 4 * shape.reduce((product, n) => product * n, 1);
  if (bytes <= MOST_BYTES) return;
  throw new LacunaError('usage.too-large', `The volume [${shape.join(', ')}] has ${Math.ceil(bytes / 2 ** 20)} MiB; up to ${MOST_BYTES / 2 ** 20} MiB are shown.`, { field: 'volume' });
}
