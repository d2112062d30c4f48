/** Reads samples: lines into k-space slices, noise, navigators. */
import { type NdArray, zeros } from '../../array/nd-array.ts';
import { LacunaError } from '../../errors.ts';
import type { ByteSource } from '../reader.ts';
import { firstRow, type Line } from './arrange.ts';
import { floats } from './dealt-adcs.ts';
import { BIT, hasBit, type Scan, type ScanLayout, scanBytes } from './mdh.ts';

export interface Samples {
  readonly source: ByteSource;
  readonly layout: ScanLayout;
}

/** Readouts that lie next to one another in the file are read in one go, up to this. */
const MOST_BYTES = 8 * 1024 * 1024;
const MOST_NOISE_BYTES = 64 * 1024 * 1024;

/** [coil, row, column]; columns that were measured more than once are averaged. Throws `input.truncated`. */
export async function readLines(from: Samples, lines: readonly Line[], coils: number, rows: number, columns: number): Promise<NdArray<'complex64'>> {
  const out = zeros('complex64', [coils, rows, columns]);
  const repeats = new Int32Array(columns);
  const byScan = new Map(lines.map((line) => [line.scan, line]));
  for await (const [scan, channels] of readScans(from, lines.map(({ scan }) => scan))) {
    const { column, row } = byScan.get(scan) as Line;
    place(out.data, channels, scan, { coils, rows, columns, row, column });
    repeats[column] = (repeats[column] as number) + 1;
  }
  for (let column = 0; column < columns; column++) {
    const n = repeats[column] as number;
    if (n < 2) continue;
    for (let i = column; i < coils * rows * columns; i += columns) {
      out.data[2 * i] = (out.data[2 * i] as number) / n;
      out.data[2 * i + 1] = (out.data[2 * i + 1] as number) / n;
    }
  }
  return out;
}

/**
 * Partition z of a slab, by the inverse transform along the partitions (centred, orthonormal), summed while the slab is read:
 * y(z) = 1/√P Σ_p exp(2πi (p − c)(z − ⌊P/2⌋)/P) y_p, with c the partition that holds the centre of k-space.
 */
export async function readPartition(from: Samples, lines: readonly Line[], z: number, partitions: number, shape: readonly [number, number, number]): Promise<NdArray<'complex64'>> {
  const out = zeros('complex64', shape);
  for (const [p, own] of Map.groupBy(lines, ({ scan }) => scan.partition)) {
    const centre = own[0]?.scan.centrePartition ?? 0;
    const angle = (2 * Math.PI * (p - (centre > 0 ? centre : Math.floor(partitions / 2))) * (z - Math.floor(partitions / 2))) / partitions;
    const [re, im] = [Math.cos(angle) / Math.sqrt(partitions), Math.sin(angle) / Math.sqrt(partitions)];
    const { data } = await readLines(from, own, ...shape);
    for (let i = 0; i < data.length; i += 2) {
      const [a, b] = [data[i] as number, data[i + 1] as number];
      out.data[i] = (out.data[i] as number) + re * a - im * b;
      out.data[i + 1] = (out.data[i + 1] as number) + re * b + im * a;
    }
  }
  return out;
}

/** Navigator readouts, [coil, row, navigator], turned round where they were read backwards. */
export async function readNavigators(from: Samples, scans: readonly Scan[], coils: number, rows: number): Promise<{ data: NdArray<'complex64'>; backwards: Uint8Array }> {
  const lines = scans.map((scan, column) => ({ scan, column, row: firstRow(scan, rows) }));
  const data = await readLines(from, lines, coils, rows, scans.length);
  return { data, backwards: Uint8Array.from(scans, (scan) => (hasBit(scan, BIT.reflect) ? 1 : 0)) };
}

/** [coil, sample], all noise readouts one after the other. Throws `input.too-large`. */
export async function readNoise(from: Samples, scans: readonly Scan[], coils: number): Promise<NdArray<'complex64'>> {
  const length = scans.reduce((sum, { samples }) => sum + samples, 0);
  if (length * coils * 8 > MOST_NOISE_BYTES) {
    throw new LacunaError('input.too-large', `The noise scans hold ${length} samples of ${coils} channels; up to ${MOST_NOISE_BYTES} bytes are read.`, { file: from.source.name, field: 'MDH_NOISEADJSCAN' });
  }
  const out = zeros('complex64', [coils, length]);
  let at = 0;
  for await (const [scan, channels] of readScans(from, scans)) {
    for (const [coil, values] of channels.entries()) out.data.set(values, 2 * (coil * length + at));
    at += scan.samples;
  }
  return out;
}

/** In the order of the file: each readout with its samples of every channel. */
async function* readScans({ source, layout }: Samples, scans: readonly Scan[]): AsyncGenerator<[Scan, Float32Array[]]> {
  const sorted = [...scans].sort((a, b) => a.offset - b.offset);
  for (let i = 0; i < sorted.length; ) {
    const first = sorted[i] as Scan;
    let end = first.offset + scanBytes(first, layout);
    let next = i + 1;
    for (; next < sorted.length; next++) {
      const scan = sorted[next] as Scan;
      const after = scan.offset + scanBytes(scan, layout);
      if (scan.offset !== end || after - first.offset > MOST_BYTES) break;
      end = after;
    }
    const bytes = await source.read(first.offset, end - first.offset);
    if (bytes.length < end - first.offset) {
      throw new LacunaError('input.truncated', `The file ends inside the readouts from byte ${first.offset}.`, { file: source.name, field: 'MDH' });
    }
    for (; i < next; i++) {
      const scan = sorted[i] as Scan;
      yield [scan, channelsOf(bytes, scan.offset - first.offset, scan, layout)];
    }
  }
}

function channelsOf(bytes: Uint8Array, at: number, { samples, channels }: Scan, layout: ScanLayout): Float32Array[] {
  return Array.from({ length: channels }, (_, channel) => {
    const start = at + layout.scanHeader + channel * (layout.channelHeader + 8 * samples) + layout.channelHeader;
    return floats(bytes.subarray(start, start + 8 * samples));
  });
}

interface Target {
  readonly coils: number;
  readonly rows: number;
  readonly columns: number;
  readonly row: number;
  readonly column: number;
}

/** Adds one readout into its column; samples that the header cuts off are left out. */
function place(out: Float32Array, channels: readonly Float32Array[], scan: Scan, { coils, rows, columns, row, column }: Target): void {
  const { samples } = scan;
  const reverse = hasBit(scan, BIT.reflect);
  for (let coil = 0; coil < coils; coil++) {
    const values = channels[coil] as Float32Array;
    for (let i = scan.cutBefore; i < samples - scan.cutAfter; i++) {
      const to = row + (reverse ? samples - 1 - i : i);
      if (to >= rows) continue;
      const at = 2 * ((coil * rows + to) * columns + column);
      out[at] = (out[at] as number) + (values[2 * i] as number);
      out[at + 1] = (out[at + 1] as number) + (values[2 * i + 1] as number);
    }
  }
}
