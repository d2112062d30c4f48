/** Recordings and pattern files. */
import { encodeNpy } from '../../array/npy.ts';
import { z } from 'zod';
import { heatingSchema, readOptionsSchema } from '../../array/read-options.ts';
import { LacunaError } from '../../errors.ts';
import { encodePattern } from '../../sampling/pattern-files.ts';
import { type Api, npy } from '../api.ts';
import type { PatternExportRequest } from '../contract.ts';
import { stepFits } from '../fits.ts';
import { handleRequest, patternExportRequest, queryInteger, queryText, sampleRequest } from '../requests.ts';
import { limitedBody } from '../security.ts';
import { requestDocument, requestedSeries } from '../request-document.ts';
import type { HostServices } from '../services.ts';
import { identityOf } from '../compute/messages.ts';
import type { UploadPart } from '../recording-service.ts';

const PATTERN_LIMIT = 64 * 2 ** 20;
const PATTERN_MEDIA = { npy: 'application/x-npy', csv: 'text/csv; charset=utf-8', json: 'application/json' } as const;
const FOLDER_LIMIT = 4 * 2 ** 30;

export function recordingRoutes(api: Api, host: HostServices): void {
  const { recordings } = host;
  api.add('get', '/recordings', { summary: 'Recordings, newest first', returns: 'RecordingSummary[]' }, (c) => c.json(recordings.list()));
  api.add('post', '/samples/:name', { summary: "Make one of the studio's own recordings", returns: 'RecordingSummary', body: sampleRequest }, async (c, params) =>
    c.json(await recordings.openSample({ name: c.req.param('name') ?? '', params })),
  );
  api.add(
    'post',
    '/recordings',
    { summary: 'Open a file', returns: 'RecordingSummary', rawBody: 'application/octet-stream', query: { name: 'file name' } },
    async (c) => {
      const request = c.req.raw;
      const body = request.body;
      if (body === null) throw new LacunaError('usage.invalid', 'The file is empty.', { field: 'body', file: queryText(request, 'name') });
      return c.json(await recordings.upload({ name: queryText(request, 'name'), body }, declared(request)));
    },
  );
  api.add(
    'post',
    '/recordings/folder',
    { summary: 'Open a folder of DICOM images', returns: 'RecordingSummary', rawBody: 'multipart/form-data', query: { name: 'folder name' } },
    async (c) => {
      const request = c.req.raw;
      const bytes = declared(request);
      if (bytes === null || bytes > FOLDER_LIMIT) throw new LacunaError('usage.too-large', `A dropped folder may have at most ${FOLDER_LIMIT} bytes.`, { field: 'body' });
      return c.json(await recordings.uploadFolder(queryText(request, 'name'), parts(await formOf(request)), bytes));
    },
  );
  api.add('post', '/recordings/handle', { summary: 'Open what the desktop shell was given', returns: 'RecordingSummary', body: handleRequest }, async (c, { handle }) => {
    const path = host.openPath(handle);
    if (path === null) throw new LacunaError('usage.forbidden', 'That handle was not issued by this studio.', { field: 'handle' });
    return c.json(await recordings.openPath(path));
  });
  api.add('get', '/recordings/:id', { summary: 'One recording', returns: 'RecordingSummary' }, (c) => c.json(recordings.get(c.req.param('id') ?? '').summary));
  api.add('get', '/recordings/:id/fits', { summary: 'Which patterns, methods and views suit a series, and why not', returns: 'StepFit[]', query: { series: 'series id' } }, (c) =>
    c.json(stepFits(requestedSeries({ series: queryText(c.req.raw, 'series') }, recordings.get(c.req.param('id') ?? '').summary))),
  );
  api.add('put', '/recordings/:id/reading', { summary: 'Read the same file another way: axes, domains, fixes', returns: 'RecordingSummary', body: readOptionsSchema }, async (c, options) =>
    c.json(await recordings.readAnew(c.req.param('id') ?? '', options)),
  );
  api.add('get', '/readings/heating', { summary: 'JSON Schema of the heating that a reading can simulate', returns: 'JsonSchemaObject' }, (c) => c.json(heatingParams()));
  api.add('delete', '/recordings/:id', { summary: 'Forget a recording; results made from it stay', returns: 'nothing' }, async (c) => {
    const input = await recordings.remove(c.req.param('id') ?? '');
    host.forgetInput(input);
    return c.body(null, 204);
  });
  api.add(
    'get',
    '/recordings/:id/image',
    { summary: 'One slice: pixels of an image series, root-sum-of-squares of k-space', returns: '.npy', media: 'application/x-npy', query: { series: 'series id', slice: 'slice index' } },
    async (c) => {
      const { input, summary } = recordings.get(c.req.param('id') ?? '');
      const image = await host.previewThread.look({ input, recording: identityOf(summary), series: queryText(c.req.raw, 'series'), slice: queryInteger(c.req.raw, 'slice', 0) });
      return npy(encodeNpy(image));
    },
  );
  api.add(
    'post',
    '/patterns',
    { summary: 'Load a pattern file: .npy, .csv or .json', returns: '{ handle, name, shape, kept }', rawBody: 'application/octet-stream', query: { name: 'file name' } },
    async (c) => c.json(host.patternFiles.add(queryText(c.req.raw, 'name'), await limitedBody(c.req.raw, PATTERN_LIMIT))),
  );
  api.add(
    'post',
    '/patterns/export',
    { summary: 'A pattern as a file', returns: '.npy, .csv or JSON', media: 'application/octet-stream', body: patternExportRequest },
    async (_c, body) => exportedPattern(host, body),
  );
}

/** The pattern as it is made for the series, from whichever step. */
async function exportedPattern(host: HostServices, { recording, series, pattern: call, format }: PatternExportRequest): Promise<Response> {
  const { input, summary } = host.recordings.get(recording);
  requestedSeries({ series }, summary);
  const document = requestDocument({ series, slices: [0, 1], pattern: call, method: { name: 'zero-filled', params: {} } }, summary);
  const { outcome } = host.viewThread.pattern({ input, recording: identityOf(summary), document, killInferOnCancel: false, patternFiles: host.patternFiles.of(call) });
  const bytes = encodePattern(await outcome, format);
  const name = `${call.name}.${format}`;
  return new Response(bytes as Uint8Array<ArrayBuffer>, {
    headers: { 'content-type': PATTERN_MEDIA[format], 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`, 'cache-control': 'no-store' },
  });
}

function declared(request: Request): number | null {
  const text = request.headers.get('content-length');
  return text === null ? null : Number(text);
}

async function formOf(request: Request): Promise<FormData> {
  try {
    return await request.formData();
  } catch (cause) {
    throw new LacunaError('usage.invalid', 'Expected the files of the folder as multipart/form-data.', { field: 'body', cause });
  }
}

async function* parts(form: FormData): AsyncGenerator<UploadPart> {
  for (const [, value] of form) {
    if (typeof value !== 'string') yield { name: value.name, body: value.stream() };
  }
}

function heatingParams(): unknown {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(heatingSchema, { io: 'input', target: 'draft-2020-12' });
  return schema;
}
