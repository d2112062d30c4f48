/** The whole studio: parts wired together once, and what concerns more than one of them. */
import { createClient } from '../api/client.ts';
import { applyTheme } from '../theme/theme.ts';
import type { JobSummary, RecordingSummary, ResultSummary } from '../../src/host/contract.ts';
import type { StepCall } from '../../src/pipeline/document.ts';
import { RawData } from '../workspaces/doctor/raw-data.svelte.ts';
import { callOf } from '../workspaces/mri/recipe.ts';
import { MriSession } from '../workspaces/mri/session.svelte.ts';
import { Catalogue } from './catalogue.svelte.ts';
import { Connection } from './connection.svelte.ts';
import { JobTracker } from './jobs.svelte.ts';
import { type Dropped, chooseFiles, folderOf, paired } from './open-files.ts';
import { SettingsStore } from './settings.svelte.ts';
import type { OpenedHandle } from './shell.ts';
import { Toaster } from './toaster.svelte.ts';

export type Workspace = 'mri' | 'doctor' | 'library' | 'models' | 'settings' | 'help';
/** What the export dialog is about: a stored result, or what the MRI workspace shows. */
export type ExportSubject = { readonly kind: 'result'; readonly result: ResultSummary } | { readonly kind: 'current' };

export class Studio {
  workspace = $state<Workspace>('mri');
  phase = $state<'starting' | 'ready' | 'failed'>('starting');
  startError = $state.raw<unknown>(null);
  paletteOpen = $state(false);
  exporting = $state.raw<ExportSubject | null>(null);
  /** The package that the page of models shows. */
  modelShown = $state<string | null>(null);
  /** Names of what is being read now. */
  opening = $state.raw<readonly string[]>([]);

  readonly toaster = new Toaster();
  readonly connection: Connection;
  readonly catalogue: Catalogue;
  readonly settings: SettingsStore;
  readonly jobs: JobTracker;
  readonly mri: MriSession;
  readonly rawData: RawData;
  readonly client: ReturnType<typeof createClient>;

  constructor() {
    this.client = createClient({ onReachable: (reachable) => this.connection.report(reachable) });
    this.connection = new Connection(() => this.client.shell(), () => void this.#reconnected());
    this.catalogue = new Catalogue(this.client);
    const onProblem = (cause: unknown): void => this.toaster.problem(cause);
    this.settings = new SettingsStore(this.client, onProblem);
    this.jobs = new JobTracker(this.client, () => void this.refreshLibrary());
    this.mri = new MriSession({
      client: this.client, catalogue: this.catalogue, jobs: this.jobs, settings: () => this.settings.value, onProblem,
    });
    this.rawData = new RawData({ client: this.client, catalogue: this.catalogue, mri: this.mri, onProblem });
  }

  async start(): Promise<void> {
    this.phase = 'starting';
    try {
      await Promise.all([this.catalogue.start(), this.settings.load()]);
      applyTheme(document.documentElement, this.settings.value.theme);
      this.phase = 'ready';
    } catch (error) {
      this.startError = error;
      this.phase = 'failed';
      return;
    }
    await this.refreshLibrary();
    this.#attachRunning();
    await this.attempt(this.catalogue.refreshModels());
  }

  async #reconnected(): Promise<void> {
    if (this.phase !== 'ready') return this.start();
    await this.refreshLibrary();
    this.mri.refresh();
  }

  /** Jobs that run on while this page was not there. */
  #attachRunning(): void {
    for (const job of this.catalogue.jobs) {
      if (job.state === 'running' || job.state === 'queued') void this.attempt(this.jobs.attach(job.title, job.id));
    }
  }

  /** Awaits; a failure becomes a message instead of an exception. */
  async attempt<T>(work: Promise<T>): Promise<T | null> {
    try {
      return await work;
    } catch (error) {
      this.toaster.problem(error);
      return null;
    }
  }

  async refreshLibrary(): Promise<void> {
    await this.attempt(Promise.all([this.catalogue.refreshLibrary(), this.catalogue.refreshShell()]));
  }

  setTheme(theme: 'system' | 'dark' | 'light'): void {
    applyTheme(document.documentElement, theme);
    this.settings.change({ theme });
  }

  toggleTheme(): void {
    const { theme } = this.settings.value;
    const dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
    this.setTheme(dark ? 'light' : 'dark');
  }

  // Opening

  async #open(name: string, read: () => Promise<RecordingSummary>, show = true): Promise<RecordingSummary | null> {
    this.opening = [...this.opening, name];
    try {
      const recording = await this.attempt(read());
      if (recording === null) return null;
      this.catalogue.addRecording(recording);
      if (show) this.show(recording);
      return recording;
    } finally {
      const at = this.opening.indexOf(name);
      this.opening = this.opening.filter((_, i) => i !== at);
      void this.refreshLibrary();
    }
  }

  show(recording: RecordingSummary, at: Parameters<MriSession['open']>[1] = {}): void {
    this.workspace = 'mri';
    this.mri.open(recording, at);
  }

  openSample(name: string): Promise<RecordingSummary | null> {
    const title = this.catalogue.step('sample', name)?.title ?? name;
    return this.#open(title, () => this.client.makeSample(name));
  }

  /** Opens all, shows the last. One broken file does not keep the others out. */
  async openDropped(all: readonly Dropped[]): Promise<void> {
    this.toaster.forgetProblems();
    for (const one of paired(all)) {
      if (one.file !== null && (await this.#openHandleOf(one.file))) continue;
      if (one.kind === 'folder') await this.#open(one.name, async () => this.client.openFolder(one.name, await one.files()));
      else await this.#open(one.name, () => this.client.openFile(one.name, one.file));
    }
  }

  /** Desktop shell: a dropped file or folder is read where it lies. */
  async #openHandleOf(file: File): Promise<boolean> {
    const opened = await window.lacunaShell?.handleForDroppedFile?.(file);
    if (opened === undefined || opened === null) return false;
    await this.openHandles([opened]);
    return true;
  }

  async openHandles(handles: readonly OpenedHandle[]): Promise<void> {
    for (const { handle, name } of handles) await this.#open(name, () => this.client.openHandle(handle));
  }

  async chooseAndOpen(kind: 'file' | 'folder'): Promise<void> {
    const native = window.lacunaShell?.openDialog;
    if (native !== undefined) return this.openHandles(await native(kind));
    const files = await chooseFiles({ folder: kind === 'folder' });
    if (kind === 'file') return this.openDropped(files.map((file) => ({ kind: 'file', name: file.name, file })));
    const folder = folderOf(files);
    if (folder !== null) await this.openDropped([folder]);
  }

  async choosePattern(): Promise<void> {
    const [file] = await chooseFiles({ accept: '.npy,.csv,.json' });
    if (file !== undefined) await this.attempt(this.mri.loadPattern(file));
  }

  async copyReceipt(): Promise<void> {
    const text = this.mri.receipt();
    if (text === null) return;
    try {
      await navigator.clipboard.writeText(text);
      this.toaster.say('The receipt is on the clipboard.', 'ok');
    } catch {
      download('receipt.lacuna.json', text);
      this.toaster.say('The clipboard refused; the receipt was downloaded instead.');
    }
  }

  // Library

  async openResult(result: ResultSummary): Promise<void> {
    const recording = await this.attempt(this.client.recording(result.recording));
    if (recording === null) return;
    const pipeline = pipelineOf(result.receipt);
    this.show(recording, {
      slice: result.slices[0] + Math.floor((result.slices[1] - result.slices[0]) / 2),
      ...(pipeline?.series === undefined ? {} : { series: pipeline.series }),
      recipe: {
        method: { name: result.method.name, params: result.method.params },
        ...(pipeline?.pattern === undefined ? {} : { pattern: pipeline.pattern }),
        ...(pipeline?.acquire === undefined ? {} : { acquire: pipeline.acquire }),
        ...(pipeline === null ? {} : { prepare: pipeline.prepare ?? [], metric: pipeline.metric ?? this.#plainMetric() }),
      },
    });
    this.mri.openedResult = result.id;
  }

  /** How results were scored whose receipts do not say. */
  #plainMetric(): StepCall | null {
    const [step] = this.catalogue.stepsOf('metric');
    return step === undefined ? null : callOf(step);
  }

  /** Shows a stored result in three planes. */
  async openVolume(result: ResultSummary): Promise<void> {
    await this.openResult(result);
    if (this.mri.recording?.id !== result.recording) return;
    this.mri.view.cine.source = result.id;
    this.mri.view.layout = 'volume';
  }

  async rerun(job: JobSummary): Promise<void> {
    const done = await this.attempt(this.jobs.start(job.title, { ...job.request, purpose: 'run' }));
    if (done !== null) this.toaster.say(`${done.title} is in the library.`, 'ok');
  }

  async reconstructVolume(): Promise<void> {
    const result = await this.attempt(this.mri.reconstruct());
    if (result === null) return;
    this.toaster.say(`${result.title} is in the library.`, 'ok', {
      label: 'Export…',
      run: () => {
        this.exporting = { kind: 'result', result };
      },
    });
  }

  async remove(kind: 'recording' | 'result', id: string): Promise<void> {
    if (kind === 'recording') {
      await this.attempt(this.client.deleteRecording(id));
      if (this.mri.recording?.id === id) this.mri.close();
    } else await this.attempt(this.client.deleteResult(id));
    await this.refreshLibrary();
  }
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** The pipeline out of a receipt, as far as it can be read; the host has checked it when it was written. */
function pipelineOf(receipt: unknown): { series?: string; pattern?: StepCall; acquire?: StepCall; prepare?: readonly StepCall[]; metric?: StepCall } | null {
  const pipeline = (receipt as { pipeline?: { input?: { series?: string }; pattern?: StepCall; acquire?: StepCall; prepare?: readonly StepCall[]; metric?: StepCall } } | null)?.pipeline;
  if (pipeline === undefined) return null;
  return {
    ...(pipeline.input?.series === undefined ? {} : { series: pipeline.input.series }),
    ...(pipeline.pattern === undefined ? {} : { pattern: pipeline.pattern }),
    ...(pipeline.acquire === undefined ? {} : { acquire: pipeline.acquire }),
    ...(pipeline.prepare === undefined ? {} : { prepare: pipeline.prepare }),
    ...(pipeline.metric === undefined ? {} : { metric: pipeline.metric }),
  };
}
