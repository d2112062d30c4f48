/** Model packages: what is installed, and networks of the person's own. */
import { z } from 'zod';
import { packageAnswers } from '../../models/draft.ts';
import { MAX_GRAPH_BYTES } from '../../models/manifest.ts';
import type { Api } from '../api.ts';
import { limitedBody } from '../security.ts';
import type { HostServices } from '../services.ts';

const addRequest = z.strictObject({ token: z.string().max(64), answers: packageAnswers, replace: z.boolean().default(false) });

export function modelRoutes(api: Api, { models }: HostServices): void {
  api.add('get', '/models', { summary: 'Installed model packages', returns: 'ModelDescription[]' }, async (c) => c.json(await models.list()));
  api.add('get', '/models/problems', { summary: 'Packages that are there and cannot be used, with the reason', returns: 'ModelProblem[]' }, async (c) => c.json(await models.problems()));
  api.add('post', '/models/inspect', { summary: 'Read an ONNX file: its tensors, and what they may hold', returns: 'ModelInspection', rawBody: 'application/octet-stream' }, async (c) =>
    c.json(models.inspect(await limitedBody(c.req.raw, MAX_GRAPH_BYTES))),
  );
  api.add('post', '/models', { summary: 'Try an inspected network and add it', returns: 'ModelDescription', body: addRequest }, async (c, { token, answers, replace }) =>
    c.json(await models.add(token, answers, replace)),
  );
  api.add('delete', '/models/:id', { summary: 'Remove a network of your own', returns: 'nothing' }, async (c) => {
    await models.remove(c.req.param('id') ?? '');
    return c.body(null, 204);
  });
  api.add('get', '/models/:id/pictures/:name', { summary: 'A picture of the card', returns: 'PNG', media: 'image/png' }, async (c) => {
    const bytes = await models.picture(c.req.param('id') ?? '', c.req.param('name') ?? '');
    return new Response(new Uint8Array(bytes), { headers: { 'content-type': 'image/png', 'cache-control': 'no-store' } });
  });
}
