/** Recordings that a worker holds open, with the slice caches of their series; the least recently used is closed first. */
import type { Recording } from '../../array/recording.ts';
import { LacunaError } from '../../errors.ts';
import { canonicalJson } from '../../pipeline/canonical-json.ts';
import type { PipelineDocument } from '../../pipeline/document.ts';
import { findSeries, type InputRef, openInput } from '../../pipeline/open-input.ts';
import { preparedKspace } from '../../pipeline/prepare.ts';
import { SliceCache } from '../../pipeline/slice-cache.ts';
import type { RecordingIdentity } from './messages.ts';

const MOST_OPEN = 3;
/** A folder of a thousand files takes longer to look at than a slider may wait, so it is not done for every preview. */
const CHECK_EVERY_MS = 2000;

interface Entry {
  readonly recording: Recording;
  checkedAt: number;
  readonly slices: Map<string, SliceCache>;
  /** Coil maps and the like, kept by the methods while sliders move. */
  readonly cache: Map<string, unknown>;
}

export class OpenRecordings {
  readonly #entries = new Map<string, Entry>();

  /** Throws input.mismatch where the file is not what it was when the recording was opened. */
  async get(input: InputRef, identity: RecordingIdentity): Promise<Entry> {
    const key = canonicalJson(input);
    const known = this.#entries.get(key);
    if (known !== undefined && (await isSame(known.recording, identity))) {
      await this.#checkUnchanged(known, key);
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known;
    }
    await this.forget(key);
    const recording = await openInput(input);
    if (!(await isSame(recording, identity))) {
      await recording.close();
      throw new LacunaError('input.mismatch', 'The file has changed since it was opened; open it again.', { file: recording.name });
    }
    const entry: Entry = { recording, checkedAt: performance.now(), slices: new Map(), cache: new Map() };
    this.#entries.set(key, entry);
    for (const [oldest] of this.#entries) {
      if (this.#entries.size <= MOST_OPEN) break;
      await this.forget(oldest);
    }
    return entry;
  }

  /** The document's series as prepared k-space, with its cache. */
  async slices(input: InputRef, identity: RecordingIdentity, document: PipelineDocument): Promise<{ entry: Entry; slices: SliceCache }> {
    const entry = await this.get(input, identity);
    const { acquire, prepare } = document;
    const seriesId = document.input.series;
    const key = canonicalJson([seriesId, { acquire, prepare }]);
    let slices = entry.slices.get(key);
    if (slices === undefined) {
      slices = new SliceCache(await preparedKspace(findSeries(entry.recording, seriesId), document));
      // Another acquisition or preparation makes the one before it useless: keep one per series.
      for (const old of entry.slices.keys()) if (old.startsWith(`[${JSON.stringify(seriesId)},`)) entry.slices.delete(old);
      entry.slices.set(key, slices);
    }
    return { entry, slices };
  }

  /** Hash of the content of an open recording. One that was changed is let go: what is on disk now is another, or its old self again. */
  async contentHash(input: InputRef, entry: Entry): Promise<string> {
    try {
      return await entry.recording.sha256();
    } catch (error) {
      await this.forget(canonicalJson(input));
      throw error;
    }
  }

  async #checkUnchanged(entry: Entry, key: string): Promise<void> {
    const now = performance.now();
    if (now - entry.checkedAt < CHECK_EVERY_MS) return;
    entry.checkedAt = now;
    try {
      await entry.recording.checkUnchanged?.();
    } catch (error) {
      await this.forget(key);
      throw error;
    }
  }

  async forget(key: string): Promise<void> {
    const entry = this.#entries.get(key);
    this.#entries.delete(key);
    await entry?.recording.close();
  }

  keyOf(input: InputRef): string {
    return canonicalJson(input);
  }
}

/**
 * A large file that was copied or touched has another id but the same content; and libraries written before there were
 * fingerprints name every recording by its content.
 */
async function isSame(recording: Recording, { id, sha256 }: RecordingIdentity): Promise<boolean> {
  if (recording.id === id || recording.id === sha256) return true;
  // A file that changed under an open recording has no hash any more: it is not the same.
  const content = await recording.sha256().catch(() => null);
  return content !== null && (content === id || content === sha256);
}
