/** What a series looks like with other axes, before that is decided. Readings made for looking alone are forgotten again. */
import type { AxisName } from '../../../src/array/read-options.ts';
import type { RecordingSummary } from '../../../src/host/contract.ts';
import type { Client } from '../../api/client.ts';
import { describeProblem } from '../../studio/describe-problem.ts';
import type { PaneImage, ValueWindow } from '../../viewers/image/types.ts';
import { anatomyWindow } from '../mri/images.ts';
import type { RawData } from './raw-data.svelte.ts';

export interface Preview {
  readonly recording: RecordingSummary;
  readonly image: PaneImage;
  readonly window: ValueWindow;
}

export class AxesPreview {
  shown = $state.raw<Preview | null>(null);
  busy = $state(false);
  problem = $state('');
  readonly #client: Client;
  readonly #rawData: RawData;
  /** Recordings that were there before: those stay. */
  readonly #known: ReadonlySet<string>;
  readonly #made = new Set<string>();
  #latest = 0;

  constructor(client: Client, rawData: RawData, known: Iterable<string>) {
    this.#client = client;
    this.#rawData = rawData;
    this.#known = new Set(known);
  }

  /** Reads and shows the middle slice; a newer call goes before. */
  async look(recording: RecordingSummary, series: string, axes: readonly AxisName[], domain: 'kspace' | 'image'): Promise<void> {
    const mine = ++this.#latest;
    this.busy = true;
    this.problem = '';
    try {
      const read = await this.#rawData.read(recording, series, axes, domain);
      if (!this.#known.has(read.id)) this.#made.add(read.id);
      const slices = read.series.find(({ id }) => id === series)?.slices ?? 1;
      const image = (await this.#client.recordingImage(read.id, series, Math.floor(slices / 2))) as PaneImage;
      if (mine === this.#latest) this.shown = { recording: read, image, window: anatomyWindow(image) };
    } catch (error) {
      if (mine !== this.#latest) return;
      this.shown = null;
      this.problem = describeProblem(error).text;
    } finally {
      if (mine === this.#latest) this.busy = false;
    }
  }

  clear(): void {
    this.#latest++;
    this.shown = null;
    this.busy = false;
    this.problem = '';
  }

  /** Removes from the library what was read for looking alone; `kept` stays. */
  async forget(kept: string | null): Promise<void> {
    this.clear();
    for (const id of this.#made) {
      // One that is gone already is as good.
      if (id !== kept) await this.#client.deleteRecording(id).catch(() => undefined);
    }
    this.#made.clear();
  }
}
