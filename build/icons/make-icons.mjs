/**
 * Draws icon.svg at the sizes that electron-builder and the Linux desktop want: node build/icons/make-icons.mjs
 * Needs a Chromium, as the tests do. The pictures are committed, so that packaging needs none.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { findChromium } from '../find-chromium.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const SIZES = [16, 32, 48, 64, 128, 256, 512, 1024];

const { path: executablePath, advice } = findChromium({ install: false });
if (executablePath === null) throw new Error(advice);
const svg = readFileSync(join(HERE, 'icon.svg'), 'utf8');
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  mkdirSync(join(HERE, 'png'), { recursive: true });
  for (const size of SIZES) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(`<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
    writeFileSync(join(HERE, 'png', `${size}x${size}.png`), await page.screenshot({ omitBackground: true }));
    await page.close();
  }
} finally {
  await browser.close();
}
