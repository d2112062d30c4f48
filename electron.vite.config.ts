/**
 * Bundles of the desktop: main with every process and thread entry beside it in out/main (they find each other by
 * `import.meta`), the sandboxed preload as CommonJS, and the same page as the browser shell.
 */
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';
import page from './renderer/vite.config.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
/** Tests build beside a running studio, so they name a folder of their own. */
const OUT = process.env['LACUNA_OUT'] === undefined ? at('./out') : resolve(process.env['LACUNA_OUT']);
const MAIN = join(OUT, 'main');

/** Entries by the names under which the sources look for their bundles. */
const ENTRIES = {
  main: at('./electron/main.ts'),
  'host-process': at('./electron/host-process.ts'),
  infer: at('./src/infer/main.ts'),
  'compute-worker': at('./src/host/compute/worker.ts'),
  'hdf5-worker': at('./src/formats/hdf5/worker.ts'),
};

/** Files that are read at run time, at the same place relative to their bundle as to their source. */
const COPIED = { 'wasm/kernels.generated.wasm': at('./src/transform/wasm/kernels.generated.wasm') };

function copyFiles(): Plugin {
  return {
    name: 'lacuna-copy-files',
    apply: 'build',
    closeBundle() {
      for (const [to, from] of Object.entries(COPIED)) {
        mkdirSync(dirname(join(MAIN, to)), { recursive: true });
        copyFileSync(from, join(MAIN, to));
      }
    },
  };
}

export default defineConfig({
  main: {
    plugins: [copyFiles()],
    build: {
      outDir: MAIN,
      rolldownOptions: {
        input: ENTRIES,
        // Flat: a chunk's import.meta.url must lie where the entries and the copied files are.
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: join(OUT, 'preload'),
      rolldownOptions: {
        input: { preload: at('./electron/preload.cts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: { ...page, build: { ...page.build, outDir: join(OUT, 'renderer'), rolldownOptions: { input: at('./renderer/index.html') } } },
});
