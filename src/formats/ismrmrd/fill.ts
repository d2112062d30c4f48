/** Reads lines of the acquisition table into k-space. */
import type { Hdf5File } from '../hdf5/file.ts';
import type { RecordBatch } from '../hdf5/protocol.ts';
import type { Acquisition } from './acquisitions.ts';
import type { Line } from './arrange.ts';
import { isReversed } from './flags.ts';

const MAX_BATCH_BYTES = 512 * 1024 * 1024;
const MAX_BATCH = 64;

export interface TableOf {
  readonly file: Hdf5File;
  /** Dataset of the acquisitions. */
  readonly path: string;
}

/** Visits the samples [channel, sample] and the trajectory [sample, dimension] of each acquisition, in the order of the table. */
export async function visitRecords<T extends { readonly acquisition: Acquisition }>(
  { file, path }: TableOf,
  items: readonly T[],
  visit: (item: T, samples: Float32Array, trajectory: Float32Array) => void,
): Promise<void> {
  for (const run of consecutiveRuns(items)) {
    const first = (run[0] as T).acquisition.record;
    const batch: RecordBatch = await file.records(path, first, run.length, true, MAX_BATCH_BYTES);
    let sample = 0;
    let point = 0;
    for (const [i, item] of run.entries()) {
      const samples = batch.sampleLengths[i] as number;
      const points = batch.trajectoryLengths[i] as number;
      visit(item, batch.samples.subarray(sample, sample + samples), batch.trajectories.subarray(point, point + points));
      sample += samples;
      point += points;
    }
  }
}

/** Records that lie next to one another in the table are read in one go. */
function consecutiveRuns<T extends { readonly acquisition: Acquisition }>(items: readonly T[]): T[][] {
  const runs: T[][] = [];
  for (const item of [...items].sort((a, b) => a.acquisition.record - b.acquisition.record)) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run !== undefined && last !== undefined && run.length < MAX_BATCH && item.acquisition.record === last.acquisition.record + 1) run.push(item);
    else runs.push([item]);
  }
  return runs;
}

/** Adds every line into `out` [coil, row, column] and divides columns that were measured more than once. */
export async function fillLines(out: Float32Array, table: TableOf, lines: readonly Line[], shape: { coils: number; rows: number; columns: number }): Promise<void> {
  const { coils, rows, columns } = shape;
  const repeats = new Int32Array(columns);
  await visitRecords(table, lines, (line, samples) => {
    place(out, samples, line, shape);
    repeats[line.column] = (repeats[line.column] as number) + 1;
  });
  for (let column = 0; column < columns; column++) {
    const n = repeats[column] as number;
    if (n < 2) continue;
    for (let i = column; i < coils * rows * columns; i += columns) {
      out[2 * i] = (out[2 * i] as number) / n;
      out[2 * i + 1] = (out[2 * i + 1] as number) / n;
    }
  }
}

/** `samples` [coil, sample] of one readout goes into column `line.column`, turned round where it was read backwards. */
function place(out: Float32Array, samples: Float32Array, line: Line, { coils, rows, columns }: { coils: number; rows: number; columns: number }): void {
  const { acquisition, column, row } = line;
  const { samples: count, discardBefore, discardAfter } = acquisition;
  const kept = count - discardBefore - discardAfter;
  const reverse = isReversed(acquisition);
  for (let coil = 0; coil < coils; coil++) {
    for (let i = 0; i < kept; i++) {
      const from = 2 * (coil * count + (reverse ? count - 1 - discardAfter - i : discardBefore + i));
      const to = 2 * ((coil * rows + row + i) * columns + column);
      out[to] = (out[to] as number) + (samples[from] as number);
      out[to + 1] = (out[to + 1] as number) + (samples[from + 1] as number);
    }
  }
}
