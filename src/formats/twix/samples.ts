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

type Shape = readonly [coils: number, rows: number, columns: number];

/** [coil, row, column]; columns that were measured more than once are averaged. Throws `input.truncated`. */
export function readLines(from: Samples, lines: readonly Line[], shape: Shape): Promise<NdArray<'complex64'>> {
  return sumLines(from, lines, shape, () => [1, 0]);
}

/**
 * Partition z of a slab, by the inverse transform along the partitions (centred, orthonormal), summed while the slab is read:
 * y(z) = 1/√P Σ_p exp(2πi (p − c)(z − ⌊P/2⌋)/P) y_p, with c the partition that holds the centre of k-space.
 */
export function readPartition(from: Samples, lines: readonly Line[], z: number, partitions: number, shape: Shape): Promise<NdArray<'complex64'>> {
  const middle = Math.floor(partitions / 2);
  return sumLines(from, lines, shape, ({ partition, centrePartition }) => {
    const angle = (2 * Math.PI * (partition - (centrePartition > 0 ? centrePartition : middle)) * (z - middle)) / partitions;
    return [Math.cos(angle) / Math.sqrt(partitions), Math.sin(angle) / Math.sqrt(partitions)];
  });
}

/** Every line with its weight, complex, divided by how often it was measured. */
async function sumLines(from: Samples, lines: readonly Line[], shape: Shape, weightOf: (scan: Scan) => readonly [number, number]): Promise<NdArray<'complex64'>> {
  const out = zeros('complex64', shape);
  const key = ({ scan, column }: Line): number => scan.partition * shape[2] + column;
  const repeats = new Map<number, number>();
  for (const line of lines) repeats.set(key(line), (repeats.get(key(line)) ?? 0) + 1);
  const byScan = new Map(lines.map((line) => [line.scan, line]));
  await visitScans(from, lines.map((line) => line.scan), (scan, channels) => {
    const line = byScan.get(scan) as Line;
    const [re, im] = weightOf(scan);
    const n = repeats.get(key(line)) as number;
    place(out, channels, line, [re / n, im / n]);
  });
  return out;
}

/** Navigator readouts, [coil, row, navigator], turned round where they were read backwards. */
export async function readNavigators(from: Samples, scans: readonly Scan[], coils: number, rows: number): Promise<{ data: NdArray<'complex64'>; backwards: Uint8Array }> {
  const lines = scans.map((scan, column) => ({ scan, column, row: firstRow(scan, rows) }));
  const data = await readLines(from, lines, [coils, rows, scans.length]);
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
  await visitScans(from, scans, (scan, channels) => {
    for (const [coil, values] of channels.entries()) out.data.set(values, 2 * (coil * length + at));
    at += scan.samples;
  });
  return out;
}

/** In the order of the file: each readout with its samples of every channel. */
async function visitScans({ source, layout }: Samples, scans: readonly Scan[], visit: (scan: Scan, channels: readonly Float32Array[]) => void): Promise<void> {
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
      visit(scan, channelsOf(bytes, scan.offset - first.offset, scan, layout));
    }
  }
}

function channelsOf(bytes: Uint8Array, at: number, { samples, channels }: Scan, layout: ScanLayout): Float32Array[] {
  return Array.from({ length: channels }, (_, channel) => {
    const start = at + layout.scanHeader + channel * (layout.channelHeader + 8 * samples) + layout.channelHeader;
    return floats(bytes.subarray(start, start + 8 * samples));
  });
}

/** Adds one readout into its column; samples that the header cuts off are left out. */
function place(out: NdArray<'complex64'>, channels: readonly Float32Array[], { scan, row, column }: Line, [re, im]: readonly [number, number]): void {
  const [coils, rows, columns] = out.shape as unknown as Shape;
  const { samples } = scan;
  const reverse = hasBit(scan, BIT.reflect);
  for (let coil = 0; coil < coils; coil++) {
    const values = channels[coil] as Float32Array;
    for (let i = scan.cutBefore; i < samples - scan.cutAfter; i++) {
      const to = row + (reverse ? samples - 1 - i : i);
      if (to >= rows) continue;
      const at = 2 * ((coil * rows + to) * columns + column);
      const [a, b] = [values[2 * i] as number, values[2 * i + 1] as number];
      out.data[at] = (out.data[at] as number) + re * a - im * b;
      out.data[at + 1] = (out.data[at + 1] as number) + re * b + im * a;
    }
  }
}
