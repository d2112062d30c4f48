/** The real host, started by its command line with a library of its own. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

export interface RunningHost {
  /** With the token that opens the studio once. */
  readonly url: string;
  readonly origin: string;
  readonly folder: string;
  /** Of the inference process, as the host reported it when it started. */
  readonly inferPid: number | null;
  /** Its present pid: superseding a preview in the middle of a native call restarts it. Null where `pgrep` is missing. */
  inferNow(): number | null;
  /** What the process wrote to stderr, for failures. */
  log(): string;
  /** Ends the process; the library stays for a restart. */
  stop(): Promise<void>;
  /** Ends the process and removes its folder. */
  remove(): Promise<void>;
}

export async function startStudioHost(folder?: string): Promise<RunningHost> {
  if (!existsSync(join(ROOT, 'out/renderer/index.html'))) throw new Error('out/renderer is missing: run `npm run build` first');
  const home = folder ?? (await mkdtemp(join(tmpdir(), 'lacuna-e2e-')));
  const args = ['src/cli/main.ts', 'serve', '--no-open', '--json', '--port', '0', '--data', join(home, 'data'), '--exports', join(home, 'exports')];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const { url, inferPid } = await firstObject(child, () => errors);
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(timer);
  };
  return {
    url,
    origin: new URL(url).origin,
    folder: home,
    inferPid,
    inferNow: () => {
      const found = spawnSync('pgrep', ['-P', String(child.pid), '-f', 'infer'], { encoding: 'utf8' });
      const pid = Number.parseInt(found.stdout ?? '', 10);
      return Number.isNaN(pid) ? null : pid;
    },
    log: () => errors,
    stop,
    remove: async () => {
      await stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** The JSON object that `serve --json` prints once it listens. */
function firstObject(child: ChildProcess, log: () => string): Promise<{ url: string; inferPid: number | null }> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error(`The host did not start within 120 s.\n${log()}`)), 120_000);
    child.once('exit', (code) => reject(new Error(`The host ended with code ${code}.\n${log()}`)));
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      try {
        const parsed = JSON.parse(text) as { url: string; inferPid: number | null };
        clearTimeout(timer);
        resolve(parsed);
      } catch {
        // Not complete yet.
      }
    });
  });
}
