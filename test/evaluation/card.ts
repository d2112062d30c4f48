/** Puts figures into a model package: figures.json and pictures, listed in the manifest, and the tables of the card between markers. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Figures, figuresJson, figuresSchema } from './figures.ts';

export const FIGURES_FILE = 'figures.json';
const BEGIN = '<!-- figures: made by npm run models:evaluate -- --write -->';
const END = '<!-- /figures -->';

/** The Markdown `card` with `text` in place of what stood between the markers. Throws where there are none. */
export function withFigures(card: string, text: string): string {
  const [begin, end] = [card.indexOf(BEGIN), card.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`The card has no place for figures: expected ${BEGIN} and ${END}`);
  return `${card.slice(0, begin + BEGIN.length)}\n\n${text.trim()}\n\n${card.slice(end)}`;
}

/** What stands between the markers; null where there are none. */
export function figuresText(card: string): string | null {
  const [begin, end] = [card.indexOf(BEGIN), card.indexOf(END)];
  return begin < 0 || end < begin ? null : card.slice(begin + BEGIN.length, end).trim();
}

/** What the package says it can do; null where it says nothing. Throws where figures.json is not what it should be. */
export function statedFigures(folder: string): Figures | null {
  const path = join(folder, FIGURES_FILE);
  return existsSync(path) ? figuresSchema.parse(JSON.parse(readFileSync(path, 'utf8'))) : null;
}

export interface Picture {
  /** `failure-1`: file without extension, and its key in the manifest. */
  readonly key: string;
  readonly caption: string;
  readonly png: Uint8Array;
}

/** Writes all of it, each file as a whole. Pictures of an earlier evaluation go. */
export function writeFigures(folder: string, figures: Figures, text: string, pictures: readonly Picture[]): void {
  const manifestPath = join(folder, 'model.json');
  const manifest = JSON.parse(readFileSync(manifestPath, 'utf8')) as { files?: Record<string, unknown> };
  const kept = Object.entries(manifest.files ?? {}).filter(([key]) => key !== 'figures' && !/^failure-\d+$/.test(key));
  const files: Record<string, unknown> = Object.fromEntries(kept);
  const put = (key: string, file: string, content: Uint8Array): void => {
    replace(join(folder, file), content);
    files[key] = { file, sha256: createHash('sha256').update(content).digest('hex'), bytes: content.byteLength };
  };
  put('figures', FIGURES_FILE, new TextEncoder().encode(figuresJson(figures)));
  for (let n = 1; n <= 9; n++) rmSync(join(folder, `failure-${n}.png`), { force: true });
  for (const { key, png } of pictures) put(key, `${key}.png`, png);
  replace(manifestPath, `${JSON.stringify({ ...manifest, files }, null, 2)}\n`);
  const card = join(folder, 'CARD.md');
  replace(card, withFigures(readFileSync(card, 'utf8'), text));
}

function replace(path: string, content: Uint8Array | string): void {
  writeFileSync(`${path}.partial`, content);
  renameSync(`${path}.partial`, path);
}
