/**
 * The open recording and what is done with it. Lives as long as the window, so that nothing is lost when another
 * workspace is shown.
 */
import type { Client } from '../../api/client.ts';
import type { PatternExportRequest, ResultSummary, RecordingSummary, SeriesSummary, Settings } from '../../../src/host/contract.ts';
import { LacunaError } from '../../../src/errors.ts';
import type { StepCall } from '../../../src/pipeline/document.ts';
import type { Catalogue } from '../../studio/catalogue.svelte.ts';
import type { JobTracker } from '../../studio/jobs.svelte.ts';
import type { PixelSpacing, ValueWindow } from '../../viewers/image/types.ts';
import { anatomyWindow, kspaceWindow, largest, signedError } from './images.ts';
import { LiveLoop } from './live.svelte.ts';
import { type Params, type Recipe, callOf, documentOf, requestOf, sameRecipe, startRecipe } from './recipe.ts';
import { DRAWING, MaskEditor } from './mask-editor.svelte.ts';
import { needsFlip } from './orientation.ts';
import { recordingKind, startSlots } from './panes.ts';
import { fittedRecipe, hasMethod, patternFor } from './recipe-fit.ts';
import { acceptedPreparation, suggestedPreparation, switched, withCall } from './preparation.ts';
import { isAlongTrajectory, unfitForSamples } from './sampling-fit.ts';
import { QualityTrail } from './quality-trail.svelte.ts';
import { type Snapshot, SessionHistory } from './session-history.svelte.ts';
import { Strip } from './strip.svelte.ts';
import { SWEEP_ACCELERATIONS, Sweep } from './sweep.svelte.ts';
import { MriView, type Tool } from './view.svelte.ts';

export interface SessionContext {
  readonly client: Client;
  readonly catalogue: Catalogue;
  readonly jobs: JobTracker;
  readonly settings: () => Settings;
  readonly onProblem: (cause: unknown) => void;
}

export class MriSession {
  recording = $state.raw<RecordingSummary | null>(null);
  slice = $state(0);
  recipe = $state.raw<Recipe | null>(null);
  /** Result that was opened from the library, by id: its curve is shown beside the one of now. */
  openedResult = $state<string | null>(null);
  /** Names shown for patterns from files and drawn ones, by handle. */
  patternNames = $state.raw<Readonly<Record<string, string>>>({});
  /** Methods of the sweep besides the chosen one, by name; null: zero-filled. */
  sweepMethods = $state.raw<readonly string[] | null>(null);
  #seriesId = $state('');
  /** Series and convention that the flip was last set for. */
  #oriented = '';

  readonly view = new MriView();
  readonly strip = new Strip();
  readonly live: LiveLoop;
  readonly sweep: Sweep;
  readonly editor: MaskEditor;
  readonly trail = new QualityTrail();
  readonly #history = new SessionHistory();
  readonly #context: SessionContext;
  /** Parameters of steps chosen before, by `kind/name`: coming back to a method finds them again. */
  readonly #remembered = new Map<string, Params>();
  /** Series whose home windows are set. */
  #windowed = '';
  #kspaceWindowed = '';
  #home: ValueWindow | null = null;

  readonly series: SeriesSummary | null = $derived.by(() => {
    const all = this.recording?.series ?? [];
    return all.find((series) => series.id === this.#seriesId) ?? all[0] ?? null;
  });
  /** Null where the file does not say. */
  readonly spacing: PixelSpacing | null = $derived.by(() => {
    const axes = this.series?.axes ?? [];
    const row = axes.find((axis) => axis.name === 'row')?.spacing;
    const column = axes.find((axis) => axis.name === 'column')?.spacing;
    return row === undefined || column === undefined ? null : { row, column };
  });
  readonly request = $derived.by(() => {
    const { recording, series, recipe } = this;
    if (recording === null || series === null || recipe === null) return null;
    return requestOf(recording, series, [this.slice, this.slice + 1], recipe, this.#context.settings().provider);
  });
  /** Pattern `file` is chosen, but no file yet. */
  readonly needsPatternFile = $derived.by(() => this.recipe?.pattern.name === 'file' && this.recipe.pattern.params['file'] === '');

  /** What the reconstruction pane shows: a point of a sweep, or the live estimate. */
  readonly shown = $derived.by(() => {
    const { sweep, live } = this;
    if (sweep.shown !== null) {
      const { point, image, slice } = sweep.shown;
      return { image, slice, method: point.method, metrics: point.metrics, ms: point.ms, stage: Infinity, sweep: point };
    }
    const estimate = live.state.estimate?.value;
    if (estimate === undefined) return null;
    return {
      image: estimate.image, slice: estimate.slice, method: estimate.method, metrics: estimate.metrics ?? null,
      ms: estimate.ms ?? null, stage: estimate.stage, sweep: null,
    };
  });
  readonly reference = $derived.by(() => {
    const reference = this.live.state.reference?.value;
    return reference?.kind === 'image' && reference.slice === this.slice ? reference : null;
  });
  readonly noReference = $derived.by(() => {
    const reference = this.live.state.reference?.value;
    return reference?.kind === 'none' ? reference.reason : null;
  });
  /** Signed error of what is shown, where it belongs to the slice of the reference. */
  readonly error = $derived.by(() => {
    const { shown, reference } = this;
    return shown === null || reference === null || shown.slice !== reference.slice ? null : signedError(shown.image, reference.image);
  });

  constructor(context: SessionContext) {
    this.#context = context;
    this.live = new LiveLoop(context.client, 'mri');
    this.sweep = new Sweep(context.client);
    this.editor = new MaskEditor(this, context.client, context.onProblem);
  }

  open(recording: RecordingSummary, at: { series?: string; slice?: number; recipe?: Partial<Recipe> } = {}): void {
    const start = this.recipe ?? startRecipe(this.#context.catalogue.steps, this.#context.catalogue.models);
    if (start === null) throw new LacunaError('internal', 'The host offers no sampling pattern or no method.');
    this.openedResult = null;
    const same = this.recording?.id === recording.id;
    this.recording = recording;
    const series = recording.series.find((other) => other.id === at.series) ?? recording.series[0];
    this.recipe = this.#fitted({
      ...start, ...patternFor(series, start, this.#context.catalogue), prepare: suggestedPreparation(series ?? null, this.#context.catalogue.steps), ...at.recipe,
    }, series ?? null);
    if (!same) {
      this.strip.clear();
      this.view.link.rotation = 0;
    }
    this.#show(at.series ?? recording.series[0]?.id ?? '', at.slice);
  }

  close(): void {
    this.recording = null;
    this.live.clear();
    this.sweep.clear();
    this.strip.clear();
    this.#history.forget();
  }

  setSeries(id: string): void {
    if (id !== this.series?.id) this.#show(id);
  }

  stepSeries(step: -1 | 1): void {
    const all = this.recording?.series ?? [];
    const next = all[all.findIndex((series) => series.id === this.series?.id) + step];
    if (next !== undefined) this.#show(next.id);
  }

  #show(series: string, slice?: number): void {
    this.#seriesId = series;
    const { recipe } = this;
    if (recipe !== null) this.recipe = this.#fitted({ ...recipe, prepare: this.#preparationFor(recipe.prepare) }, this.series);
    const views = this.#context.catalogue.stepsOf('view').map(({ name }) => name);
    if (this.series !== null) this.view.recall(recordingKind(this.series), views, startSlots(this.series, views));
    this.editor.forget();
    const count = this.series?.slices ?? 1;
    this.slice = Math.min(count - 1, Math.max(0, slice ?? Math.floor(count / 2)));
    this.view.forgetMarks();
    this.sweep.clear();
    this.live.clear();
    this.#windowed = '';
    this.#kspaceWindowed = '';
    this.#history.forget();
    this.refresh();
  }

  setSlice(slice: number): void {
    const count = this.series?.slices ?? 1;
    const next = Math.min(count - 1, Math.max(0, Math.round(slice)));
    if (next === this.slice) return;
    this.slice = next;
    this.sweep.shown = null;
    this.refresh();
  }

  stepSlice(step: number, wrap = false): void {
    const count = this.series?.slices ?? 1;
    this.setSlice(wrap ? (this.slice + step + count) % count : this.slice + step);
  }

  /** Changes pattern, method or acquisition to another step, with the parameters it had last, else its defaults. */
  chooseStep(kind: 'pattern' | 'method' | 'acquire', name: string): void {
    const step = this.#context.catalogue.step(kind, name);
    const { recipe } = this;
    if (step === null || recipe === null) return;
    const before = recipe[kind];
    if (before !== null) this.#remembered.set(`${kind}/${before.name}`, before.params);
    // Acceleration, centre fraction and seed mean the same in every pattern and are carried over.
    const carried = kind === 'pattern' ? before?.params : undefined;
    const params = { ...this.#remembered.get(`${kind}/${name}`), ...carried };
    this.change(this.#fitted({ ...recipe, [kind]: callOf(step, params) }, this.series), kind);
  }

  #fitted(recipe: Recipe, series: SeriesSummary | null): Recipe {
    return fittedRecipe(recipe, series, this.#context.catalogue, (method) => this.#remembered.get(`method/${method}`));
  }

  /** What the person chose where this series takes it, else what is suggested. */
  #preparationFor(calls: readonly StepCall[]): readonly StepCall[] {
    const accepted = acceptedPreparation(calls, this.series);
    return accepted.length > 0 ? accepted : suggestedPreparation(this.series, this.#context.catalogue.steps);
  }

  /** Turns a preparation step on or off. */
  switchPreparation(name: string, on: boolean): void {
    const step = this.#context.catalogue.step('prepare', name);
    if (this.recipe === null || step === null) return;
    this.change({ ...this.recipe, prepare: switched(this.recipe.prepare, step, on) }, `prepare.${name}`);
  }

  setPreparation(call: StepCall, changed: string): void {
    if (this.recipe !== null) this.change({ ...this.recipe, prepare: withCall(this.recipe.prepare, call) }, `prepare.${call.name}.${changed}`);
  }

  setParams(kind: 'pattern' | 'method' | 'acquire' | 'metric', params: Params, name: string): void {
    const call = this.recipe?.[kind];
    if (this.recipe === null || call === null || call === undefined) return;
    this.change({ ...this.recipe, [kind]: { name: call.name, params: { ...params } } }, `${kind}.${name}`);
  }

  /** A method whose network was removed gives way to what a recording opens with. */
  dropMissingMethod(): void {
    const { recipe } = this;
    const { catalogue } = this.#context;
    if (recipe === null) return;
    const method = hasMethod(recipe, catalogue) ? undefined : startRecipe(catalogue.steps, catalogue.models)?.method;
    if (method !== undefined) this.change({ ...recipe, method }, 'method');
  }

  /** Drawing and brushing happen on the k-space pane, so it is shown. */
  chooseTool(tool: Tool): void {
    this.view.tool = tool;
    if (tool === 'draw' || tool === 'brush') this.view.requireKspace();
    if (tool !== 'brush') this.view.selection = null;
  }

  change(recipe: Recipe, kind: string): void {
    // A drawing that is still on its way to the host must not come back over what was chosen after it.
    if (!kind.startsWith(DRAWING) && recipe.pattern !== this.recipe?.pattern) this.editor.drop();
    this.recipe = recipe;
    this.sweep.shown = null;
    this.#record(kind);
    this.refresh();
  }

  /** The window was dragged: part of what undo brings back. */
  noteWindow(): void {
    if (this.#history.begun) this.#record('window');
  }

  #record(kind: string): void {
    if (this.recipe !== null) this.#history.record({ recipe: this.recipe, window: this.view.link.window }, kind);
  }

  get canUndo(): boolean {
    return this.#history.canUndo;
  }

  get canRedo(): boolean {
    return this.#history.canRedo;
  }

  undo(): void {
    this.#restore(this.#history.move('back'));
  }

  redo(): void {
    this.#restore(this.#history.move('on'));
  }

  #restore(snapshot: Snapshot | null): void {
    if (snapshot === null) return;
    const { recipe, window } = snapshot;
    this.view.link.window = window;
    if (this.recipe !== null && sameRecipe(this.recipe, recipe)) return;
    this.recipe = recipe;
    this.sweep.shown = null;
    // The host may have dropped a drawing of long ago.
    this.live.announce();
    void this.editor.restore(recipe.pattern).then(() => this.refresh());
  }

  /** Asks for a preview of what the controls say now. */
  refresh(): void {
    if (this.request !== null && !this.needsPatternFile) this.live.want(this.request);
    else this.live.forgo();
  }

  /** New images have come: set the windows of a series just opened, and offer the result to the strip. */
  settle(): void {
    const { reference, estimate, kspace } = this.live.state;
    const series = `${this.recording?.id}/${this.series?.id}`;
    // Pictures may come before the reference; the window follows it unless a person has moved it meanwhile.
    const follows = this.#windowed === series && reference?.value.kind === 'image' && this.#isHome();
    const key = reference?.value.kind === 'image' ? `${series} reference` : series;
    const base = reference?.value.kind === 'image' ? reference.value.image : (estimate?.value.image ?? null);
    if (base !== null && (follows || !this.#windowed.startsWith(series))) {
      this.#windowed = key;
      if (!this.canUndo) this.#history.forget();
      this.view.range = reference?.value.kind === 'image' ? reference.value.dataRange : largest(base);
      this.#home = anatomyWindow(base);
      this.view.link.setHomeWindow(this.#home);
      this.#record('open');
    }
    if (kspace !== null && this.#kspaceWindowed !== series) {
      this.#kspaceWindowed = series;
      this.view.kspaceLink.setHomeWindow(kspaceWindow(kspace.value));
    }
    this.editor.settle();
    this.trail.note(this.live.state);
    if (estimate !== null && estimate.value.stage === Infinity) this.#offer();
  }

  /**
   * Mirrors the image where the person's left–right convention asks for it and the file says how it lies. Once for each
   * series and convention: coming back from another workspace leaves the person's own flip as it is.
   */
  orient(): void {
    const wanted = this.#context.settings().orientation;
    const key = `${this.recording?.id} ${this.#seriesId} ${wanted}`;
    if (key === this.#oriented) return;
    this.#oriented = key;
    const orientation = this.series?.orientation;
    this.view.link.flipHorizontal = orientation !== undefined && needsFlip(orientation, wanted);
  }

  /** Fit, first window, no turn, no crosshair; the left–right convention stays. */
  resetView(): void {
    this.#oriented = '';
    this.view.link.reset();
    this.view.kspaceLink.reset();
    this.orient();
  }

  #isHome(): boolean {
    const { window } = this.view.link;
    return window.centre === this.#home?.centre && window.width === this.#home.width;
  }

  homeWindow(): void {
    if (this.#home !== null) this.view.link.window = this.#home;
  }

  /** Window from the values of what is shown. */
  autoWindow(): void {
    if (this.shown !== null) this.view.link.window = anatomyWindow(this.shown.image);
  }

  #offer(): void {
    const { estimate, pattern, request } = this.live.state;
    const { recipe } = this;
    if (estimate === null || pattern === null || request === null || recipe === null) return;
    const { image, slice, metrics, ms, provider, method } = estimate.value;
    const { recording, series, acquire, prepare, metric } = request.value;
    const key = JSON.stringify([recording, series, slice, acquire, prepare, request.value.pattern, method, metric, provider]);
    if (this.strip.current?.key === key && this.strip.current.image === image && this.strip.current.metrics === (metrics ?? null)) return;
    this.strip.offer({
      key, image, slice, metrics: metrics ?? null, ms: ms ?? 0, provider: provider ?? '',
      title: `${this.#context.catalogue.methodTitle(method.name)} · ${shortFactor(pattern.value.summary.nominal)}`,
      curve: estimate.value.curve ?? null,
      recipe: { pattern: request.value.pattern, method, acquire: acquire ?? recipe.acquire, prepare: prepare ?? recipe.prepare, metric: metric ?? recipe.metric },
    }, performance.now());
  }

  async loadPattern(file: File): Promise<void> {
    const loaded = await this.#context.client.loadPattern(file.name, file);
    const step = this.#context.catalogue.step('pattern', 'file');
    if (this.recipe === null || step === null) return;
    this.patternNames = { ...this.patternNames, [loaded.handle]: file.name };
    this.change({ ...this.recipe, pattern: callOf(step, { file: loaded.handle }) }, 'pattern');
  }

  async exportPattern(format: PatternExportRequest['format']): Promise<Blob | null> {
    const { recording, series, recipe } = this;
    if (recording === null || series === null || recipe === null) return null;
    return this.#context.client.exportPattern({ recording: recording.id, series: series.id, pattern: recipe.pattern, format });
  }

  async runSweep(): Promise<void> {
    const { request, recipe } = this;
    if (request === null || recipe === null) return;
    const others = (this.sweepMethods ?? ['zero-filled']).flatMap((name) => this.#context.catalogue.step('method', name) ?? []);
    const along = isAlongTrajectory(this.series, this.#context.catalogue.step('pattern', recipe.pattern.name));
    const methods = [recipe.method, ...others.filter((step) => step.name !== recipe.method.name && unfitForSamples(step, along) === null).map((step) => callOf(step, this.#remembered.get(`method/${step.name}`)))];
    const limits = this.#context.catalogue.step('pattern', recipe.pattern.name)?.params.properties['acceleration'];
    const accelerations = SWEEP_ACCELERATIONS.filter((r) => r >= (limits?.minimum ?? 1) && r <= (limits?.maximum ?? Infinity));
    await this.sweep.run({
      recording: request.recording, series: request.series, slice: this.slice, pattern: request.pattern, accelerations, methods,
      channel: 'mri-sweep', ...(request.metric === undefined ? {} : { metric: request.metric }), ...(request.acquire === undefined ? {} : { acquire: request.acquire }),
      ...(request.prepare === undefined ? {} : { prepare: request.prepare }),
    });
  }

  /** Stores job and result in the library. `slices` [start, end); the whole series when absent. */
  async reconstruct(slices?: readonly [number, number]): Promise<ResultSummary | null> {
    const { request, series, recording } = this;
    if (request === null || series === null || recording === null) return null;
    const range = slices ?? [0, series.slices];
    const title = `${this.#context.catalogue.methodTitle(request.method.name)} of ${recording.name}`;
    return this.#context.jobs.start(title, { ...request, slices: range, purpose: 'run' });
  }

  /** The re-runnable document of what is on screen. */
  receipt(): string | null {
    const { recording } = this;
    const request = this.live.state.request?.value;
    const pattern = this.live.state.pattern?.value;
    if (recording === null || request === undefined) return null;
    const mask = pattern === undefined ? null : { ...pattern.summary, mask: pattern.mask };
    return JSON.stringify(documentOf(recording, request, mask), null, 2);
  }
}

/** `4×`, `4.4×`. */
export function shortFactor(factor: number): string {
  return `${Number.isInteger(factor) ? factor : factor.toFixed(1)}×`;
}
