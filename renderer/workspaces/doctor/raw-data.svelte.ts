/** What a person decides about a file that contradicts itself or does not name its axes: the same file read another way. */
import { LacunaError } from '../../../src/errors.ts';
import type { AxisName, ReadOptions } from '../../../src/array/read-options.ts';
import type { RecordingSummary } from '../../../src/host/contract.ts';
import type { Client } from '../../api/client.ts';
import type { Catalogue } from '../../studio/catalogue.svelte.ts';
import type { MriSession } from '../mri/session.svelte.ts';

export interface RawDataContext {
  readonly client: Client;
  readonly catalogue: Catalogue;
  readonly mri: MriSession;
  readonly onProblem: (cause: unknown) => void;
}

export class RawData {
  /** The axes dialog is open. */
  naming = $state(false);
  /** The dialog of simulated heating is open. */
  heating = $state(false);
  /** Id of the finding whose fix is being applied or undone. */
  busy = $state<string | null>(null);
  /** Recordings whose assumed axes were found right. */
  accepted = $state.raw<readonly string[]>([]);
  readonly #context: RawDataContext;

  constructor(context: RawDataContext) {
    this.#context = context;
  }

  accept(recording: string): void {
    this.accepted = [...this.accepted, recording];
  }

  /** Applies the fix of a finding, or takes it back, and shows the recording as it is read then. */
  async switchFix(finding: string, on: boolean): Promise<void> {
    const { client, mri, onProblem } = this.#context;
    const { recording } = mri;
    if (recording === null || this.busy !== null) return;
    this.busy = finding;
    try {
      this.show(await client.readAnew(recording.id, withFix(recording.read, finding, on)));
    } catch (error) {
      onProblem(error);
    } finally {
      this.busy = null;
    }
  }

  /** The recording with other axes of one series. Fixes that the new reading does not offer are left out. */
  async read(recording: RecordingSummary, series: string, axes: readonly AxisName[], domain: 'kspace' | 'image'): Promise<RecordingSummary> {
    const options = withAxes(recording.read, series, axes, domain);
    try {
      return await this.#context.client.readAnew(recording.id, options);
    } catch (error) {
      const { fixes, ...others } = options;
      if (fixes === undefined || !(error instanceof LacunaError) || error.code !== 'usage.invalid') throw error;
      return this.#context.client.readAnew(recording.id, others);
    }
  }

  /** The recording as a series that warms up, or as it was measured. Throws what the host refuses it with. */
  async heat(heating: ReadOptions['heating'] | null): Promise<void> {
    const { client, mri } = this.#context;
    const { recording } = mri;
    if (recording === null) return;
    const { heating: _before, ...read } = recording.read ?? {};
    this.show(await client.readAnew(recording.id, heating == null ? read : { ...read, heating }));
  }

  /** Opens `recording` in place of the one that is open, at the same series and slice. */
  show(recording: RecordingSummary): void {
    const { catalogue, mri } = this.#context;
    const { series, slice } = mri;
    catalogue.addRecording(recording);
    const same = recording.series.find(({ id }) => id === series?.id);
    mri.open(recording, same === undefined ? {} : { series: same.id, ...(same.slices === series?.slices ? { slice } : {}) });
  }
}

export function withFix(read: ReadOptions | undefined, finding: string, on: boolean): ReadOptions {
  const others = (read?.fixes ?? []).filter((id) => id !== finding);
  return { ...read, fixes: on ? [...others, finding] : others };
}

export function withAxes(read: ReadOptions | undefined, series: string, axes: readonly AxisName[], domain: 'kspace' | 'image'): ReadOptions {
  return { ...read, axes: { ...read?.axes, [series]: [...axes] }, domains: { ...read?.domains, [series]: domain } };
}
