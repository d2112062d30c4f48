/** Builds the harness page, serves it under the studio's CSP, and opens it. */
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build } from 'vite';
import type { Browser, Page } from 'playwright-core';
import { serveFolder } from '../support/static-server.ts';
import type { StaticServer } from '../support/static-server.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export async function buildHarness(): Promise<StaticServer> {
  const outDir = at('../../../out/test/viewers');
  await build({
    root: at('.'),
    configFile: false,
    logLevel: 'warn',
    plugins: [svelte({ configFile: at('../../../svelte.config.js') })],
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2023',
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      rolldownOptions: { input: at('./harness.html') },
    },
  });
  return serveFolder(outDir);
}

export interface OpenHarness {
  readonly page: Page;
  /** Everything the console said at warning level or above, CSP violations included. */
  readonly complaints: string[];
}

export async function openHarness(browser: Browser, server: StaticServer, size = { width: 1280, height: 800 }): Promise<OpenHarness> {
  const context = await browser.newContext({ viewport: size, colorScheme: 'dark' });
  const page = await context.newPage();
  page.setDefaultTimeout(90_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'warning' || message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`${server.url}/harness.html`);
  await page.waitForFunction(() => window.harness !== undefined);
  await page.waitForFunction(() => document.querySelectorAll('.pane canvas').length === 4);
  return { page, complaints };
}
