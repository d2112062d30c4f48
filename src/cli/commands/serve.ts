/** `lacuna serve`: the studio in a browser, from this machine or through an SSH tunnel. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LacunaError } from '../../errors.ts';
import { startHost } from '../../host/serve.ts';
import { startNodeInfer } from '../../infer/node-infer.ts';
import { defaultDataFolder } from '../../library/data-folder.ts';
import { PRODUCT } from '../../version.ts';
import type { Flag } from '../arguments.ts';
import type { Command } from '../command.ts';
import { threadsOf } from '../machine.ts';

const RENDERER = fileURLToPath(new URL('../../../out/renderer', import.meta.url));

const FLAGS: readonly Flag[] = [
  { name: 'port', kind: 'number', value: 'N', help: 'TCP port on the loopback interface; 0 picks a free one', default: '0' },
  { name: 'allow-host', kind: 'text', value: 'NAME:PORT', help: 'also answer to this Host header (for tunnels under another port)', repeated: true },
  { name: 'data', kind: 'text', value: 'FOLDER', help: 'where the library is kept', default: 'LACUNA_HOME or the platform default' },
  { name: 'exports', kind: 'text', value: 'FOLDER', help: 'where exports are written', default: '~/Lacuna' },
  { name: 'no-open', kind: 'switch', help: 'print the address only; do not open a browser' },
  { name: 'threads', kind: 'number', value: 'N', help: 'processor threads', default: 'all cores' },
];

export const serveCommand: Command = {
  name: 'serve',
  summary: 'Serve the studio to a browser on this machine',
  usage: '[--port 4711]',
  positionals: 0,
  notes: 'Listens on 127.0.0.1 only. The address carries a token that opens the studio once; the browser keeps a cookie after that.\nThrough SSH: ssh -L 4711:127.0.0.1:4711 workstation, then lacuna serve --port 4711 there.',
  flags: () => FLAGS,
  async run(args, out) {
    if (!existsSync(RENDERER)) throw new LacunaError('io.read', 'The studio has not been built; run npm run build.', { file: 'out/renderer' });
    const port = args.number('port') ?? 0;
    if (!Number.isInteger(port) || port < 0 || port > 65535) throw new LacunaError('usage.invalid', `--port expects 0 to 65535, got ${port}.`, { field: 'port' });
    const threads = threadsOf(args);
    const dataFolder = args.text('data') ?? defaultDataFolder();
    const infer = startNodeInfer({ threads, cacheFolder: dataFolder });
    const exportsFolder = args.text('exports');
    const host = await startHost({
      listen: { host: '127.0.0.1', port },
      dataFolder,
      infer,
      rendererFolder: RENDERER,
      shell: 'browser',
      hosts: args.all('allow-host'),
      threads,
      ...(exportsFolder === undefined ? {} : { exportsFolder }),
      warmUp: () => infer.warmUp(),
    });
    for (const warning of host.services.library.warnings) out.warn(`note: ${warning}`);
    out.say(`${PRODUCT} is at ${host.url}`);
    out.result({ url: host.url, token: host.token, inferPid: infer.pid ?? null });
    if (!args.on('no-open')) openBrowser(host.url);
    await untilStopped();
    await host.close();
    await infer.close();
    return 0;
  },
};

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}

/** Where there is no browser to open, the printed address is all there is to do. */
function openBrowser(url: string): void {
  const [command, ...before] =
    process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open'];
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return;
  const child = spawn(command as string, [...before, url], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
