/** Colour maps as data: 256 sRGB triples each, made by renderer/colormaps/generate.py. */
import cividis from '../../colormaps/cividis.json' with { type: 'json' };
import diverging from '../../colormaps/diverging.json' with { type: 'json' };
import grey from '../../colormaps/grey.json' with { type: 'json' };
import inferno from '../../colormaps/inferno.json' with { type: 'json' };
import phase from '../../colormaps/phase.json' with { type: 'json' };
import viridis from '../../colormaps/viridis.json' with { type: 'json' };
import type { ColormapName } from './types.ts';

export interface Colormap {
  readonly name: string;
  readonly title: string;
  readonly kind: string;
  /** 768 integers 0–255. */
  readonly colours: readonly number[];
}

export const COLORMAPS: Readonly<Record<ColormapName, Colormap>> = { grey, viridis, inferno, cividis, diverging, phase };

const tables = new Map<ColormapName, Uint8Array>();

/** RGBA8, 256 entries, cached. */
export function colourTable(name: ColormapName): Uint8Array {
  let table = tables.get(name);
  if (table === undefined) {
    table = new Uint8Array(1024).fill(255);
    const { colours } = COLORMAPS[name];
    for (let i = 0; i < 256; i++) for (let k = 0; k < 3; k++) table[4 * i + k] = colours[3 * i + k] ?? 0;
    tables.set(name, table);
  }
  return table;
}
