/** The person's settings; kept by the host, so that they follow the library. */
import type { Settings } from '../../src/host/contract.ts';
import type { Client } from '../api/client.ts';

export const DEFAULT_SETTINGS: Settings = {
  theme: 'system',
  provider: 'auto',
  threads: 0,
  orientation: 'radiological',
  keymap: {},
  invertLevelDrag: false,
};

export class SettingsStore {
  value = $state.raw<Settings>(DEFAULT_SETTINGS);
  readonly #client: Client;
  readonly #onProblem: (cause: unknown) => void;
  /** Writes go one after the other, so that the last one said is the last one stored. */
  #writing: Promise<void> = Promise.resolve();

  constructor(client: Client, onProblem: (cause: unknown) => void) {
    this.#client = client;
    this.#onProblem = onProblem;
  }

  async load(): Promise<void> {
    this.value = { ...DEFAULT_SETTINGS, ...(await this.#client.settings()) };
  }

  change(part: Partial<Settings>): void {
    const next = { ...this.value, ...part };
    this.value = next;
    this.#writing = this.#writing.then(() => this.#client.saveSettings(next)).then(() => undefined, this.#onProblem);
  }
}
