/** Jobs, results, exports, sweeps and arrays. */
import { LacunaError } from '../../errors.ts';
import { type Api, ndjson, npy } from '../api.ts';
import type { JobRequest, SweepRequest, ViewRequest } from '../contract.ts';
import { exportRequest, jobRequest, queryInteger, sweepRequest, viewRequest } from '../requests.ts';
import type { HostServices } from '../services.ts';

export function jobRoutes(api: Api, host: HostServices): void {
  const { jobs, results, sweeps, views, arrays } = host;
  const stream = { media: 'application/x-ndjson' };

  api.add('post', '/jobs', { summary: 'Reconstruct: preview a slice or run slices into the library', returns: 'JobEvent, one a line', ...stream, body: jobRequest }, (_c, body) => {
    const { id, events } = jobs.start(body as JobRequest);
    // A run goes on when the window closes; a preview is for nobody then.
    const leave = () => {
      if (body.purpose === 'preview') jobs.cancel(id, new LacunaError('job.superseded', 'Nobody is waiting for this preview any more.'));
    };
    return ndjson(events.stream(leave));
  });
  api.add('get', '/jobs', { summary: 'Jobs, newest first', returns: 'JobSummary[]' }, (c) => c.json(jobs.list()));
  api.add('get', '/jobs/:id/events', { summary: 'Events of a job from its start', returns: 'JobEvent, one a line', ...stream }, (c) =>
    ndjson(jobs.events(c.req.param('id') ?? '').stream()),
  );
  api.add('delete', '/jobs/:id', { summary: 'Cancel a job, sweep or view', returns: 'nothing' }, (c) => {
    const id = c.req.param('id') ?? '';
    if (!sweeps.cancel(id) && !views.cancel(id)) jobs.cancel(id);
    return c.body(null, 204);
  });
  api.add('post', '/sweeps', { summary: 'Score methods over accelerations on one slice', returns: 'SweepEvent, one a line', ...stream, body: sweepRequest }, (_c, body) => {
    const { id, events } = sweeps.start(body as SweepRequest);
    return ndjson(events.stream(() => sweeps.cancel(id)));
  });
  api.add('post', '/views', { summary: 'Look at one slice through a view step', returns: 'ViewEvent, one a line', ...stream, body: viewRequest }, (_c, body) => {
    const { id, events } = views.start(body as ViewRequest);
    return ndjson(events.stream(() => views.cancel(id, new LacunaError('job.superseded', 'Nobody is waiting for this view any more.'))));
  });
  api.add('get', '/arrays/:key', { summary: 'An array by the SHA-256 of its bytes', returns: '.npy', media: 'application/x-npy' }, (c) => {
    const bytes = arrays.get(c.req.param('key') ?? '');
    if (bytes === null) throw new LacunaError('usage.not-found', 'That array is not kept any more; ask for the image again.', { field: 'key' });
    return npy(bytes, true);
  });

  api.add('get', '/results', { summary: 'Results, newest first', returns: 'ResultSummary[]' }, (c) => c.json(results.list()));
  api.add('get', '/results/:id', { summary: 'One result with its receipt', returns: 'ResultSummary' }, (c) => c.json(results.get(c.req.param('id') ?? '')));
  api.add('delete', '/results/:id', { summary: 'Remove a result', returns: 'nothing' }, async (c) => {
    await results.remove(c.req.param('id') ?? '');
    return c.body(null, 204);
  });
  const slice = { media: 'application/x-npy', query: { slice: '0-based within the result' } };
  api.add('get', '/results/:id/image', { summary: 'One slice of a result', returns: '.npy', ...slice }, async (c) =>
    npy(await results.image(c.req.param('id') ?? '', queryInteger(c.req.raw, 'slice', 0))),
  );
  api.add('get', '/results/:id/reference', { summary: 'One slice of the reference of a result', returns: '.npy', ...slice }, async (c) =>
    npy(await results.reference(c.req.param('id') ?? '', queryInteger(c.req.raw, 'slice', 0))),
  );
  api.add('post', '/results/:id/export', { summary: 'Write a result with its receipt', returns: 'ExportReply', body: exportRequest }, async (c, body) => {
    const { name, handle, slices, ...rest } = body;
    return c.json(
      await results.export(c.req.param('id') ?? '', {
        ...rest,
        ...(name === undefined ? {} : { name }),
        ...(handle === undefined ? {} : { handle }),
        ...(slices === undefined ? {} : { slices }),
      }),
    );
  });
  api.add('get', '/exports/:token/:file', { summary: 'Download a file just exported', returns: 'the file', media: 'application/octet-stream' }, async (c) => {
    const file = c.req.param('file') ?? '';
    const bytes = await results.download(c.req.param('token') ?? '', file);
    const name = encodeURIComponent(file);
    return new Response(bytes as Uint8Array<ArrayBuffer>, {
      headers: { 'content-type': 'application/octet-stream', 'content-disposition': `attachment; filename*=UTF-8''${name}` },
    });
  });
}
