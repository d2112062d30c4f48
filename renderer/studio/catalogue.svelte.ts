/** What the host knows: shell, steps, providers, models, recordings, results, jobs. Lists are replaced whole, never edited. */
import type { Client } from '../api/client.ts';
import type {
  JobSummary, ModelDescription, ModelProblem, RecordingSummary, ResultSummary, ShellInfo, StepDescription,
} from '../../src/host/contract.ts';
import type { ProviderReport } from '../../src/infer/port.ts';
import type { StepKind } from '../../src/pipeline/step.ts';
import { withModels } from './step-models.ts';

export class Catalogue {
  shell = $state.raw<ShellInfo | null>(null);
  #allSteps = $state.raw<readonly StepDescription[]>([]);
  providers = $state.raw<readonly ProviderReport[]>([]);
  models = $state.raw<readonly ModelDescription[]>([]);
  modelProblems = $state.raw<readonly ModelProblem[]>([]);
  /** Without learned methods that have no package here. */
  readonly steps = $derived(withModels(this.#allSteps, this.models));
  recordings = $state.raw<readonly RecordingSummary[]>([]);
  results = $state.raw<readonly ResultSummary[]>([]);
  jobs = $state.raw<readonly JobSummary[]>([]);
  /** The library's lists have been read at least once. */
  loaded = $state(false);

  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Everything a workspace needs to appear. Providers may still be probed by then; they follow. */
  async start(): Promise<void> {
    const [shell, steps, models] = await Promise.all([this.#client.shell(), this.#client.steps(), this.#client.models()]);
    this.shell = shell;
    this.models = models;
    this.providers = shell.providers;
    this.#allSteps = steps;
  }

  async refreshLibrary(): Promise<void> {
    const [recordings, results, jobs] = await Promise.all([
      this.#client.recordings(), this.#client.results(), this.#client.jobs(),
    ]);
    this.recordings = recordings;
    this.results = results;
    this.jobs = jobs;
    this.loaded = true;
  }

  async refreshModels(): Promise<void> {
    const [providers] = await Promise.all([this.#client.providers(), this.refreshPackages()]);
    this.providers = providers;
  }

  /** Without waiting for providers, which may still be probed. */
  async refreshPackages(): Promise<void> {
    const [models, problems] = await Promise.all([this.#client.models(), this.#client.modelProblems()]);
    this.models = models;
    this.modelProblems = problems;
  }

  async refreshShell(): Promise<void> {
    this.shell = await this.#client.shell();
    if (this.shell.providers.length > 0) this.providers = this.shell.providers;
  }

  stepsOf(kind: StepKind): readonly StepDescription[] {
    return this.steps.filter((step) => step.kind === kind);
  }

  step(kind: StepKind, name: string): StepDescription | null {
    return this.steps.find((step) => step.kind === kind && step.name === name) ?? null;
  }

  methodTitle(name: string): string {
    return this.step('method', name)?.title ?? name;
  }

  addRecording(recording: RecordingSummary): void {
    this.recordings = [recording, ...this.recordings.filter((other) => other.id !== recording.id)];
  }
}
