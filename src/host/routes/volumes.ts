/** Whole volumes as NIfTI in memory, for the multiplanar view. */
import { magnitude, type NdArray, zeros } from '../../array/nd-array.ts';
import type { Geometry } from '../../array/recording.ts';
import { LacunaError } from '../../errors.ts';
import { writeNifti } from '../../formats/nifti/write.ts';
import { findSeries, openInput } from '../../pipeline/open-input.ts';
import type { Api } from '../api.ts';
import { identityOf } from '../compute/messages.ts';
import type { RecordingSummary, SeriesSummary } from '../contract.ts';
import { queryText } from '../requests.ts';
import type { HostServices } from '../services.ts';

const MEDIA = 'application/octet-stream';
/** Of float32 voxels: what a browser's graphics memory takes without trouble. */
const MOST_BYTES = 512 * 2 ** 20;

export function volumeRoutes(api: Api, host: HostServices): void {
  api.add('get', '/results/:id/volume', { summary: 'The magnitude of a result as NIfTI-1', returns: '.nii', media: MEDIA }, async (c) => {
    const { summary, volume, series } = await host.results.whole(c.req.param('id') ?? '');
    checkSize(summary.shape);
    const slices = Array.from({ length: summary.slices[1] - summary.slices[0] }, (_, i) => summary.slices[0] + i);
    return nifti(magnitude(volume), slices, series.geometry, summary.title);
  });
  api.add(
    'get',
    '/recordings/:id/volume',
    { summary: 'A series as NIfTI-1: pixels, or root-sum-of-squares of k-space', returns: '.nii', media: MEDIA, query: { series: 'series id' } },
    async (c) => {
      const { input, summary } = host.recordings.get(c.req.param('id') ?? '');
      const series = seriesOf(summary, queryText(c.req.raw, 'series'));
      const { rows, columns } = series.domain === 'kspace' ? series.output : series;
      checkSize([series.slices, rows, columns]);
      const volume = zeros('float32', [series.slices, rows, columns]);
      for (let slice = 0; slice < series.slices; slice++) {
        const image = await host.previewThread.look({ input, recording: identityOf(summary), series: series.id, slice });
        volume.data.set(magnitude(image).data, slice * rows * columns);
      }
      const recording = await openInput(input);
      try {
        const { geometry } = findSeries(recording, series.id);
        return nifti(volume, [...Array(series.slices).keys()], geometry, series.title);
      } finally {
        await recording.close();
      }
    },
  );
}

function nifti(volume: NdArray<'float32'>, slices: readonly number[], geometry: Geometry | undefined, description: string): Response {
  const bytes = writeNifti({ volume, slices, ...(geometry === undefined ? {} : { geometry }), description, comment: '' });
  return new Response(bytes as Uint8Array<ArrayBuffer>, { headers: { 'content-type': MEDIA, 'cache-control': 'no-store' } });
}

function seriesOf(recording: RecordingSummary, id: string): SeriesSummary {
  const found = recording.series.find((series) => series.id === id);
  if (found === undefined) throw new LacunaError('usage.not-found', `The recording has no series “${id}”.`, { field: 'series' });
  return found;
}

function checkSize(shape: readonly number[]): void {
  const bytes = 4 * shape.reduce((product, n) => product * n, 1);
  if (bytes <= MOST_BYTES) return;
  throw new LacunaError('usage.too-large', `The volume [${shape.join(', ')}] has ${Math.ceil(bytes / 2 ** 20)} MiB; up to ${MOST_BYTES / 2 ** 20} MiB are shown.`, { field: 'volume' });
}
