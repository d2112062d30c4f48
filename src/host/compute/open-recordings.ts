/** Recordings that a worker holds open, with the slice caches of their series; the least recently used is closed first. */
import type { Recording } from '../../array/recording.ts';
import { LacunaError } from '../../errors.ts';
import { canonicalJson } from '../../pipeline/canonical-json.ts';
import type { StepCall } from '../../pipeline/document.ts';
import { asKspace } from '../../pipeline/kspace-source.ts';
import { findSeries, type InputRef, openInput } from '../../pipeline/open-input.ts';
import { SliceCache } from '../../pipeline/slice-cache.ts';

const MOST_OPEN = 3;

interface Entry {
  readonly recording: Recording;
  readonly slices: Map<string, SliceCache>;
  /** Coil maps and the like, kept by the methods while sliders move. */
  readonly cache: Map<string, unknown>;
}

export class OpenRecordings {
  readonly #entries = new Map<string, Entry>();

  /** Throws input.mismatch where the file is not the one with `sha256` any more: a receipt must name what was read. */
  async get(input: InputRef, sha256: string): Promise<Entry> {
    const key = canonicalJson(input);
    const known = this.#entries.get(key);
    if (known?.recording.sha256 === sha256) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known;
    }
    await this.forget(key);
    const recording = await openInput(input);
    if (recording.sha256 !== sha256) {
      await recording.close();
      throw new LacunaError('input.mismatch', 'The file has changed since it was opened; open it again.', { file: recording.name });
    }
    const entry: Entry = { recording, slices: new Map(), cache: new Map() };
    this.#entries.set(key, entry);
    for (const [oldest] of this.#entries) {
      if (this.#entries.size <= MOST_OPEN) break;
      await this.forget(oldest);
    }
    return entry;
  }

  /** Series as k-space, with its cache. */
  async slices(input: InputRef, sha256: string, seriesId: string, acquire: StepCall | undefined): Promise<{ entry: Entry; slices: SliceCache }> {
    const entry = await this.get(input, sha256);
    const key = canonicalJson([seriesId, acquire]);
    let slices = entry.slices.get(key);
    if (slices === undefined) {
      slices = new SliceCache(await asKspace(findSeries(entry.recording, seriesId), acquire));
      // A different simulated acquisition makes the one before it useless: keep one per series.
      for (const old of entry.slices.keys()) if (old.startsWith(`["${seriesId}"`)) entry.slices.delete(old);
      entry.slices.set(key, slices);
    }
    return { entry, slices };
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
