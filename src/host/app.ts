/** The HTTP application: guard, API, then the renderer's files. */
import { Hono } from 'hono';
import { LacunaError } from '../errors.ts';
import { Api } from './api.ts';
import { problemResponse } from './problem.ts';
import { jobRoutes } from './routes/jobs.ts';
import { modelRoutes } from './routes/models.ts';
import { recordingRoutes } from './routes/recordings.ts';
import { volumeRoutes } from './routes/volumes.ts';
import { systemRoutes } from './routes/system.ts';
import { type Access, guard, headers } from './security.ts';
import type { HostServices } from './services.ts';
import { staticFile } from './static-files.ts';

export function createApp(services: HostServices, access: () => Access, rendererFolder: string | null): Hono {
  const app = new Hono();
  app.use('*', headers);
  app.use('*', guard(access));
  app.onError((error) => problemResponse(error));
  const api = new Api(app);
  systemRoutes(api, services);
  recordingRoutes(api, services);
  jobRoutes(api, services);
  modelRoutes(api, services);
  volumeRoutes(api, services);
  app.get('*', async (context) => {
    const path = new URL(context.req.url).pathname;
    const file = path.startsWith('/api/') || rendererFolder === null ? null : await staticFile(rendererFolder, path);
    return file ?? notFound(path);
  });
  app.notFound((context) => notFound(new URL(context.req.url).pathname));
  return app;
}

function notFound(path: string): Response {
  return problemResponse(new LacunaError('usage.not-found', 'There is nothing here.', { field: path }));
}
