/**
 * The file around the measurements. VB: one measurement from byte 0. VD and later ("multi-raid"): a zero, the number of
 * measurements, and for each 152 bytes: ids (2 × uint32), offset and length (uint64), patient and protocol name (64 bytes each).
 * A measurement begins with its header: its length and number of buffers (uint32), then for each a zero-terminated name,
 * its length (uint32) and text.
 */
import { LacunaError } from '../../errors.ts';
import type { ByteSource } from '../reader.ts';
import { type ScanLayout, VB, VD } from './mdh.ts';

export interface Measurement {
  /** From 0, as in the file. */
  readonly index: number;
  readonly layout: ScanLayout;
  readonly offset: number;
  /** First byte after it. */
  readonly end: number;
  /** What the list of measurements says, bytes; 0 where the writer left it out. */
  readonly stated: number;
  readonly protocol: string;
}

export interface MeasurementHeader {
  /** Where the first readout begins. */
  readonly data: number;
  readonly buffers: ReadonlyMap<string, string>;
}

const ENTRY = 152;
const MAX_MEASUREMENTS = 64;
const MAX_BUFFERS = 64;
const MAX_NAME = 48;
const MAX_HEADER_BYTES = 64 * 1024 * 1024;
/** Large enough for all that is looked for, in buffers that are looked into. */
const MAX_BUFFER_BYTES = 8 * 1024 * 1024;
const LOOKED_INTO: ReadonlySet<string> = new Set(['MeasYaps', 'Phoenix', 'Meas', 'Dicom', 'Config']);

/** Of the first 512 bytes. */
export function isTwix(head: Uint8Array): 'VB' | 'VD' | null {
  if (head.length < 24) return null;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const [first, second] = [view.getUint32(0, true), view.getUint32(4, true)];
  if (first === 0 && second >= 1 && second <= MAX_MEASUREMENTS) {
    const offset = view.getBigUint64(16, true);
    const names = head.subarray(32, Math.min(head.length, 160));
    return offset >= BigInt(8 + ENTRY * second) && offset < 1n << 50n && offset % 32n === 0n && names.every(isNameByte) ? 'VD' : null;
  }
  if (first < 32 || first > MAX_HEADER_BYTES || second < 1 || second > MAX_BUFFERS) return null;
  const end = head.subarray(8).indexOf(0);
  const name = end < 1 || end > MAX_NAME ? '' : latin1(head.subarray(8, 8 + end));
  return LOOKED_INTO.has(name) || name === 'Spice' ? 'VB' : null;
}

const isNameByte = (byte: number): boolean => byte === 0 || byte >= 32;

/** Throws `input.*` for a list that names places outside the file. */
export async function listMeasurements(source: ByteSource): Promise<Measurement[]> {
  const head = await source.read(0, 8 + ENTRY * MAX_MEASUREMENTS);
  const kind = isTwix(head.subarray(0, 512));
  if (kind === null) throw new LacunaError('input.unrecognised', `"${source.name}" does not begin like raw data of the scanner.`, { file: source.name });
  if (kind === 'VB') return [{ index: 0, layout: VB, offset: 0, end: source.size, stated: source.size, protocol: '' }];
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const count = view.getUint32(4, true);
  const out: Measurement[] = [];
  for (let index = 0; index < count; index++) {
    const at = 8 + ENTRY * index;
    const field = `measurement ${index + 1} of ${count}`;
    if (at + ENTRY > head.length) throw new LacunaError('input.truncated', 'The file ends inside its list of measurements.', { file: source.name, field });
    const offset = Number(view.getBigUint64(at + 8, true));
    const stated = Number(view.getBigUint64(at + 16, true));
    // A file that was cut off keeps the measurements in front.
    if (offset + 8 > source.size && out.length > 0) break;
    if (offset + 8 > source.size || offset < 8 + ENTRY * count) {
      throw new LacunaError(offset + 8 > source.size ? 'input.truncated' : 'input.malformed', `The measurement should begin at byte ${offset}; the file has ${source.size}.`, { file: source.name, field });
    }
    const end = stated === 0 ? source.size : Math.min(source.size, offset + stated);
    out.push({ index, layout: VD, offset, end, stated, protocol: latin1(head.subarray(at + 88, at + ENTRY)).replace(/\0.*$/s, '') });
  }
  return out;
}

/** Throws `input.*` naming what is wrong with the header. */
export async function readMeasurementHeader(source: ByteSource, measurement: Measurement): Promise<MeasurementHeader> {
  const field = `header of measurement ${measurement.index + 1}`;
  const fail = (code: 'input.malformed' | 'input.truncated' | 'input.too-large', why: string): LacunaError =>
    new LacunaError(code, `The measurement header ${why}.`, { file: source.name, field });
  const start = await source.read(measurement.offset, 8);
  if (start.length < 8) throw fail('input.truncated', 'is missing');
  const view = new DataView(start.buffer, start.byteOffset, 8);
  const [length, count] = [view.getUint32(0, true), view.getUint32(4, true)];
  if (length > MAX_HEADER_BYTES) throw fail('input.too-large', `claims ${length} bytes; up to ${MAX_HEADER_BYTES} are read`);
  if (measurement.offset + length > measurement.end) throw fail('input.truncated', `claims ${length} bytes, more than the file has left`);
  if (length < 8 || count < 1 || count > MAX_BUFFERS) throw fail('input.malformed', `claims ${count} buffers in ${length} bytes`);
  const buffers = new Map<string, string>();
  let at = measurement.offset + 8;
  const end = measurement.offset + length;
  for (let i = 0; i < count; i++) {
    const head = await source.read(at, Math.min(MAX_NAME + 5, end - at));
    const zero = head.indexOf(0);
    if (zero < 0 || zero + 5 > head.length) throw fail('input.malformed', `has no name for buffer ${i + 1}`);
    const name = latin1(head.subarray(0, zero));
    const bytes = new DataView(head.buffer, head.byteOffset + zero + 1, 4).getUint32(0, true);
    at += zero + 5;
    if (at + bytes > end) throw fail('input.malformed', `has a buffer "${name}" of ${bytes} bytes that does not fit into it`);
    if (LOOKED_INTO.has(name)) buffers.set(name, latin1(await source.read(at, Math.min(bytes, MAX_BUFFER_BYTES))));
    at += bytes;
  }
  return { data: end, buffers };
}

const decoder = new TextDecoder('latin1');
function latin1(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
