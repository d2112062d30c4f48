/**
 * The thread that runs libhdf5 (h5wasm). It is kept apart because the library is synchronous C code that a damaged file
 * can send into an endless loop, a trap or a huge allocation: the client ends the thread and starts another.
 *
 * Two things are narrowed here, for this thread alone:
 * growth of the WebAssembly heap (to the limit the client sets for each file), and opening of files (to the paths that
 * the client asked for, read-only: an HDF5 file may name other files as external storage).
 */
import fs from 'node:fs';
import { resolve } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { type Module as LibraryModule, ready } from 'h5wasm/node';
import type { AttributeValue, DatasetInfo, Operations, RecordBatch, Reply, Request, TypeInfo } from './protocol.ts';

type Metadata = ReturnType<typeof LibraryModule.get_dataset_metadata>;

/** The part of the global WebAssembly object that is used here (TypeScript's ES libraries leave it out). */
interface Memory {
  readonly buffer: ArrayBuffer;
}
declare const WebAssembly: {
  readonly Memory: { readonly prototype: { grow: (this: Memory, pages: number) => number } };
  readonly RuntimeError: new () => Error;
};

const PAGE = 65_536;
let heapLimit = 64 * 1024 * 1024;
let growthRefused = false;
const allowedPaths = new Set<string>();

const grow = WebAssembly.Memory.prototype.grow;
WebAssembly.Memory.prototype.grow = function (pages) {
  if (this.buffer.byteLength + pages * PAGE > heapLimit) {
    growthRefused = true;
    throw new RangeError('heap limit reached');
  }
  return grow.call(this, pages);
};

/** What this thread uses of the module that h5wasm's declarations leave out or type more loosely. */
type Library = typeof LibraryModule & { readonly HEAPU8: Uint8Array<ArrayBuffer>; _malloc(bytes: number): number; _free(pointer: number): void };

class LimitError extends Error {}

const lib = (await ready) as unknown as Library;

const openSync = fs.openSync;
fs.openSync = ((path: fs.PathLike, ...rest: [fs.OpenMode?, fs.Mode?]) => {
  if (!allowedPaths.has(resolve(String(path)))) {
    throw Object.assign(new Error(`ENOENT: no such file or directory, open '${String(path)}'`), { code: 'ENOENT', errno: -2 });
  }
  return openSync(path, 'r', rest[1]);
}) as typeof fs.openSync;

/** libhdf5 prints its error stack on stderr; the innermost line of it says what was wrong. */
let diagnostics = '';
function keepDiagnostics(_fd: number, data: NodeJS.ArrayBufferView, offset: number, length: number): number {
  if (diagnostics.length < 65_536) diagnostics += Buffer.from(data.buffer, data.byteOffset + offset, length).toString();
  return length;
}
// Files are only read here, so stdout and stderr are all that is ever written to.
fs.writeSync = keepDiagnostics as typeof fs.writeSync;

function innermostDiagnostic(): string | undefined {
  const first = diagnostics.split('HDF5-DIAG')[1] ?? '';
  return [...first.matchAll(/#\d+: .*?\(\): (.*)/g)].at(-1)?.[1];
}

const files = new Map<number, { id: bigint; path: string }>();

function fileId(file: number): bigint {
  const open = files.get(file);
  if (open === undefined) throw new Error('the file is not open');
  return open.id;
}

const KINDS: Readonly<Record<number, TypeInfo['kind']>> = {
  0: 'integer',
  1: 'float',
  3: 'string',
  6: 'compound',
  8: 'enum',
  9: 'vlen',
  10: 'array',
};

/** `depth` bounds the recursion on datatypes nested by a hostile file. */
function typeInfo(meta: Metadata, depth = 0): TypeInfo {
  const members = depth < 3 ? meta.compound_type?.members : undefined;
  return {
    // h5wasm reports enums (h5py's booleans) under their base type with `enum_type` set, or as class 8.
    kind: meta.enum_type ? 'enum' : (KINDS[meta.type] ?? 'other'),
    size: meta.size,
    ...(members === undefined
      ? {}
      : { members: members.slice(0, 100).map((m) => ({ ...typeInfo(m, depth + 1), name: m.name, offset: m.offset })) }),
  };
}

/** Runs `use` with `bytes` of library memory, zeroed, and gives them back. */
function withMemory<T>(bytes: number, use: (pointer: number) => T): T {
  if (bytes > heapLimit) throw new LimitError(`${bytes} bytes asked for, limit ${heapLimit}`);
  const pointer = lib._malloc(Math.max(bytes, 8));
  if (pointer === 0) throw new LimitError(`${bytes} bytes could not be had`);
  try {
    lib.HEAPU8.fill(0, pointer, pointer + bytes);
    return use(pointer);
  } finally {
    lib._free(pointer);
  }
}

function metadata(file: number, path: string): Metadata | null {
  const id = fileId(file);
  if (lib.get_type(id, path) !== lib.H5G_DATASET) return null;
  const meta = lib.get_dataset_metadata(id, path);
  if (meta.virtual_sources !== undefined && meta.virtual_sources.length > 0) {
    throw new Error(`${path} is a virtual dataset that points to other files`);
  }
  return meta;
}

function readBlock(file: number, path: string, offset: number[], count: number[], pointer: number): void {
  const status = lib.get_dataset_data(
    fileId(file),
    path,
    count.map(BigInt),
    offset.map(BigInt),
    count.map(() => 1n),
    BigInt(pointer),
  );
  if (status < 0) throw new Error(`${path} could not be read`);
}

function dataset(file: number, path: string): DatasetInfo | null {
  const meta = metadata(file, path);
  return meta === null || meta.shape === null ? null : { shape: meta.shape.map(Number), type: typeInfo(meta) };
}

function read(file: number, path: string, offset: number[], count: number[]): Uint8Array<ArrayBuffer> {
  const meta = metadata(file, path);
  if (meta === null || meta.vlen) throw new Error(`${path} is not an array of numbers`);
  const bytes = count.reduce((product, n) => product * n, meta.size);
  return withMemory(bytes, (pointer) => {
    readBlock(file, path, offset, count, pointer);
    return lib.HEAPU8.slice(pointer, pointer + bytes);
  });
}

function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** A variable-length string in library memory, up to `maxBytes`. */
function stringAt(pointer: number, maxBytes: number): string {
  if (pointer === 0) return '';
  const bytes = lib.HEAPU8.subarray(pointer, Math.min(pointer + maxBytes + 1, lib.HEAPU8.length));
  if (bytes.indexOf(0) < 0) throw new LimitError(`a string is longer than ${maxBytes} bytes`);
  return text(bytes);
}

function strings(file: number, path: string, maxBytes: number): string[] {
  const meta = metadata(file, path);
  if (meta === null || meta.type !== 3) throw new Error(`${path} is not text`);
  const count = (meta.shape ?? []).reduce((product: number, n) => product * Number(n), 1);
  if (count > 1000 || (!meta.vlen && count * meta.size > maxBytes)) throw new LimitError(`${path} holds too much text`);
  return withMemory(count * meta.size, (pointer) => {
    const id = fileId(file);
    if (lib.get_dataset_data(id, path, null, null, null, BigInt(pointer)) < 0) throw new Error(`${path} could not be read`);
    const out: string[] = [];
    for (let i = 0; i < count; i++) {
      const at = pointer + i * meta.size;
      out.push(meta.vlen ? stringAt(view().getUint32(at, true), maxBytes) : text(lib.HEAPU8.subarray(at, at + meta.size)));
    }
    if (meta.vlen) lib.reclaim_vlen_memory(id, path, '', BigInt(pointer));
    return out;
  });
}

function view(): DataView {
  return new DataView(lib.HEAPU8.buffer);
}

/** Scalars and short vectors of numbers, and strings; anything else is left out. */
function attributes(file: number, path: string): Record<string, AttributeValue> {
  const id = fileId(file);
  const out: Record<string, AttributeValue> = {};
  for (const name of lib.get_attribute_names(id, path).slice(0, 200)) {
    const meta = lib.get_attribute_metadata(id, path, name);
    const count = (meta.shape ?? []).reduce((product: number, n) => product * Number(n), 1);
    if (meta.shape === null || count < 1 || count > 64 || meta.size > 65_536) continue;
    if (meta.type > 1 && !(meta.type === 3 && count === 1)) continue;
    withMemory(count * meta.size, (pointer) => {
      if (lib.get_attribute_data(id, path, name, BigInt(pointer)) < 0) return;
      if (meta.type === 3) {
        out[name] = meta.vlen ? stringAt(view().getUint32(pointer, true), 65_536) : text(lib.HEAPU8.subarray(pointer, pointer + meta.size));
        if (meta.vlen) lib.reclaim_vlen_memory(id, path, name, BigInt(pointer));
        return;
      }
      const values: number[] = [];
      for (let i = 0; i < count; i++) {
        const value = scalar(pointer + i * meta.size, meta);
        if (value !== null) values.push(value);
      }
      if (values.length === count) out[name] = count === 1 ? (values[0] as number) : values;
    });
  }
  return out;
}

function scalar(at: number, { type, size, signed }: Metadata): number | null {
  const v = view();
  // Values arrive in this machine's order; `littleEndian` speaks of the file.
  const le = true;
  if (type === 1) return size === 8 ? v.getFloat64(at, le) : size === 4 ? v.getFloat32(at, le) : null;
  if (size === 8) return Number(signed ? v.getBigInt64(at, le) : v.getBigUint64(at, le));
  if (size === 4) return signed ? v.getInt32(at, le) : v.getUint32(at, le);
  if (size === 2) return signed ? v.getInt16(at, le) : v.getUint16(at, le);
  return size === 1 ? (signed ? v.getInt8(at) : v.getUint8(at)) : null;
}

/**
 * Records of {head, traj: vlen float32, data: vlen float32}. In memory a variable-length member is hvl_t: length and
 * pointer, four bytes each in wasm32.
 */
function records(file: number, path: string, start: number, count: number, withSamples: boolean, maxBytes: number): RecordBatch {
  const id = fileId(file);
  const meta = metadata(file, path);
  const member = (name: string) => meta?.compound_type?.members.find((m) => m.name === name);
  const [head, traj, data] = [member('head'), member('traj'), member('data')];
  if (meta === null || !head || !traj || !data) throw new Error(`${path} is not a table of acquisitions`);
  return withMemory(count * meta.size, (pointer) => {
    readBlock(file, path, [start], [count], pointer);
    try {
      const v = view();
      const headBytes = head.size;
      const heads = new Uint8Array(count * headBytes);
      const trajectoryLengths = new Int32Array(count);
      const sampleLengths = new Int32Array(count);
      const energies = new Float64Array(count);
      let samplesTotal = 0;
      let pointsTotal = 0;
      for (let i = 0; i < count; i++) {
        const at = pointer + i * meta.size;
        heads.set(lib.HEAPU8.subarray(at + head.offset, at + head.offset + headBytes), i * headBytes);
        trajectoryLengths[i] = v.getUint32(at + traj.offset, true);
        sampleLengths[i] = v.getUint32(at + data.offset, true);
        pointsTotal += trajectoryLengths[i] as number;
        samplesTotal += sampleLengths[i] as number;
      }
      const total = 4 * (samplesTotal + pointsTotal);
      if (total > maxBytes) throw new LimitError(`${total} bytes of samples, limit ${maxBytes}`);
      const samples = new Float32Array(withSamples ? samplesTotal : 0);
      const trajectories = new Float32Array(withSamples ? pointsTotal : 0);
      for (let i = 0, toSample = 0, toPoint = 0; i < count; i++) {
        const at = pointer + i * meta.size;
        const values = floatsAt(v.getUint32(at + data.offset + 4, true), sampleLengths[i] as number, path);
        energies[i] = sumOfSquares(values);
        if (!withSamples) continue;
        samples.set(values, toSample);
        toSample += values.length;
        const points = floatsAt(v.getUint32(at + traj.offset + 4, true), trajectoryLengths[i] as number, path);
        trajectories.set(points, toPoint);
        toPoint += points.length;
      }
      return { heads, headBytes, trajectoryLengths, sampleLengths, energies, samples, trajectories };
    } finally {
      lib.reclaim_vlen_memory_count(id, path, '', BigInt(pointer), [BigInt(count)]);
    }
  });
}

/** `length` floats of library memory: a view where they are aligned, which libhdf5's blocks are. */
function floatsAt(from: number, length: number, path: string): Float32Array {
  if (length === 0) return new Float32Array(0);
  if (from === 0 || from + 4 * length > lib.HEAPU8.length) throw new Error(`${path}: samples lie outside the file`);
  return from % 4 === 0 ? new Float32Array(lib.HEAPU8.buffer, from, length) : new Float32Array(lib.HEAPU8.slice(from, from + 4 * length).buffer);
}

function sumOfSquares(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] as number) ** 2;
  return sum;
}

function perform(request: Request): Operations[keyof Operations]['reply'] {
  const { file } = request;
  switch (request.op) {
    case 'open': {
      const { path, heapLimit: limit } = request.args;
      heapLimit = Math.max(heapLimit, limit);
      allowedPaths.add(resolve(path));
      const id = lib.open(path, lib.H5F_ACC_RDONLY, false, -1, -1);
      if (id < 0n) throw new Error('not an HDF5 file');
      files.set(file, { id, path });
      return null;
    }
    case 'close': {
      const open = files.get(file);
      files.delete(file);
      if (open !== undefined) {
        lib.close_file(open.id);
        if (![...files.values()].some((other) => other.path === open.path)) allowedPaths.delete(resolve(open.path));
      }
      return null;
    }
    case 'keys':
      return lib.get_names(fileId(file), request.args.group, false).slice(0, 1000);
    case 'dataset':
      return dataset(file, request.args.path);
    case 'attributes':
      return attributes(file, request.args.path);
    case 'strings':
      return strings(file, request.args.path, request.args.maxBytes);
    case 'read':
      return read(file, request.args.path, request.args.offset, request.args.count);
    case 'records': {
      const { path, start, count, withSamples, maxBytes } = request.args;
      return records(file, path, start, count, withSamples, maxBytes);
    }
  }
}

function buffersOf(value: unknown): ArrayBuffer[] {
  if (value instanceof Uint8Array) return [value.buffer as ArrayBuffer];
  if (value !== null && typeof value === 'object' && 'samples' in value) {
    const batch = value as RecordBatch;
    return [batch.heads.buffer, batch.samples.buffer, batch.trajectories.buffer];
  }
  return [];
}

const port = parentPort;
if (port === null) throw new Error('this module is a worker thread');
port.on('message', (request: Request) => {
  growthRefused = false;
  diagnostics = '';
  let reply: Reply;
  try {
    reply = { ok: true, value: perform(request) };
  } catch (error) {
    const message = (innermostDiagnostic() ?? (error instanceof Error ? error.message : String(error))).slice(0, 500);
    // A WebAssembly trap or abort leaves the library's state undefined.
    const fatal = error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
    const reason = growthRefused ? 'memory' : error instanceof LimitError ? 'limit' : 'library';
    reply = { ok: false, reason, message, fatal: fatal || growthRefused };
  }
  port.postMessage(reply, reply.ok ? buffersOf(reply.value) : []);
});
port.postMessage('ready');
