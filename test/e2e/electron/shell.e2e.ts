/**
 * The real desktop shell, unpackaged (a package's fuses forbid the debugger that Playwright needs). Runs wherever an
 * Electron binary exists; says that it was skipped where none does.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { _electron } from 'playwright-core';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findElectron } from './electron-executable.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const OUT = join(ROOT, 'out', 'test', 'desktop-e2e');
const executablePath = findElectron();
if (executablePath === null) {
  process.stderr.write(
    'Electron tests skipped: no Electron binary (set ELECTRON_OVERRIDE_DIST_PATH, or run `npx electron` once where it can be downloaded)\n',
  );
}

describe.skipIf(executablePath === null)('the desktop shell in Electron', () => {
  let folder: string;
  let app: ElectronApplication;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    const cli = join(ROOT, 'node_modules/electron-vite/bin/electron-vite.js');
    await promisify(execFile)(process.execPath, [cli, 'build', '--logLevel', 'warn'], {
      cwd: ROOT,
      env: { ...process.env, LACUNA_OUT: OUT },
    });
    folder = await mkdtemp(join(tmpdir(), 'lacuna-electron-'));
    const scan = join(folder, 'scan.npy');
    await writeFile(scan, onesAsNpy(32, 32));
    const sandbox = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    app = await _electron.launch({
      ...(executablePath === null ? {} : { executablePath }),
      args: [...sandbox, `--user-data-dir=${join(folder, 'user')}`, join(OUT, 'main', 'main.js'), scan],
      env: { ...definedOnly(process.env), LACUNA_HOME: join(folder, 'data'), LACUNA_EXPORTS: join(folder, 'exports') },
    });
    page = await app.firstWindow();
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await page.waitForLoadState('domcontentloaded');
  });

  afterAll(async () => {
    await app?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const get = (path: string): Promise<unknown> => page.evaluate(async (url) => (await fetch(url)).json() as Promise<unknown>, path);

  it('shows the studio under its own scheme, through the proxy', async () => {
    expect(page.url()).toMatch(/^lacuna:\/\/studio\//);
    expect(await page.title()).toContain('Lacuna Studio');
    expect(await get('/api/shell')).toMatchObject({ shell: 'desktop' });
  });

  it('opens the file of its command line', async () => {
    await expect
      .poll(async () => ((await get('/api/recordings')) as { name: string }[]).map(({ name }) => name))
      .toContain('scan.npy');
  });

  it('gives the page the shell’s few functions, and neither Node nor Electron', async () => {
    const seen = await page.evaluate(() => ({
      shell: Object.keys((window as unknown as { lacunaShell: object }).lacunaShell).sort(),
      node: [typeof (globalThis as Record<string, unknown>)['require'], typeof (globalThis as Record<string, unknown>)['process']],
    }));
    expect(seen.shell).toEqual(['handleForDroppedFile', 'onMenuAction', 'onOpenHandles', 'openDialog', 'saveDialog', 'showExports']);
    expect(seen.node).toEqual(['undefined', 'undefined']);
  });

  it('goes nowhere else: no navigation, no window, no request', async () => {
    await page.evaluate(() => {
      location.href = 'https://example.org/';
    });
    await page.waitForTimeout(300);
    expect(page.url()).toMatch(/^lacuna:\/\/studio\//);
    expect(await page.evaluate(() => window.open('https://example.org/'))).toBeNull();
    expect(
      await page.evaluate(() =>
        fetch('https://example.org/').then(
          () => 'answered',
          () => 'refused',
        ),
      ),
    ).toBe('refused');
    expect(app.windows()).toHaveLength(1);
  });

  it('sends menu entries to the page as actions', async () => {
    await page.evaluate(() => {
      const heard: string[] = [];
      Object.assign(window, { heard });
      (window as unknown as { lacunaShell: { onMenuAction(f: (id: string) => void): void } }).lacunaShell.onMenuAction((id) => void heard.push(id));
    });
    await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('view.fit')?.click());
    await expect.poll(() => page.evaluate(() => (window as unknown as { heard: string[] }).heard)).toEqual(['view.fit']);
  });

  it('verifies the CPU provider in a utility process', async () => {
    const providers = (await get('/api/providers')) as { name: string; state: string }[];
    expect(providers.find(({ name }) => name === 'cpu')).toMatchObject({ state: 'verified' });
  });

  it('goes on when its inference process is killed', async () => {
    await app.evaluate(({ app: electron }) => {
      for (const metric of electron.getAppMetrics())
        if (metric.serviceName === 'Lacuna inference' || metric.name === 'Lacuna inference') process.kill(metric.pid, 'SIGKILL');
    });
    expect(await get('/api/shell')).toMatchObject({ shell: 'desktop' });
  });

  it('made no error in the page', () => {
    expect(errors.filter((text) => !text.includes('example.org'))).toEqual([]);
  });
});

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** A float32 image of ones as `.npy` version 1. */
function onesAsNpy(rows: number, columns: number): Buffer {
  const described = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const data = Buffer.from(new Float32Array(rows * columns).fill(1).buffer);
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    Buffer.from([118, 0]),
    Buffer.from(`${described.padEnd(117)}\n`, 'latin1'),
    data,
  ]);
}
