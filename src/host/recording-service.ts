/** Recordings that clients opened: uploaded into the data folder by hash, handed over by the desktop shell, or made as samples. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadOptions } from '../array/read-options.ts';
import type { Recording } from '../array/recording.ts';
import { LacunaError } from '../errors.ts';
import type { Library } from '../library/library.ts';
import type { StepCall } from '../pipeline/document.ts';
import { type InputRef, normalisedOptions, openInput } from '../pipeline/open-input.ts';
import { completeCall } from '../pipeline/registry.ts';
import type { RecordingSummary } from './contract.ts';
import { safeName } from './safe-name.ts';
import { summariseRecording } from './summaries.ts';
import { Turns } from './turns.ts';

const MOST_BYTES = 64 * 2 ** 30;
const MOST_FILES = 20_000;
/** Kept free on the disk so that the catalogue can still be written. */
const RESERVE_BYTES = 256 * 2 ** 20;

export interface UploadPart {
  readonly name: string;
  readonly body: ReadableStream<Uint8Array>;
}

interface Received {
  /** Folder of the library that keeps the bytes. */
  readonly key: string;
  readonly inside: string;
  /** Of a single file: the hash that was taken while it arrived. */
  readonly sha256?: string;
}

export class RecordingService {
  readonly #library: Library;
  readonly #folder: string;
  /** Two uploads of the same bytes want the same folder. */
  readonly #arrivals = new Turns();

  constructor(library: Library) {
    this.#library = library;
    this.#folder = join(library.folder, 'recordings');
  }

  async openSample(sample: StepCall): Promise<RecordingSummary> {
    const complete = completeCall('sample', sample);
    return this.#open({ kind: 'sample', sample: complete }, { sample: complete });
  }

  async openPath(path: string): Promise<RecordingSummary> {
    return this.#open({ kind: 'path', path });
  }

  /** One file; its bytes are kept under their hash so that the recording is there after a restart. */
  async upload(part: UploadPart, declaredBytes: number | null): Promise<RecordingSummary> {
    const name = safeName(part.name);
    return this.#receive(declaredBytes, async (folder) => {
      const sha256 = await this.#save(part, join(folder, name));
      return { key: sha256, inside: name, sha256 };
    });
  }

  /** The files of a dropped folder. */
  async uploadFolder(folderName: string, parts: AsyncIterable<UploadPart>, declaredBytes: number | null): Promise<RecordingSummary> {
    const name = safeName(folderName);
    return this.#receive(declaredBytes, async (folder) => {
      const inside = join(folder, name);
      await mkdir(inside);
      const hashes: string[] = [];
      for await (const part of parts) {
        if (hashes.length >= MOST_FILES) throw new LacunaError('usage.too-large', `A folder may hold at most ${MOST_FILES} files.`, { file: name });
        // Equal names in different sub-folders must not meet.
        hashes.push(await this.#save(part, join(inside, `${String(hashes.length).padStart(5, '0')}-${safeName(part.name)}`)));
      }
      if (hashes.length === 0) throw new LacunaError('usage.invalid', 'The folder is empty.', { file: name });
      return { key: createHash('sha256').update(hashes.sort().join('\n')).digest('hex'), inside: name };
    });
  }

  list(): readonly RecordingSummary[] {
    return this.#library.listRecordings();
  }

  /** Throws usage.not-found. */
  get(id: string): { summary: RecordingSummary; input: InputRef } {
    const found = this.#library.getRecording(id);
    if (found === null) throw new LacunaError('usage.not-found', 'That recording is not in the library.', { field: id });
    return { summary: found.summary, input: found.input as InputRef };
  }

  /**
   * The same file read another way: a recording of its own, with an id of its own, that stays in the library beside the first.
   * Options that say nothing give the reader's own judgement. Throws usage.unsupported for samples, and what the reader throws.
   */
  async readAnew(id: string, options: ReadOptions): Promise<RecordingSummary> {
    const { input, summary } = this.get(id);
    if (input.kind === 'sample') throw new LacunaError('usage.unsupported', 'The studio made this recording itself; there is no file to read another way.', { field: 'recording' });
    const read = normalisedOptions(options);
    const { sha256 } = summary;
    return this.#open({ kind: 'path', path: input.path, ...(read === undefined ? {} : { read }) }, sha256 === undefined ? {} : { sha256 });
  }

  /** Forgets the recording; uploaded bytes are removed with their last reading, files elsewhere stay. */
  async remove(id: string): Promise<InputRef> {
    const { input } = this.get(id);
    this.#library.removeRecording(id);
    if (input.kind === 'path' && dirname(dirname(input.path)) === this.#folder && !this.#isUsed(dirname(input.path))) {
      await rm(dirname(input.path), { recursive: true, force: true });
    }
    return input;
  }

  /** Whether a recording of the library lies in `folder`. */
  #isUsed(folder: string): boolean {
    return this.list().some(({ id }) => {
      const { input } = this.get(id);
      return input.kind === 'path' && dirname(input.path) === folder;
    });
  }

  /** The content hash of a recording has been computed: the library keeps it. Nothing happens where it has been removed meanwhile. */
  learnHash(id: string, sha256: string): void {
    const known = this.#library.getRecording(id);
    if (known !== null && known.summary.sha256 !== sha256) this.#library.addRecording({ ...known.summary, sha256 }, known.input);
  }

  async #open(input: InputRef, { sample, sha256 }: { sample?: StepCall; sha256?: string } = {}): Promise<RecordingSummary> {
    const recording = await openInput(input);
    try {
      const summary = { ...summariseRecording(recording, new Date().toISOString(), sample), ...(sha256 === undefined ? {} : { sha256 }) };
      this.#library.addRecording(summary, input);
      if (sha256 === undefined) void this.#hashLater(recording);
      return summary;
    } finally {
      await recording.close();
    }
  }

  /** A large file is hashed while it is looked at already. A failure is met again, and reported, by the job that needs the hash. */
  async #hashLater(recording: Recording): Promise<void> {
    try {
      this.learnHash(recording.id, await recording.sha256());
    } catch {
      // The file changed or went away, or the studio was closed.
    }
  }

  async #receive(declaredBytes: number | null, save: (folder: string) => Promise<Received>): Promise<RecordingSummary> {
    await mkdir(this.#folder, { recursive: true });
    await this.#checkSpace(declaredBytes ?? 0);
    const temporary = await mkdtemp(join(this.#folder, 'incoming-'));
    try {
      const { key, inside, sha256 } = await save(temporary);
      const final = join(this.#folder, key);
      const path = join(final, inside);
      return await this.#arrivals.run(async () => {
        const known = await exists(final);
        const present = await exists(path);
        if (!known) await rename(temporary, final);
        // The same bytes under another name are kept beside the first, which a compute thread may have open.
        else if (!present) await rename(join(temporary, inside), path);
        try {
          return await this.#open({ kind: 'path', path }, sha256 === undefined ? {} : { sha256 });
        } catch (error) {
          if (!present) await rm(known ? path : final, { recursive: true, force: true });
          throw error;
        }
      });
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  }

  async #save(part: UploadPart, path: string): Promise<string> {
    const hash = createHash('sha256');
    let bytes = 0;
    const meter = new Transform({
      transform(chunk: Uint8Array, _encoding, done) {
        bytes += chunk.byteLength;
        hash.update(chunk);
        done(bytes > MOST_BYTES ? new LacunaError('usage.too-large', `A file may have at most ${MOST_BYTES} bytes.`, { file: part.name }) : null, chunk);
      },
    });
    try {
      await pipeline(Readable.fromWeb(part.body as Parameters<typeof Readable.fromWeb>[0]), meter, createWriteStream(path, { flags: 'wx' }));
    } catch (cause) {
      if (cause instanceof LacunaError) throw cause;
      throw new LacunaError('io.write', 'The file could not be stored in the library; is the disk full?', { file: part.name, cause });
    }
    return hash.digest('hex');
  }

  async #checkSpace(bytes: number): Promise<void> {
    const { bavail, bsize } = await statfs(this.#folder);
    if (bavail * bsize < bytes + RESERVE_BYTES) {
      throw new LacunaError('io.write', `The disk has ${Math.floor((bavail * bsize) / 2 ** 20)} MiB free; this recording needs ${Math.ceil(bytes / 2 ** 20)} MiB and 256 MiB to spare.`);
    }
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
