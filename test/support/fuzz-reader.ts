/** Runs a reader over mutated files and holds it to its promise: a Recording that reads, or an input.* error that names the file. */
import { LacunaError } from '../../src/errors.ts';
import { memorySource } from '../../src/formats/byte-source.ts';
import type { FormatReader } from '../../src/formats/reader.ts';
import { mutant } from './mutate.ts';

export interface FuzzReport {
  readonly opened: number;
  readonly refused: number;
  /** Slowest single file, ms of processor time: other work on the machine does not count. */
  readonly slowest: number;
  /** Growth of the process's memory from before the first to after the last file, and at its highest in between, bytes. */
  readonly peakGrowth: number;
  /** Broken promises: seed number and what happened. Empty when all is well. */
  readonly broken: readonly string[];
}

/** At most this many slices of each opened series are read. */
const SLICES = 4;

export interface FuzzPlan {
  readonly count: number;
  /** Number of the first mutant. */
  readonly first?: number;
  /** Packs each mutant, so that the damage lies inside. */
  readonly wrap?: (bytes: Uint8Array) => Uint8Array;
}

export async function fuzzReader(reader: FormatReader, seeds: readonly Uint8Array[], name: string, plan: FuzzPlan): Promise<FuzzReport> {
  const { count, first = 1, wrap } = plan;
  const broken: string[] = [];
  let opened = 0;
  let slowest = 0;
  const before = process.memoryUsage().rss;
  let peak = before;
  for (let seed = first; seed < first + count; seed++) {
    const damaged = mutant(seeds, seed);
    const bytes = wrap === undefined ? damaged : wrap(damaged);
    const start = process.cpuUsage();
    try {
      await openAndRead(reader, bytes, name);
      opened += 1;
    } catch (error) {
      const fine = error instanceof LacunaError && error.code.startsWith('input.') && error.file === name;
      if (!fine) broken.push(`seed ${seed}: ${describe(error)}`);
    }
    const { user, system } = process.cpuUsage(start);
    slowest = Math.max(slowest, (user + system) / 1000);
    if (seed % 16 === 0) peak = Math.max(peak, process.memoryUsage().rss);
  }
  return { opened, refused: count - opened - broken.length, slowest, peakGrowth: peak - before, broken };
}

async function openAndRead(reader: FormatReader, bytes: Uint8Array, name: string): Promise<void> {
  reader.sniff(bytes.subarray(0, 512), name);
  const recording = await reader.open([memorySource(name, bytes)], { id: '0'.repeat(64), name, bytes: bytes.length });
  try {
    for (const series of recording.series) {
      const leading = series.axes.slice(0, -2).filter((axis) => axis.name !== 'coil');
      const slices = leading.reduce((product, axis) => product * axis.length, 1);
      if (slices !== series.slices || !(series.rows > 0) || !(series.columns > 0))
        throw new Error(`series ${series.id} contradicts itself`);
      for (let i = 0; i < Math.min(SLICES, series.slices); i++) {
        const slice = await series.read(i);
        const per = slice.dtype === 'complex64' ? 2 : 1;
        if (slice.data.length !== series.coils * series.rows * series.columns * per)
          throw new Error(`slice ${i} has ${slice.data.length} values`);
      }
    }
  } finally {
    await recording.close();
  }
}

function describe(error: unknown): string {
  if (error instanceof LacunaError) return `${error.code} (file ${error.file}): ${error.message}`;
  return error instanceof Error ? `${error.name}: ${error.message}\n${error.stack}` : String(error);
}
