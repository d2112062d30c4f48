/** Starts the host: library, compute threads, inference, HTTP on loopback or on a private socket. */
import { chmodSync, rmSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import { LacunaError } from '../errors.ts';
import { gpuProvider } from '../infer/gpu-choice.ts';
import type { InferPort, ProviderReport } from '../infer/port.ts';
import { Library } from '../library/library.ts';
import { createApp } from './app.ts';
import { ArrayStore } from './array-store.ts';
import { ComputeThread } from './compute/compute-thread.ts';
import { JobManager } from './job-manager.ts';
import { ModelService } from './model-service.ts';
import { ModelTimes } from './model-times.ts';
import { PatternFiles } from './pattern-files.ts';
import { RecordingService } from './recording-service.ts';
import { ResultService } from './result-service.ts';
import { type Access, newToken } from './security.ts';
import type { HostServices } from './services.ts';
import { readSettings } from './settings.ts';
import { SweepManager } from './sweep-manager.ts';
import { ViewManager } from './view-manager.ts';

/** What the host needs of the supervised inference process. */
export interface HostInfer extends InferPort {
  /** Resident memory after the last reply; null while no process runs. */
  readonly memoryBytes: number | null;
}

export interface HostOptions {
  readonly listen: { readonly socketPath: string } | { readonly host: string; readonly port: number };
  readonly dataFolder: string;
  readonly infer: HostInfer;
  /** Folder of the built renderer; null serves the API alone. */
  readonly rendererFolder: string | null;
  readonly shell: 'browser' | 'desktop';
  /** Other names under which a browser may reach this host, `name:port`; for SSH tunnels. */
  readonly hosts?: readonly string[];
  readonly origins?: readonly string[];
  readonly exportsFolder?: string;
  readonly threads?: number;
  /** Handles that the desktop shell issued. */
  openPath?(handle: string): string | null;
  savePath?(handle: string): string | null;
  /** Starts the network runtime early so that the first learned reconstruction does not wait for it. */
  warmUp?(): Promise<void>;
}

export interface RunningHost {
  /** `http://127.0.0.1:4711/?token=…`, or the socket's path. */
  readonly url: string;
  readonly token: string | null;
  readonly services: HostServices;
  close(): Promise<void>;
}

export async function startHost(options: HostOptions): Promise<RunningHost> {
  const library = Library.open(options.dataFolder);
  try {
    const services = makeServices(options, library);
    let access: Access = { token: null, hosts: [], origins: options.origins ?? [] };
    const app = createApp(services, () => access, options.rendererFolder);
    const server = createAdaptorServer({ fetch: app.fetch }) as Server;
    await listen(server, options.listen);
    const token = 'port' in options.listen ? newToken() : null;
    if ('port' in options.listen) access = { token, hosts: hostNames(server, options), origins: options.origins ?? [] };
    services.previewThread.warm();
    void options.warmUp?.().catch(() => {});
    return {
      url: urlOf(server, options.listen, token),
      token,
      services,
      async close() {
        services.jobs.close();
        services.views.close();
        await closeServer(server);
        await Promise.all(threadsOf(services).map((thread) => thread.close()));
        await services.jobs.drained();
        library.close();
      },
    };
  } catch (error) {
    library.close();
    throw error;
  }
}

const THREADS = new WeakMap<HostServices, readonly ComputeThread[]>();
const threadsOf = (services: HostServices) => THREADS.get(services) ?? [];

function makeServices(options: HostOptions, library: Library): HostServices {
  const { infer } = options;
  const times = new ModelTimes(library);
  const models = new ModelService({ dataFolder: library.folder, infer, times });
  const loadModel = (id: string) => models.load(id);
  const exportsFolder = options.exportsFolder ?? process.env['LACUNA_EXPORTS'] ?? join(homedir(), 'Lacuna');
  let known: readonly ProviderReport[] = [];
  const thread = () => new ComputeThread({ infer, loadModel, gpuFor: (provider) => gpuProvider(provider, known) });
  const [previewThread, runThread, sweepThread, viewThread, slowViewThread] = [thread(), thread(), thread(), thread(), thread()];
  const allThreads = [previewThread, runThread, sweepThread, viewThread, slowViewThread];
  const arrays = new ArrayStore();
  const patternFiles = new PatternFiles();
  const recordings = new RecordingService(library);
  const threads = options.threads ?? readSettings(library).threads;
  const results = new ResultService({ library, recordings, exportsFolder, threads, infer, loadModel, savePath: (handle) => options.savePath?.(handle) ?? null });
  const jobs = new JobManager({ library, recordings, results, arrays, patternFiles, previewThread, runThread, times, loadModel });
  const sweeps = new SweepManager({ thread: sweepThread, patternFiles, recordings, arrays });
  const views = new ViewManager({ recordings, arrays, patternFiles, quickThread: viewThread, slowThread: slowViewThread });
  const probing: HostInfer = {
    get memoryBytes() {
      return infer.memoryBytes;
    },
    run: (request, signal) => infer.run(request, signal),
    providers: async () => {
      known = await infer.providers();
      return known;
    },
  };
  const services: HostServices = {
    shell: options.shell,
    exportsFolder,
    library,
    infer: probing,
    knownProviders: () => known,
    inferMemory: () => Promise.resolve(infer.memoryBytes),
    models,
    recordings,
    results,
    jobs,
    sweeps,
    views,
    arrays,
    patternFiles,
    previewThread,
    viewThread,
    openPath: (handle) => options.openPath?.(handle) ?? null,
    forgetInput: (input) => {
      for (const each of allThreads) each.forget(input);
    },
  };
  THREADS.set(services, allThreads);
  return services;
}

function listen(server: Server, where: HostOptions['listen']): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(new LacunaError('io.write', `The studio cannot listen on ${describe(where)}.`, { field: 'port', cause })));
    if ('port' in where) return server.listen(where.port, where.host, () => resolve());
    if (process.platform !== 'win32') rmSync(where.socketPath, { force: true });
    server.listen(where.socketPath, () => {
      if (process.platform !== 'win32') chmodSync(where.socketPath, 0o600);
      resolve();
    });
  });
}

function describe(where: HostOptions['listen']): string {
  return 'port' in where ? `${where.host}:${where.port}` : where.socketPath;
}

function hostNames(server: Server, options: HostOptions): readonly string[] {
  const { port } = server.address() as AddressInfo;
  const given = 'port' in options.listen ? options.listen.host : '';
  return [...new Set([`127.0.0.1:${port}`, `localhost:${port}`, `${given}:${port}`, ...(options.hosts ?? [])])];
}

function urlOf(server: Server, where: HostOptions['listen'], token: string | null): string {
  if (!('port' in where)) return where.socketPath;
  const { port } = server.address() as AddressInfo;
  return `http://${where.host === '0.0.0.0' ? '127.0.0.1' : where.host}:${port}/?token=${token ?? ''}`;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    (server as Server & { closeAllConnections?(): void }).closeAllConnections?.();
  });
}
