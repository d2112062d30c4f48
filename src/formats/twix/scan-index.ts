/** The index of a measurement: headers alone are read, from one to the next, whatever the size of the file. */
import { LacunaError } from '../../errors.ts';
import type { ByteSource } from '../reader.ts';
import { BIT, hasBit, parsePlace, parseScan, type Scan, type ScanLayout, scanBytes, type SlicePlace, statedBytes } from './mdh.ts';

export interface ScanIndex {
  readonly scans: readonly Scan[];
  /** Of the first readout of each slice, by slice counter. */
  readonly places: ReadonlyMap<number, SlicePlace>;
  /** Whether the end mark was met. */
  readonly ended: boolean;
  /** A readout begins before the end of the file or measurement, and is not complete. */
  readonly truncated: boolean;
  readonly synchronous: number;
}

const MAX_SCANS = 2_000_000;
/** Headers of short readouts are read together; of readouts longer than `LONG`, one by one, without the samples. */
const WINDOW = 64 * 1024;
const LONG = 8 * 1024;

/** `from`: of the first header. `end`: of the measurement. Throws `input.too-large`, `input.malformed` for nonsense. */
export async function indexScans(source: ByteSource, from: number, end: number, layout: ScanLayout): Promise<ScanIndex> {
  const scans: Scan[] = [];
  const places = new Map<number, SlicePlace>();
  let synchronous = 0;
  let headers = 0;
  let stride = 0;
  let [window, start]: [DataView, number] = [new DataView(new ArrayBuffer(0)), 0];
  let at = from;
  const stop = (ended: boolean, truncated: boolean): ScanIndex => ({ scans, places, ended, truncated, synchronous });
  for (;;) {
    if (at + layout.look > end) return stop(false, at < end && scans.length === 0);
    if (at < start || at + layout.look > start + window.byteLength) {
      const bytes = await source.read(at, Math.min(stride > LONG ? layout.look : WINDOW, end - at));
      [window, start] = [new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), at];
      if (bytes.length < layout.look) return stop(false, true);
    }
    if (++headers > MAX_SCANS) throw new LacunaError('input.too-large', `The measurement holds more than ${MAX_SCANS} readouts.`, { file: source.name, field: 'MDH' });
    const scan = parseScan(window, at - start, layout, at);
    const stated = statedBytes(window, at - start);
    if (hasBit(scan, BIT.acquisitionEnd)) return stop(true, false);
    if (hasBit(scan, BIT.syncData)) {
      // Packets of 32-byte blocks; one that does not get anywhere would be met again and again.
      if (stated < layout.look) return stop(false, true);
      synchronous++;
      at += stated;
      continue;
    }
    const bytes = scanBytes(scan, layout);
    // Empty filling up to the next block of the file.
    if (stated === 0 && scan.samples === 0) return stop(false, false);
    if (bytes < layout.look) return stop(false, true);
    if (at + bytes > end) return stop(false, true);
    if (scan.samples > 0 && scan.channels > 0) {
      scans.push(scan);
      if (!places.has(scan.slice)) places.set(scan.slice, parsePlace(window, at - start, layout));
    }
    at += bytes;
    stride = bytes;
  }
}
