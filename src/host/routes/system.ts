/** What the studio is and can do: shell, steps, providers, settings. */
import { totalmem } from 'node:os';
import { z } from 'zod';
import { VERSION } from '../../version.ts';
import type { Api } from '../api.ts';
import type { ShellInfo } from '../contract.ts';
import type { HostServices } from '../services.ts';
import { readSettings, writeSettings } from '../settings.ts';
import { describeSteps } from '../summaries.ts';

export function systemRoutes(api: Api, host: HostServices): void {
  api.add('get', '/shell', { summary: 'The shell this studio runs in', returns: 'ShellInfo' }, async (c) => {
    const info: ShellInfo = {
      shell: host.shell,
      version: VERSION,
      cores: navigator.hardwareConcurrency,
      memoryBytes: totalmem(),
      dataFolder: host.library.folder,
      exportsFolder: host.exportsFolder,
      inferMemoryBytes: await host.inferMemory(),
      // Probing takes seconds on some machines, so this answers with what is known and never waits.
      providers: host.knownProviders(),
    };
    return c.json(info);
  });
  api.add('get', '/library', { summary: 'How much the library holds, and what was mended at start', returns: 'counts' }, (c) =>
    c.json({ ...host.library.counts(), warnings: host.library.warnings }),
  );
  api.add('get', '/steps', { summary: 'Every step with the JSON Schema of its parameters', returns: 'StepDescription[]' }, (c) => c.json(describeSteps()));
  api.add('get', '/providers', { summary: 'Execution providers, probed and verified against CPU', returns: 'ProviderReport[]' }, async (c) =>
    c.json(await host.infer.providers()),
  );
  api.add('get', '/settings', { summary: 'Settings', returns: 'Settings' }, (c) => c.json(readSettings(host.library)));
  api.add('put', '/settings', { summary: 'Replace the settings', returns: 'Settings', body: z.unknown() }, (c, body) => c.json(writeSettings(host.library, body)));
  api.add('get', '/openapi.json', { summary: 'This description', returns: 'OpenAPI 3.1' }, (c) => c.json(api.describe() as object));
}
