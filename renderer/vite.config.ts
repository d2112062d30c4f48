import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * The studio's page. Everything is a file of its own (no inline script, style or data URL module), so that the host's
 * Content-Security-Policy can start from `default-src 'none'` without 'unsafe-inline'.
 */
export default defineConfig({
  root: at('.'),
  base: './',
  plugins: [svelte({ configFile: at('../svelte.config.js') })],
  build: {
    outDir: at('../out/renderer'),
    emptyOutDir: true,
    target: 'es2023',
    // The polyfill is an inline script.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  // `npx vite renderer` beside a running `lacuna serve --port 7700`.
  server: { proxy: { '/api': 'http://127.0.0.1:7700' } },
});
