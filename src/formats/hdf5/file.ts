/** An HDF5 file, read piecewise through the library's thread. Every failure is a LacunaError that names file and dataset. */
import { LacunaError } from '../../errors.ts';
import type { AttributeValue, DatasetInfo, OperationName, Operations, RecordBatch } from './protocol.ts';
import { hdf5Thread, type ThreadFile } from './thread.ts';

/** No request on metadata takes longer than milliseconds; a damaged file may loop for ever. Large files get longer. */
const LIMIT_MS = { least: 1_000, most: 4_000, bytesPerMs: 100_000 };
/** Slowest disk and codec that reading is given time for. */
const BYTES_PER_MS = 10_000;
/** Library heap allowed beyond the size of the file (its own code and caches take 20 MB). */
const HEAP_MARGIN = 192 * 1024 * 1024;
const HEAP_MAX = 2 * 1024 * 1024 * 1024 - 65_536;

let nextId = 1;

export class Hdf5File {
  readonly name: string;
  readonly #bytes: number;
  readonly #file: ThreadFile;
  readonly #limitMs: number;
  #closed = false;

  private constructor(path: string, name: string, bytes: number) {
    this.name = name;
    this.#bytes = bytes;
    this.#file = { id: nextId++, path, heapLimit: Math.min(HEAP_MAX, 2 * bytes + HEAP_MARGIN) };
    this.#limitMs = Math.min(LIMIT_MS.most, LIMIT_MS.least + bytes / LIMIT_MS.bytesPerMs);
  }

  /** `path` is a file on disk of `bytes` bytes, `name` what errors call it. */
  static async open(path: string, name: string, bytes: number): Promise<Hdf5File> {
    const file = new Hdf5File(path, name, bytes);
    const outcome = await hdf5Thread.open(file.#file, file.#limitMs);
    if (!outcome.ok) throw file.#failure(outcome, '/', 'The file cannot be opened as HDF5');
    return file;
  }

  /** Names in a group. */
  keys(group: string): Promise<string[]> {
    return this.#run('keys', { group }, group);
  }

  /** Null where there is no dataset of that path. */
  dataset(path: string): Promise<DatasetInfo | null> {
    return this.#run('dataset', { path }, path);
  }

  /** Numbers, short vectors and strings; other kinds are left out. */
  attributes(path: string): Promise<Record<string, AttributeValue>> {
    return this.#run('attributes', { path }, path);
  }

  strings(path: string, maxBytes = 4 * 1024 * 1024): Promise<string[]> {
    return this.#run('strings', { path, maxBytes }, path);
  }

  /** The raw bytes of a hyperslab, in the machine's layout of the dataset's type. */
  read(path: string, offset: number[], count: number[], itemBytes: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = count.reduce((product, n) => product * n, itemBytes);
    return this.#run('read', { path, offset, count }, path, bytes / BYTES_PER_MS);
  }

  /** Acquisition records [start, start + count) of an ISMRMRD table. */
  records(path: string, start: number, count: number, withSamples: boolean, maxBytes: number): Promise<RecordBatch> {
    return this.#run('records', { path, start, count, withSamples, maxBytes }, path, Math.min(maxBytes, 8 * this.#bytes) / BYTES_PER_MS);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await hdf5Thread.close(this.#file, this.#limitMs);
  }

  async #run<K extends Exclude<OperationName, 'open' | 'close'>>(op: K, args: Operations[K]['args'], field: string, extraMs = 0): Promise<Operations[K]['reply']> {
    if (this.#closed) throw new LacunaError('io.read', `"${this.name}" has been closed.`, { file: this.name });
    const outcome = await hdf5Thread.run(op, this.#file, args, this.#limitMs + extraMs);
    if (!outcome.ok) throw this.#failure(outcome, field, `${field} cannot be read`);
    return outcome.value;
  }

  #failure(outcome: { reason: string; message: string }, field: string, what: string): LacunaError {
    const details = { file: this.name, field, cause: new Error(outcome.message) };
    switch (outcome.reason) {
      case 'memory':
      case 'limit':
        return new LacunaError('input.too-large', `${what}: it asks for more memory than a file of ${this.#bytes} bytes is allowed.`, details);
      case 'time':
        return new LacunaError('input.malformed', `${what}: the HDF5 library found no end in it and was stopped.`, details);
      case 'crash':
        return new LacunaError('input.malformed', `${what}: the HDF5 library crashed on it and was restarted.`, details);
      default:
        return new LacunaError('input.malformed', `${what}: the HDF5 library says "${outcome.message}".`, details);
    }
  }
}
