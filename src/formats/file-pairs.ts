/** Formats of two files: NIfTI and Analyze (`.hdr`, `.img`), BART (`.hdr`, `.cfl`). The content of the header tells them apart. */
import { basename, dirname, join } from 'node:path';
import { bartCompanions } from './bart/files.ts';
import { isBartHeader } from './bart/header.ts';
import { fileSource } from './byte-source.ts';
import type { ByteSource } from './reader.ts';

/** What lies beside `source` on disk and belongs to it; empty for formats of one file. */
export async function companionsOf(source: ByteSource, path: string): Promise<ByteSource[]> {
  if (/\.cfl$/i.test(path)) return bartCompanions(path);
  const match = /\.(hdr|img)(\.gz)?$/i.exec(path);
  if (match === null) return [];
  if (isBartHeader(await source.read(0, 512))) return bartCompanions(path);
  const other = (match[1] as string).toLowerCase() === 'hdr' ? 'img' : 'hdr';
  const stem = path.slice(0, match.index);
  for (const ending of [`.${other}${match[2] ?? ''}`, `.${other}`, `.${other}.gz`]) {
    const found = await fileSource(stem + ending).catch(() => null);
    if (found !== null) return [found];
  }
  return [];
}

/** The name of a file without the number that an uploaded one may bear in front. */
export function givenName(path: string): string {
  return basename(path).replace(/^\d{5}-/, '');
}

/**
 * Paths that open as one recording, each group with the file that names it first. All of BART's files in a folder are one
 * group: data with its trajectory.
 */
export function groupPairs(paths: readonly string[]): string[][] {
  const groups = new Map<string, string[]>();
  const hasCfl = paths.some((path) => /\.cfl$/i.test(path));
  const hasImg = (stem: string): boolean => paths.some((path) => /\.img(\.gz)?$/i.test(path) && stemOf(path) === stem);
  for (const path of paths) {
    const stem = stemOf(path);
    const ofBart = /\.cfl$/i.test(path) || (hasCfl && /\.hdr$/i.test(path) && !hasImg(stem));
    const key = ofBart ? 'bart' : /\.(hdr|img)(\.gz)?$/i.test(path) ? `pair ${stem}` : path;
    groups.set(key, [...(groups.get(key) ?? []), path]);
  }
  return [...groups.values()].map((group) => group.sort((a, b) => rank(a) - rank(b)));
}

const stemOf = (path: string): string => join(dirname(path), givenName(path).replace(/\.(hdr|img|cfl)(\.gz)?$/i, ''));

/** Data before trajectories, headers before voxels, values before headers. */
function rank(path: string): number {
  const trajectory = /traj(ectory)?\.(cfl|hdr)$/i.test(path) ? 2 : 0;
  return trajectory + (/\.(cfl)$/i.test(path) || /\.hdr$/i.test(path) ? 0 : 1) + (/\.cfl$/i.test(path) ? -0.5 : 0);
}
