/**
 * A step is the one extension point: name, parameter schema, run. CLI flags, API routes, workspace controls, palette
 * entries and docs are generated from it. A new method is one file under src/pipeline/steps/<kind>/ with a default
 * export made by one of the define functions below; `npm run generate` finds it.
 *
 * Parameter schemas are z.object of z.number / z.int / z.boolean / z.enum / z.string, each with .default(...),
 * .describe(one-line help), range by .min/.max, and .meta({ title, unit?, step?, scale?: 'linear' | 'log',
 * advanced?: boolean, labels?: words for the values of an enum }).
 */
import type { z } from 'zod';
import type { CancelSignal } from '../algorithms/status.ts';
import type { NdArray } from '../array/nd-array.ts';
import type { Recording, Series } from '../array/recording.ts';
import type { InferPort, ProviderName } from '../infer/port.ts';
import type { LoadedModel } from '../models/load.ts';
import type { MriEstimate, MriMeasurement } from '../mri/measurement.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';

export type StepKind = 'sample' | 'acquire' | 'prepare' | 'pattern' | 'method' | 'view' | 'metric' | 'export';
/** Which k-space a step can work on. */
export type Sampling = 'cartesian' | 'non-cartesian' | 'any';
export type ParamSchema = z.ZodObject;

export interface StepInfo<P extends ParamSchema> {
  /** Unique within its kind, kebab-case; the CLI's word: `random`, `sense`, `l1-wavelet`, `dicom`. */
  readonly name: string;
  /** As shown in menus: `L1-wavelet`. */
  readonly title: string;
  /** One sentence. */
  readonly help: string;
  /** Paper or standard, one line. */
  readonly reference?: string;
  /** Heading under which pickers list it: `Lines`, `Trajectories`. Methods without one are `Learned` where they run a model, else `Classical`. */
  readonly group?: string;
  readonly params: P;
}

/** Makes a recording out of nothing: the studio's own sample data. */
export interface SampleStep<P extends ParamSchema = ParamSchema> extends StepInfo<P> {
  readonly kind: 'sample';
  run(params: z.infer<P>): Promise<Recording>;
}

/** Turns an image series into multi-coil k-space by simulation, so that image files can be undersampled too. */
export interface AcquireStep<P extends ParamSchema = ParamSchema> extends StepInfo<P> {
  readonly kind: 'acquire';
  run(series: Series, params: z.infer<P>): Promise<Series>;
}

/** Turns measured k-space into better k-space, before sampling: pre-whitening, coil compression, EPI phase correction. */
export interface PrepareStep<P extends ParamSchema = ParamSchema> extends StepInfo<P> {
  readonly kind: 'prepare';
  /** Several run from the smallest number up, whatever order they are named in. */
  readonly order: number;
  /** Why it cannot serve that series, or null when it can. */
  refuses(series: Series): string | null;
  /** Whether it should be on unless a person says otherwise. Asked only where it does not refuse. */
  suggested(series: Series): boolean;
  run(series: Series, params: z.infer<P>): Promise<Series>;
}

export interface PatternContext {
  readonly rows: number;
  readonly columns: number;
  /** Image size that is delivered, for patterns that make a trajectory. */
  readonly output?: Series['output'];
  /** Of a dynamic series: which frame the pattern is for, from 0. */
  readonly frame?: number;
  /** Lines the scanner acquired, where not all. */
  readonly acquired?: Uint8Array;
  /** Points the scanner acquired, [row, column], where it skipped single points. */
  readonly acquiredPoints?: Uint8Array;
  /** Reads a pattern file that the user named (step `file`): the CLI reads a path, the host a handle. */
  readPatternFile?(name: string): Promise<NdArray>;
  /** Loads and hash-checks a model package by id (patterns that were learned). */
  loadModel?(id: string): Promise<LoadedModel>;
}

export interface PatternStep<P extends ParamSchema = ParamSchema> extends StepInfo<P> {
  readonly kind: 'pattern';
  /** Recordings it can sample: patterns of lines any (spokes are lines), others Cartesian ones. Default 'cartesian'. */
  readonly accepts?: Sampling;
  /** Where it measures Cartesian k-space anew along a trajectory. Needs a fully sampled series. */
  readonly makes?: 'trajectory';
  /** Receipts carry the mask itself, since a file beyond the document decides it. */
  readonly maskInReceipts?: boolean;
  create(context: PatternContext, params: z.infer<P>): Promise<SamplingPattern> | SamplingPattern;
}

export interface GpuTwins {
  readonly provider: Exclude<ProviderName, 'cpu'>;
  /** Keeps a graph that was built in memory where the inference process can read it. */
  keep(graph: Uint8Array): Promise<{ readonly path: string; readonly sha256: string }>;
}

export interface MethodContext {
  readonly signal: CancelSignal;
  readonly infer: InferPort;
  /** Loads and hash-checks a model package by id. */
  loadModel(id: string): Promise<LoadedModel>;
  /** Present where graphs shall run on a GPU: chosen by name, or preferred by 'auto'. Methods with a graph twin then use it. */
  readonly gpu?: GpuTwins;
  /** Memo for things that stay valid while sliders move (coil maps), keyed by content. */
  readonly cache: Map<string, unknown>;
}

export interface MethodStatus {
  readonly iteration: number;
  readonly iterations: number;
  readonly residual?: number;
  /** Current image, on demand: [output.rows, output.columns]; of `frame` where a method works on several together. */
  preview?(frame?: number): NdArray<'complex64'> | NdArray<'float32'>;
}

export interface MethodStep<P extends ParamSchema = ParamSchema> extends StepInfo<P> {
  readonly kind: 'method';
  /** Measurements it can reconstruct. Default 'cartesian'. */
  readonly accepts?: Sampling;
  /** Why this method cannot take that measurement, or null when it can. `frames` is 1 for a series that does not move, and absent where nobody knows yet. */
  refuses?(about: { pattern: SamplingPattern; coils: number; nonCartesian?: boolean; frames?: number }): string | null;
  /** Bytes of working memory for one slice; with runFrames for all `frames` of a place, 1 where absent. */
  memory(about: { coils: number; rows: number; columns: number; frames?: number }): number;
  /** Id of the model package it runs unless its parameter `model` names another (see modelOf), for receipts and the model page. */
  readonly model?: string;
  run(measurement: MriMeasurement, params: z.infer<P>, context: MethodContext): AsyncGenerator<MethodStatus, MriEstimate>;
  /**
   * Methods for dynamic series: all frames of one slice position together, in order of time; one estimate a frame comes back.
   * Where it is present, the runner calls it instead of `run` for series with a frame (or volume) axis longer than 1.
   */
  runFrames?(frames: readonly MriMeasurement[], params: z.infer<P>, context: MethodContext): AsyncGenerator<MethodStatus, readonly MriEstimate[]>;
  /** Methods for dynamic series that refer to one frame, from 0, which is then measured with all its samples whatever the pattern. */
  fullFrame?(params: z.infer<P>): number;
}

/** A slice index, seen through the pattern of its frame or with all samples that the scanner acquired. */
export interface FrameSampling {
  readonly slice: number;
  readonly sampling: 'pattern' | 'full';
}

/** What a view may look at. All of it is computed when asked for. */
export interface ViewInput {
  /** k-space series after acquisition and preparation. */
  readonly series: Series;
  readonly slice: number;
  readonly pattern: SamplingPattern;
  /** As recorded, [coil, row, column]. */
  kspace(): Promise<NdArray<'complex64'>>;
  /** Seen through the pattern. */
  measurement(): Promise<MriMeasurement>;
  /** What the chosen method makes of `measurement` (default: the one above, which is remembered), with `params` in place of some of its own. */
  estimate(measurement?: MriMeasurement, params?: Readonly<Record<string, number | string | boolean>>): Promise<MriEstimate>;
  /** Slice indices of all frames at this place, in order of time; this slice alone where nothing moves. */
  readonly frames: readonly number[];
  /** Another frame, as it is asked for. */
  measurementAt(frame: FrameSampling): Promise<MriMeasurement>;
  /**
   * What the chosen method makes of that, with coil maps of frame `mapsOf` where that is given, so that phases can be compared.
   * Remembered. Methods that take all frames together have maps in common anyway, and take no other sampling than their own.
   */
  estimateAt(frame: FrameSampling, mapsOf?: FrameSampling): Promise<MriEstimate>;
  /** The chosen method, for titles and for methods that need a special treatment. */
  readonly method: { readonly name: string; readonly title: string; readonly params: Readonly<Record<string, number | string | boolean>>; readonly model?: string };
}

/** One or several images of a kind, with what a person should read beside them. */
export interface ViewImage {
  /** [n, row, column]. */
  readonly images: NdArray<'float32'> | NdArray<'complex64'>;
  /** One a image: `Coil 3`, `Map 1 of coil 3`. */
  readonly labels: readonly string[];
  /** 'offset': pixels count from the middle, and have no place in the patient. */
  readonly space: 'image' | 'kspace' | 'offset';
  readonly colormap: 'grey' | 'viridis' | 'inferno' | 'cividis' | 'diverging' | 'phase';
  /** Of the pixel values; '' for none. */
  readonly unit: string;
  /** Display range to start with; absent: from the data. */
  readonly range?: readonly [number, number];
  /** Magnitude [n, row, column] that is shown in grey where the value of a pixel (of a diverging colour map: its size) is below `below`, or not a number. */
  readonly underlay?: { readonly images: NdArray<'float32'>; readonly below: number };
  /** `Side lobe −12.3 dB`, `Maximum g 1.84`. */
  readonly numbers: readonly { readonly label: string; readonly value: number; readonly unit: string }[];
  readonly notes: readonly string[];
}

/** Shows something of a measurement or a reconstruction besides the image: PSF, coil maps, g-factor, residual, uncertainty. */
export interface ViewStep<P extends ParamSchema = ParamSchema> extends StepInfo<P> {
  readonly kind: 'view';
  readonly accepts?: Sampling;
  /** What it changes with, so that a pane is not made anew for nothing: a PSF only with the pattern, maps not with the method. */
  readonly of: 'pattern' | 'recording' | 'measurement' | 'estimate';
  /** Why it cannot show that, or null when it can. `model`: id of the package that the method runs, where it is learned. */
  refuses?(about: { series: Series; pattern: SamplingPattern; method: string; model?: string }): string | null;
  run(input: ViewInput, params: z.infer<P>, context: MethodContext): AsyncGenerator<MethodStatus, ViewImage>;
}

export interface MetricValue {
  readonly name: 'PSNR' | 'SSIM' | 'NMSE';
  /** Infinity is written as null on the wire. */
  readonly value: number;
  readonly unit: 'dB' | '';
  readonly better: 'higher' | 'lower';
}

export interface MetricReport {
  readonly values: readonly MetricValue[];
  /** The contract in one sentence: range, window, crop, averaging. */
  readonly contract: string;
  readonly dataRange: number;
  readonly shape: readonly number[];
  /** What the estimate was held against: 'file' is the image that an undersampled recording brings along. Absent in reports of before it was kept. */
  readonly reference?: ReferenceKind | 'file';
}

/** What estimates of a fully sampled series are compared with. */
export type ReferenceKind = 'root-sum-of-squares' | 'combined';

export interface MetricStep<P extends ParamSchema = ParamSchema> extends StepInfo<P> {
  readonly kind: 'metric';
  /** The reference that these parameters ask for; absent: root-sum-of-squares. */
  referenceOf?(params: z.infer<P>): ReferenceKind;
  /** Magnitudes, both [slice, row, column]. `dataRange` overrides the maximum of the reference (volume range while one slice is scored). */
  run(reference: NdArray<'float32'>, estimate: NdArray<'float32'>, params: z.infer<P>, dataRange?: number): MetricReport;
}

/** What an exporter gets: the finished volume with all that is known about it. */
export interface ExportInput {
  /** [slice, row, column] magnitude or complex. */
  readonly volume: NdArray<'float32'> | NdArray<'complex64'>;
  readonly title: string;
  /** Slice indices of the source series that the volume holds. */
  readonly slices: readonly number[];
  readonly series: Pick<Series, 'title' | 'domain' | 'geometry' | 'identity' | 'sources' | 'attributes' | 'window'>;
  /** One sentence for DICOM's Derivation Description and NIfTI's descrip: `Lacuna 0.1.0: unrolled (sha256 …) from random R=4 …`. */
  readonly derivation: string;
  /** The receipt as JSON, embedded where the format has room. */
  readonly receipt: string;
  /** Seeds new UIDs so that a re-run writes the same bytes: SHA-256 of the receipt's pipeline. */
  readonly uidSeed: string;
  readonly learned: boolean;
}

export interface ExportFile {
  /** Relative to the chosen name: '' for the file itself, else a suffix such as `-0003`. */
  readonly suffix: string;
  /** With dot, for formats of several files (BART's `.hdr` beside the `.cfl`); absent for that of the chosen name. */
  readonly extension?: string;
  readonly bytes: Uint8Array;
}

export interface ExportStep<P extends ParamSchema = ParamSchema> extends StepInfo<P> {
  readonly kind: 'export';
  /** With dot: `.dcm`, `.nii.gz`. */
  readonly extensions: readonly string[];
  run(input: ExportInput, params: z.infer<P>): Promise<readonly ExportFile[]>;
}

export type Step = SampleStep | AcquireStep | PrepareStep | PatternStep | MethodStep | ViewStep | MetricStep | ExportStep;

// Each define function only fixes the types; it widens the parameter type so that steps can live in one list.
export const defineSample = <P extends ParamSchema>(step: Omit<SampleStep<P>, 'kind'>): SampleStep =>
  ({ ...step, kind: 'sample' }) as unknown as SampleStep;
export const defineAcquire = <P extends ParamSchema>(step: Omit<AcquireStep<P>, 'kind'>): AcquireStep =>
  ({ ...step, kind: 'acquire' }) as unknown as AcquireStep;
export const definePrepare = <P extends ParamSchema>(step: Omit<PrepareStep<P>, 'kind'>): PrepareStep =>
  ({ ...step, kind: 'prepare' }) as unknown as PrepareStep;
export const definePattern = <P extends ParamSchema>(step: Omit<PatternStep<P>, 'kind'>): PatternStep =>
  ({ ...step, kind: 'pattern' }) as unknown as PatternStep;
export const defineMethod = <P extends ParamSchema>(step: Omit<MethodStep<P>, 'kind'>): MethodStep =>
  ({ ...step, kind: 'method' }) as unknown as MethodStep;
export const defineView = <P extends ParamSchema>(step: Omit<ViewStep<P>, 'kind'>): ViewStep =>
  ({ ...step, kind: 'view' }) as unknown as ViewStep;
export const defineMetric = <P extends ParamSchema>(step: Omit<MetricStep<P>, 'kind'>): MetricStep =>
  ({ ...step, kind: 'metric' }) as unknown as MetricStep;
export const defineExport = <P extends ParamSchema>(step: Omit<ExportStep<P>, 'kind'>): ExportStep =>
  ({ ...step, kind: 'export' }) as unknown as ExportStep;
