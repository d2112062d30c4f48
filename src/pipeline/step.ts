/**
 * A step is the one extension point: name, parameter schema, run. CLI flags, API routes, workspace controls, palette
 * entries and docs are generated from it. A new method is one file under src/pipeline/steps/<kind>/ with a default
 * export made by one of the define functions below; `npm run generate` finds it.
 *
 * Parameter schemas are z.object of z.number / z.int / z.boolean / z.enum / z.string, each with .default(...),
 * .describe(one-line help), range by .min/.max, and .meta({ title, unit?, step?, scale?: 'linear' | 'log', advanced?: boolean }).
 */
import type { z } from 'zod';
import type { CancelSignal } from '../algorithms/status.ts';
import type { NdArray } from '../array/nd-array.ts';
import type { Recording, Series } from '../array/recording.ts';
import type { InferPort } from '../infer/port.ts';
import type { LoadedModel } from '../models/load.ts';
import type { MriEstimate, MriMeasurement } from '../mri/measurement.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';

export type StepKind = 'sample' | 'acquire' | 'pattern' | 'method' | 'metric' | 'export';
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

export interface PatternContext {
  readonly rows: number;
  readonly columns: number;
  /** Lines the scanner acquired, where not all. */
  readonly acquired?: Uint8Array;
  /** Points the scanner acquired, [row, column], where it skipped single points. */
  readonly acquiredPoints?: Uint8Array;
  /** Reads a pattern file that the user named (step `file`): the CLI reads a path, the host a handle. */
  readPatternFile?(name: string): Promise<NdArray>;
}

export interface PatternStep<P extends ParamSchema = ParamSchema> extends StepInfo<P> {
  readonly kind: 'pattern';
  create(context: PatternContext, params: z.infer<P>): Promise<SamplingPattern> | SamplingPattern;
}

export interface MethodContext {
  readonly signal: CancelSignal;
  readonly infer: InferPort;
  /** Loads and hash-checks a model package by id. */
  loadModel(id: string): Promise<LoadedModel>;
  /** Memo for things that stay valid while sliders move (coil maps), keyed by content. */
  readonly cache: Map<string, unknown>;
}

export interface MethodStatus {
  readonly iteration: number;
  readonly iterations: number;
  readonly residual?: number;
  /** Current image, on demand: [output.rows, output.columns]. */
  preview?(): NdArray<'complex64'> | NdArray<'float32'>;
}

export interface MethodStep<P extends ParamSchema = ParamSchema> extends StepInfo<P> {
  readonly kind: 'method';
  /** Why this method cannot take that measurement, or null when it can. */
  refuses?(about: { pattern: SamplingPattern; coils: number }): string | null;
  /** Bytes of working memory for one slice. */
  memory(about: { coils: number; rows: number; columns: number }): number;
  /** Id of the model package it runs, for receipts and the model page. */
  readonly model?: string;
  run(measurement: MriMeasurement, params: z.infer<P>, context: MethodContext): AsyncGenerator<MethodStatus, MriEstimate>;
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
}

export interface MetricStep<P extends ParamSchema = ParamSchema> extends StepInfo<P> {
  readonly kind: 'metric';
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
  readonly bytes: Uint8Array;
}

export interface ExportStep<P extends ParamSchema = ParamSchema> extends StepInfo<P> {
  readonly kind: 'export';
  /** With dot: `.dcm`, `.nii.gz`. */
  readonly extensions: readonly string[];
  run(input: ExportInput, params: z.infer<P>): Promise<readonly ExportFile[]>;
}

export type Step = SampleStep | AcquireStep | PatternStep | MethodStep | MetricStep | ExportStep;

// Each define function only fixes the types; it widens the parameter type so that steps can live in one list.
export const defineSample = <P extends ParamSchema>(step: Omit<SampleStep<P>, 'kind'>): SampleStep =>
  ({ ...step, kind: 'sample' }) as unknown as SampleStep;
export const defineAcquire = <P extends ParamSchema>(step: Omit<AcquireStep<P>, 'kind'>): AcquireStep =>
  ({ ...step, kind: 'acquire' }) as unknown as AcquireStep;
export const definePattern = <P extends ParamSchema>(step: Omit<PatternStep<P>, 'kind'>): PatternStep =>
  ({ ...step, kind: 'pattern' }) as unknown as PatternStep;
export const defineMethod = <P extends ParamSchema>(step: Omit<MethodStep<P>, 'kind'>): MethodStep =>
  ({ ...step, kind: 'method' }) as unknown as MethodStep;
export const defineMetric = <P extends ParamSchema>(step: Omit<MetricStep<P>, 'kind'>): MetricStep =>
  ({ ...step, kind: 'metric' }) as unknown as MetricStep;
export const defineExport = <P extends ParamSchema>(step: Omit<ExportStep<P>, 'kind'>): ExportStep =>
  ({ ...step, kind: 'export' }) as unknown as ExportStep;
