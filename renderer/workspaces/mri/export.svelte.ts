/** An export from question to written files: make the result if it is not stored yet, then write it. */
import type { ExportReply, ResultSummary, StepDescription } from '../../../src/host/contract.ts';
import type { ExportSubject, Studio } from '../../studio/studio.svelte.ts';
import { type Params, defaultsOf } from './recipe.ts';

export type Extent = 'slice' | 'volume' | 'range';

export class ExportState {
  format = $state('');
  params = $state.raw<Params>({});
  name = $state('');
  extent = $state<Extent>('slice');
  /** 1-based, inclusive, as people count. */
  first = $state(1);
  last = $state(1);
  phase = $state<'asking' | 'reconstructing' | 'writing' | 'done'>('asking');
  problem = $state.raw<unknown>(null);
  reply = $state.raw<ExportReply | null>(null);
  result = $state.raw<ResultSummary | null>(null);

  readonly #studio: Studio;
  readonly #subject: ExportSubject;
  /** How many slices there are to choose from. */
  readonly slices: number;

  constructor(studio: Studio, subject: ExportSubject) {
    this.#studio = studio;
    this.#subject = subject;
    this.slices = subject.kind === 'result'
      ? subject.result.slices[1] - subject.result.slices[0]
      : (studio.mri.series?.slices ?? 1);
    this.last = this.slices;
    this.extent = subject.kind === 'result' ? 'volume' : 'slice';
    const formats = studio.catalogue.stepsOf('export');
    const start = formats.find((step) => step.name === 'dicom') ?? formats[0];
    if (start !== undefined) this.choose(start);
  }

  choose(step: StepDescription): void {
    this.format = step.name;
    this.params = defaultsOf(step.params);
  }

  /** [start, end) of what there is. */
  get range(): readonly [number, number] {
    if (this.extent === 'volume') return [0, this.slices];
    if (this.extent === 'slice') {
      const at = this.#subject.kind === 'current' ? this.#studio.mri.slice : 0;
      return [at, at + 1];
    }
    const first = Math.min(this.slices, Math.max(1, Math.round(this.first)));
    const last = Math.min(this.slices, Math.max(first, Math.round(this.last)));
    return [first - 1, last];
  }

  async run(): Promise<void> {
    this.problem = null;
    try {
      const stored = this.#subject.kind === 'result' ? this.#subject.result : await this.#make();
      if (stored === null) {
        this.phase = 'asking';
        return;
      }
      this.result = stored;
      this.phase = 'writing';
      const handle = await this.#saveLocation();
      this.reply = await this.#studio.client.exportResult(stored.id, {
        format: this.format,
        params: this.params,
        ...(this.name.trim() === '' ? {} : { name: this.name.trim() }),
        ...(handle === null ? {} : { handle }),
        // A result made here holds just the slices asked for.
        ...(this.#subject.kind === 'result' ? { slices: this.range } : {}),
      });
      this.phase = 'done';
    } catch (error) {
      this.problem = error;
      this.phase = 'asking';
    }
  }

  async #make(): Promise<ResultSummary | null> {
    this.phase = 'reconstructing';
    return this.#studio.mri.reconstruct(this.range);
  }

  /** Desktop shell: where to; the exports folder when the dialog is cancelled or absent. */
  async #saveLocation(): Promise<string | null> {
    const dialog = window.lacunaShell?.saveDialog;
    if (dialog === undefined) return null;
    const extension = this.#studio.catalogue.step('export', this.format)?.extensions?.[0] ?? '';
    return (await dialog(`${this.name.trim() || 'reconstruction'}${extension}`))?.handle ?? null;
  }
}
