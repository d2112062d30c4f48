/** Images of one source, read ahead of where the cine is. What was read is kept with that of the other sources. */
import type { NdArray } from '../../../../src/array/nd-array.ts';
import type { ArrayCache } from '../../../api/array-cache.ts';
import { isQuiet } from '../../../api/problem.ts';
import { describeProblem } from '../../../studio/describe-problem.ts';
import type { PaneImage } from '../../../viewers/image/types.ts';
import type { ImageSource } from './image-sources.ts';

const AT_ONCE = 4;

export class FrameBuffer {
  /** What is on screen, and which slice it is. */
  shown = $state.raw<{ readonly slice: number; readonly image: PaneImage } | null>(null);
  problem = $state('');
  readonly #source: ImageSource;
  readonly #frames: ArrayCache;
  readonly #name: string;
  readonly #abort = new AbortController();
  readonly #loading = new Map<number, Promise<NdArray>>();
  #wanted: readonly number[] = [];
  #latest = -1;

  /** @param name tells its images from those of other sources in `frames`. */
  constructor(source: ImageSource, name: string, frames: ArrayCache) {
    this.#source = source;
    this.#name = name;
    this.#frames = frames;
  }

  has(slice: number): boolean {
    return this.#frames.get(`${this.#name} ${slice}`) !== undefined;
  }

  /** Shows `slice` as soon as it is there, unless another was wanted since. */
  async show(slice: number): Promise<void> {
    this.#latest = slice;
    try {
      const image = await this.#load(slice);
      if (this.#abort.signal.aborted || this.#latest !== slice) return;
      if (image.dtype !== 'float32' && image.dtype !== 'complex64') return;
      this.shown = { slice, image: image as PaneImage };
      this.problem = '';
    } catch (error) {
      if (this.#abort.signal.aborted || isQuiet(error) || this.#latest !== slice) return;
      this.shown = null;
      this.problem = describeProblem(error).text;
    }
  }

  /** Reads these in the background, the first first. */
  ahead(slices: readonly number[]): void {
    this.#wanted = slices;
    this.#pump();
  }

  #pump(): void {
    if (this.#abort.signal.aborted) return;
    for (const slice of this.#wanted) {
      if (this.#loading.size >= AT_ONCE) return;
      if (this.has(slice) || this.#loading.has(slice)) continue;
      // What cannot be read says so when it is to be shown.
      this.#load(slice).then(() => this.#pump(), () => undefined);
    }
  }

  async #load(slice: number): Promise<NdArray> {
    const known = this.#frames.get(`${this.#name} ${slice}`);
    if (known !== undefined) return known;
    const pending = this.#loading.get(slice) ?? this.#source.image(slice, this.#abort.signal);
    this.#loading.set(slice, pending);
    try {
      const image = await pending;
      this.#frames.set(`${this.#name} ${slice}`, image);
      return image;
    } finally {
      this.#loading.delete(slice);
    }
  }

  dispose(): void {
    this.#abort.abort();
  }
}
