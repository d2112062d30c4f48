/**
 * ISMRMRD HDF5 (Inati et al. 2017, doi:10.1002/mrm.26089): a group with `data`, a table of acquisitions, and `xml`.
 * Cartesian two-dimensional multi-slice measurements are read, one series for each encoding space.
 */
import { zeros } from '../../array/nd-array.ts';
import type { Series } from '../../array/recording.ts';
import { LacunaError } from '../../errors.ts';
import { checkSlice } from '../fastmri/open.ts';
import type { Hdf5File } from '../hdf5/file.ts';
import type { Hdf5Content } from '../hdf5/content.ts';
import { type Acquisition, FLAG, hasFlag, readAcquisitions } from './acquisitions.ts';
import { type Arrangement, arrange, isCalibrationOnly, isMeasured, type Line } from './arrange.ts';
import { geometryOf } from './geometry.ts';
import { type Encoding, type IsmrmrdHeader, parseIsmrmrdHeader } from './header.ts';

const MAX_BATCH_BYTES = 512 * 1024 * 1024;
const MAX_BATCH = 64;

/** The group that holds `data` and `xml`; ISMRMRD's tools call it `dataset`, but any name will do. Null where there is none. */
export async function findIsmrmrdGroup(file: Hdf5File, names: readonly string[]): Promise<string | null> {
  for (const name of [...names].sort((a) => (a === 'dataset' ? -1 : 0)).slice(0, 20)) {
    if ((await file.dataset(`/${name}`)) !== null) continue;
    const inside = await file.keys(`/${name}`);
    if (inside.includes('data') && inside.includes('xml')) return `/${name}`;
  }
  return null;
}

export async function openIsmrmrd(file: Hdf5File, group: string): Promise<Hdf5Content> {
  const warnings: string[] = [];
  const path = `${group}/data`;
  const header = parseIsmrmrdHeader((await file.strings(`${group}/xml`))[0] ?? '', file.name, `${group}/xml`);
  const all = await readAcquisitions(file, path);
  const measured = all.filter(isMeasured);
  if (measured.length === 0) throw new LacunaError('input.unsupported', 'The file holds no imaging acquisitions (only noise, navigators or nothing).', { file: file.name, field: path });
  noteSkipped(all, measured, warnings);

  const series: Series[] = [];
  const spaces = [...new Set(measured.map((a) => a.encoding))].sort((a, b) => a - b);
  for (const space of spaces.slice(0, 16)) {
    const encoding = header.encodings[space];
    if (encoding === undefined) {
      throw new LacunaError('input.malformed', `Acquisitions name encoding ${space}, but the header describes ${header.encodings.length}.`, { file: file.name, field: `${group}/xml` });
    }
    const lines = measured.filter((a) => a.encoding === space);
    checkCartesian(encoding, lines, file.name, `${group}/xml`);
    const arrangement = arrange(lines, encoding, file.name, path, warnings);
    series.push(makeSeries(file, path, arrangement, encoding, header, spaces.length > 1 ? `k-space, encoding ${space + 1}` : 'k-space', `kspace-${space}`));
  }
  return { format: 'ismrmrd', series, warnings };
}

function checkCartesian(encoding: Encoding, lines: readonly Acquisition[], file: string, xml: string): void {
  if (encoding.trajectory !== 'cartesian' && encoding.trajectory !== 'epi') {
    throw new LacunaError('input.unsupported', `The trajectory is ${encoding.trajectory.slice(0, 40)}; Cartesian measurements are read.`, { file, field: `${xml} encoding/trajectory` });
  }
  const first = lines[0]?.step2;
  if (lines.some((a) => a.step2 !== first)) {
    throw new LacunaError('input.unsupported', 'The measurement is three-dimensional (second phase encoding); two-dimensional slices are read.', { file, field: 'kspace_encode_step_2' });
  }
}

function noteSkipped(all: readonly Acquisition[], measured: readonly Acquisition[], warnings: string[]): void {
  const noise = all.filter((a) => hasFlag(a, FLAG.noise)).length;
  const others = all.length - measured.length - noise;
  if (noise > 0) warnings.push(`${noise} noise ${noise === 1 ? 'scan was' : 'scans were'} left out.`);
  if (others > 0) warnings.push(`${others} navigator, correction or feedback readouts were left out.`);
  const calibration = measured.filter(isCalibrationOnly).length;
  if (calibration > 0) warnings.push(`${calibration} calibration lines fill the centre of k-space.`);
  if (measured.some((a) => hasFlag(a, FLAG.reverse))) warnings.push('Some lines were read backwards (EPI); they are turned round, without correction of ghosts or of sampling on the ramps.');
}

function makeSeries(file: Hdf5File, path: string, arrangement: Arrangement, encoding: Encoding, header: IsmrmrdHeader, title: string, id: string): Series {
  const { leading, coils, rows, columns, output, slices, acquired } = arrangement;
  const geometry = geometryOf(arrangement, encoding);
  return {
    id,
    title,
    domain: 'kspace',
    dtype: 'complex64',
    axes: [...leading, { name: 'coil', length: coils }, { name: 'row', length: rows }, { name: 'column', length: columns }],
    slices: slices.length,
    coils,
    rows,
    columns,
    output,
    acquired,
    attributes: header.attributes,
    ...(geometry === null ? {} : { geometry }),
    async read(slice) {
      checkSlice(slice, slices.length, file.name, path);
      const out = zeros('complex64', [coils, rows, columns]);
      await fill(out.data, file, path, slices[slice] as readonly Line[], arrangement);
      return out;
    },
  };
}

/** Adds every line into `out` [coil, row, column] and divides columns that were measured more than once. */
async function fill(out: Float32Array, file: Hdf5File, path: string, lines: readonly Line[], { coils, rows, columns }: Arrangement): Promise<void> {
  const repeats = new Int32Array(columns);
  for (const run of consecutiveRuns(lines)) {
    const first = (run[0] as Line).acquisition.record;
    const { samples } = await file.records(path, first, run.length, true, MAX_BATCH_BYTES);
    let at = 0;
    for (const line of run) {
      place(out, samples.subarray(at, at + 2 * coils * line.acquisition.samples), line, coils, rows, columns);
      at += 2 * coils * line.acquisition.samples;
      repeats[line.column] = (repeats[line.column] as number) + 1;
    }
  }
  for (let column = 0; column < columns; column++) {
    const n = repeats[column] as number;
    if (n < 2) continue;
    for (let i = column; i < coils * rows * columns; i += columns) {
      out[2 * i] = (out[2 * i] as number) / n;
      out[2 * i + 1] = (out[2 * i + 1] as number) / n;
    }
  }
}

/** Records that lie next to one another in the table are read in one go. */
function consecutiveRuns(lines: readonly Line[]): Line[][] {
  const runs: Line[][] = [];
  for (const line of [...lines].sort((a, b) => a.acquisition.record - b.acquisition.record)) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run !== undefined && last !== undefined && run.length < MAX_BATCH && line.acquisition.record === last.acquisition.record + 1) run.push(line);
    else runs.push([line]);
  }
  return runs;
}

/** `samples` [coil, sample] of one readout goes into column `line.column`. */
function place(out: Float32Array, samples: Float32Array, line: Line, coils: number, rows: number, columns: number): void {
  const { acquisition, column, row } = line;
  const { samples: count, discardBefore } = acquisition;
  const kept = count - discardBefore - acquisition.discardAfter;
  const reverse = hasFlag(acquisition, FLAG.reverse);
  for (let coil = 0; coil < coils; coil++) {
    for (let i = 0; i < kept; i++) {
      const from = 2 * (coil * count + (reverse ? count - 1 - discardBefore - i : discardBefore + i));
      const to = 2 * ((coil * rows + row + i) * columns + column);
      out[to] = (out[to] as number) + (samples[from] as number);
      out[to + 1] = (out[to + 1] as number) + (samples[from + 1] as number);
    }
  }
}
