import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** Options shared by the bundler and svelte-check. */
export default {
  preprocess: vitePreprocess({ script: false, style: false }),
  compilerOptions: { runes: true },
};
