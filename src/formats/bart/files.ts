/** Which of the given files belong together: header and values of the data, and of a trajectory beside them. */
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { LacunaError } from '../../errors.ts';
import { fileSource } from '../byte-source.ts';
import type { ByteSource } from '../reader.ts';
import { BART_HEADER_BYTES, type BartHeader, parseBartHeader } from './header.ts';

export interface BartPair {
  readonly header: BartHeader;
  readonly cfl: ByteSource;
}

export interface BartFiles {
  readonly data: BartPair;
  readonly trajectory: BartPair | null;
}

const stemOf = (name: string): string => name.replace(/\.(cfl|hdr)$/i, '');
const isCfl = (name: string): boolean => /\.cfl$/i.test(name);
const isHdr = (name: string): boolean => /\.hdr$/i.test(name);

/** Sources in any order. Throws `input.unsupported` where a half is missing, `input.truncated` or `input.malformed` where sizes differ. */
export async function sortFiles(sources: readonly ByteSource[]): Promise<BartFiles> {
  const pairs: BartPair[] = [];
  for (const cfl of sources.filter(({ name }) => isCfl(name))) pairs.push(await pairOf(cfl, sources));
  const headers = sources.filter(({ name }) => isHdr(name));
  const [first] = pairs;
  if (first === undefined) {
    const name = (headers[0] ?? sources[0])?.name ?? '';
    throw new LacunaError('input.unsupported', `"${name}" is the header alone; the values are in "${stemOf(name)}.cfl". Open both together.`, { file: name, field: 'values' });
  }
  const trajectories = pairs.filter(isTrajectory);
  const data = pairs.filter((pair) => !trajectories.includes(pair));
  const [only] = data;
  if (only === undefined) {
    throw new LacunaError('input.unsupported', `"${first.cfl.name}" is a trajectory; open it together with the data it belongs to.`, { file: first.cfl.name, field: 'Dimensions' });
  }
  if (data.length > 1 || trajectories.length > 1) {
    throw new LacunaError('input.unsupported', `Several arrays were given at once: ${pairs.map(({ cfl }) => cfl.name).join(', ')}. Open one, with its trajectory at most.`, { file: only.cfl.name });
  }
  const [trajectory = null] = trajectories;
  if (trajectory !== null && !fits(trajectory.header, only.header)) {
    const shape = (pair: BartPair): string => pair.header.dims.slice(0, 4).join(' × ');
    throw new LacunaError('input.unsupported', `The trajectory of ${shape(trajectory)} does not fit data of ${shape(only)}: both must have the same number of samples and readouts.`, { file: trajectory.cfl.name, field: 'Dimensions' });
  }
  return { data: only, trajectory };
}

async function pairOf(cfl: ByteSource, sources: readonly ByteSource[]): Promise<BartPair> {
  const headers = sources.filter(({ name }) => isHdr(name));
  const named = headers.find(({ name }) => stemOf(name) === stemOf(cfl.name));
  // Two files of different names dropped together can only mean each other.
  const hdr = named ?? (sources.length === 2 ? headers[0] : undefined);
  if (hdr === undefined) {
    throw new LacunaError('input.unsupported', `"${cfl.name}" holds values without a word on their arrangement; its header "${stemOf(cfl.name)}.hdr" is missing. Open both together.`, { file: cfl.name, field: 'Dimensions' });
  }
  const header = parseBartHeader(await hdr.read(0, BART_HEADER_BYTES), hdr.name);
  const expected = header.dims.reduce((product, n) => product * n, 8);
  if (cfl.size !== expected) {
    const text = `The header promises ${expected} bytes of values (${header.dims.join(' ')}); "${cfl.name}" has ${cfl.size}.`;
    throw new LacunaError(cfl.size < expected ? 'input.truncated' : 'input.malformed', text, { file: cfl.name, field: 'Dimensions' });
  }
  return { header, cfl };
}

/** Three coordinates along the first axis, and neither coils nor anything else beyond samples and readouts but time. */
function isTrajectory({ header: { dims } }: BartPair): boolean {
  return dims[0] === 3 && dims[3] === 1 && (dims[1] as number) > 1;
}

/** Data [1, sample, readout, coil …], trajectory [3, sample, readout …]. */
function fits(trajectory: BartHeader, data: BartHeader): boolean {
  return data.dims[0] === 1 && trajectory.dims[1] === data.dims[1] && trajectory.dims[2] === data.dims[2];
}

/**
 * Files on disk that belong to `path`, one half of a pair: the other half, and the pair of a trajectory of fitting size
 * (`<stem>_traj`, `<stem>-traj`, `traj`, `trajectory`). What is missing or does not fit is left out.
 */
export async function bartCompanions(path: string): Promise<ByteSource[]> {
  const stem = stemOf(path);
  const other = await fileSource(isCfl(path) ? `${stem}.hdr` : `${stem}.cfl`).catch(() => null);
  if (other === null) return [];
  const header = await headerAt(`${stem}.hdr`);
  const present = new Set(await readdir(dirname(path)).catch(() => []));
  for (const name of [`${basename(stem)}_traj`, `${basename(stem)}-traj`, 'traj', 'trajectory']) {
    if (!present.has(`${name}.hdr`) || !present.has(`${name}.cfl`)) continue;
    const beside = join(dirname(path), name);
    const trajectory = await headerAt(`${beside}.hdr`);
    if (header === null || trajectory === null || trajectory.dims[0] !== 3 || !fits(trajectory, header)) continue;
    return [other, await fileSource(`${beside}.cfl`), await fileSource(`${beside}.hdr`)];
  }
  return [other];
}

async function headerAt(path: string): Promise<BartHeader | null> {
  const source = await fileSource(path).catch(() => null);
  if (source === null) return null;
  try {
    return parseBartHeader(await source.read(0, BART_HEADER_BYTES), source.name);
  } catch {
    // The reader will say what is wrong with it, if it is opened at all.
    return null;
  } finally {
    await source.close();
  }
}
