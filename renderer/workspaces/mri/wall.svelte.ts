/** Stored results on the comparison wall: each gives the slice that the workspace shows. */
import type { Client } from '../../api/client.ts';
import { isQuiet } from '../../api/problem.ts';
import type { ResultSummary } from '../../../src/host/contract.ts';
import type { Image } from './live-state.ts';

/** Results of this recording that hold the slice, newest first. */
export function resultsWith(results: readonly ResultSummary[], recording: string, slice: number): readonly ResultSummary[] {
  return results.filter((result) => result.recording === recording && slice >= result.slices[0] && slice < result.slices[1]);
}

export class StoredSlice {
  image = $state.raw<Image | null>(null);
  slice = $state(-1);
  problem = $state('');
  readonly #client: Client;
  #abort: AbortController | null = null;

  constructor(client: Client) {
    this.#client = client;
  }

  async show(result: Pick<ResultSummary, 'id' | 'slices'>, slice: number): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    try {
      const image = await this.#client.resultImage(result.id, slice - result.slices[0], abort.signal);
      if (abort.signal.aborted || (image.dtype !== 'float32' && image.dtype !== 'complex64')) return;
      this.image = image as Image;
      this.slice = slice;
      this.problem = '';
    } catch (error) {
      if (abort.signal.aborted || isQuiet(error)) return;
      this.image = null;
      this.problem = 'This result is not in the library any more.';
    }
  }

  dispose(): void {
    this.#abort?.abort();
  }
}
