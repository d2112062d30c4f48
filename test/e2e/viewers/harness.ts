/** Mounts the harness and hands its state to the tests. */
import { mount, unmount } from 'svelte';
import '../../../renderer/theme/tokens.css';
import '../../../renderer/theme/base.css';
import { ndArray } from '../../../src/array/nd-array.ts';
import { applyTheme } from '../../../renderer/theme/theme.ts';
import Harness from './Harness.svelte';
import { HarnessState } from './state.svelte.ts';
import type { PaneName } from './state.svelte.ts';

/** RGBA of what a pane shows, without labels; base64, because half a million numbers take seconds to cross as JSON. */
async function panePixels(state: HarnessState, name: PaneName): Promise<{ width: number; height: number; base64: string }> {
  const handle = state.handles[name];
  if (handle === undefined) throw new Error(`no pane ${name}`);
  const { blob } = await handle.copyImage();
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none' });
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no 2-D canvas');
  context.drawImage(bitmap, 0, 0);
  const { data, width, height } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  const url = await new Promise<string>((done) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result));
    reader.readAsDataURL(new Blob([data]));
  });
  return { width, height, base64: url.slice(url.indexOf(',') + 1) };
}

function harness() {
  const target = document.querySelector('#app');
  if (target === null) throw new Error('no #app');
  const state = new HarnessState();
  let app = mount(Harness, { target, props: { h: state } });
  return {
    state,
    ndArray,
    panePixels: (name: PaneName) => panePixels(state, name),
    theme: (theme: 'system' | 'dark' | 'light') => applyTheme(document.documentElement, theme),
    start(): void {
      app = mount(Harness, { target, props: { h: state } });
    },
    stop: () => unmount(app),
  };
}

export type HarnessApi = ReturnType<typeof harness>;
declare global {
  interface Window {
    harness: HarnessApi;
  }
}
window.harness = harness();
