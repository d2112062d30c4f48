/**
 * What host and renderer say to each other: JSON bodies and stream events. Arrays never travel as JSON; they are
 * `.npy` under `/api/arrays/:key`, where `key` is the SHA-256 of the bytes (immutable, cacheable).
 * Errors are RFC 9457 problem JSON: SerializedError plus `type`, `title`, `status`.
 *
 *   GET    /api/shell                         ShellInfo
 *   GET    /api/steps                         StepDescription[]
 *   GET    /api/providers                     ProviderReport[]
 *   GET    /api/models                        ModelDescription[]
 *   GET    /api/models/problems               ModelProblem[]: packages that cannot be used, and why
 *   POST   /api/models/inspect                raw bytes of an .onnx file → ModelInspection
 *   POST   /api/models                        { token, answers, replace } → ModelDescription: tried, then added
 *   DELETE /api/models/:id                    204; networks of the person's own alone
 *   GET    /api/models/:id/pictures/:name     PNG of the package, for its card
 *   POST   /api/samples/:name                 params as JSON → RecordingSummary
 *   POST   /api/recordings?name=a.h5          raw bytes of one file → RecordingSummary
 *   POST   /api/recordings/folder?name=dir    multipart form, one part a file (DICOM folder) → RecordingSummary
 *   POST   /api/recordings/handle             { handle } issued by the desktop shell → RecordingSummary
 *   GET    /api/recordings                    RecordingSummary[] (newest first)
 *   GET    /api/recordings/:id                RecordingSummary
 *   DELETE /api/recordings/:id                204; results made from it stay
 *   GET    /api/recordings/:id/image?series=&slice=   .npy image of an image series or RSS of k-space
 *   POST   /api/patterns?name=mask.csv        raw .npy, .csv or .json → { handle, name, shape, kept }  (then pattern step `file` with params { file: handle })
 *   POST   /api/jobs                          JobRequest → NDJSON stream of JobEvent
 *   GET    /api/jobs                          JobSummary[]
 *   GET    /api/jobs/:id/events               NDJSON stream, from the start
 *   DELETE /api/jobs/:id                      204; takes effect within 200 ms
 *   GET    /api/results                       ResultSummary[] (newest first)
 *   GET    /api/results/:id                   ResultSummary with receipt
 *   GET    /api/results/:id/image?slice=      .npy of one slice (0-based within the result)
 *   GET    /api/results/:id/reference?slice=  .npy of the reference slice, 404 where there is none
 *   DELETE /api/results/:id                   204
 *   POST   /api/results/:id/export            ExportRequest → ExportReply (files are written to the exports folder or handle)
 *   GET    /api/exports/:token/:file          download of a file just exported
 *   POST   /api/sweeps                        SweepRequest → NDJSON stream of SweepEvent
 *   POST   /api/views                         ViewRequest → NDJSON stream of ViewEvent
 *   PUT    /api/recordings/:id/reading        ReadOptions → RecordingSummary (a new id: the same file read another way)
 *   GET    /api/readings/heating              JsonSchemaObject: what ReadOptions.heating takes
 *   GET    /api/recordings/:id/fits?series=   StepFit[]: which patterns, methods and views suit a series, and why not
 *   POST   /api/patterns/export               PatternExportRequest → the file (.csv, .npy or JSON)
 *   GET    /api/settings, PUT /api/settings   Settings
 *   GET    /api/openapi.json
 */
import type { AxisChoice, Finding, ReadOptions } from '../array/read-options.ts';
import type { SerializedError } from '../errors.ts';
import type { ProviderReport } from '../infer/port.ts';
import type { Proposal } from '../models/propose.ts';
import type { NetworkShape } from '../mri/network-fit.ts';
import type { SeenConditions } from '../mri/measurement.ts';
import type { MetricReport, ReferenceKind, StepKind } from '../pipeline/step.ts';
import type { StepCall } from '../pipeline/document.ts';

export interface ShellInfo {
  readonly shell: 'browser' | 'desktop';
  readonly version: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly dataFolder: string;
  readonly exportsFolder: string;
  readonly inferMemoryBytes: number | null;
  readonly providers: readonly ProviderReport[];
}

export interface StepDescription {
  readonly kind: StepKind;
  readonly name: string;
  readonly title: string;
  readonly help: string;
  readonly reference?: string;
  /** Heading under which pickers list it. */
  readonly group?: string;
  /** JSON Schema (draft 2020-12) of the parameters, with title, unit, step, scale, advanced as extra keys. */
  readonly params: JsonSchemaObject;
  /** Patterns, methods, views: which k-space they take. */
  readonly accepts?: 'cartesian' | 'non-cartesian' | 'any';
  /** Patterns: 'trajectory' where Cartesian k-space is measured anew along one. */
  readonly makes?: 'trajectory';
  /** Views: what they change with. */
  readonly of?: 'pattern' | 'recording' | 'measurement' | 'estimate';
  readonly extensions?: readonly string[];
  readonly model?: string;
}
export interface JsonSchemaObject {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, JsonSchemaProperty>>;
}
export interface JsonSchemaProperty {
  readonly type?: 'number' | 'integer' | 'boolean' | 'string';
  readonly enum?: readonly string[];
  /** Words for the values of `enum`. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly default?: number | string | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly description?: string;
  readonly title?: string;
  readonly unit?: string;
  readonly step?: number;
  readonly scale?: 'linear' | 'log';
  readonly advanced?: boolean;
}

export interface SeriesSummary {
  readonly id: string;
  readonly title: string;
  readonly domain: 'kspace' | 'image';
  readonly dtype: 'complex64' | 'float32';
  readonly axes: readonly { readonly name: string; readonly length: number; readonly spacing?: number }[];
  readonly slices: number;
  readonly coils: number;
  readonly rows: number;
  readonly columns: number;
  readonly output: { readonly rows: number; readonly columns: number };
  /** False when the scanner skipped samples: no reference, metrics are greyed with the reason. */
  readonly fullySampled: boolean;
  /** Present for non-Cartesian k-space: rows are samples of a readout, columns readouts. */
  readonly trajectory?: { readonly kind: 'radial' | 'spiral' | 'other'; readonly matrix: { readonly rows: number; readonly columns: number } };
  /** Lines the scanner acquired (one value per column) or points ([row, column]), packed as in src/sampling/mask-bits.ts; absent: all. */
  readonly acquired?: { readonly kind: 'lines' | 'points'; readonly bits: string };
  /** Preparation steps: why one cannot serve this series, or whether it is on by default. Empty for images. */
  readonly prepare: readonly { readonly name: string; readonly refusal: string | null; readonly suggested: boolean }[];
  /** Present where the file does not name its axes: what they were taken for. */
  readonly axisChoice?: AxisChoice;
  readonly attributes: readonly { readonly label: string; readonly value: string }[];
  readonly window?: { readonly centre: number; readonly width: number };
  /** Where the image lies in the patient (unit vectors, LPS), for the letters at its edges; absent where the file does not say. */
  readonly orientation?: { readonly rowDirection: readonly [number, number, number]; readonly columnDirection: readonly [number, number, number] };
}

export interface RecordingSummary {
  /** 64 hex digits: SHA-256 of the content, or the fingerprint of a large file. */
  readonly id: string;
  /** SHA-256 of the content, once it is known; receipts name this one. */
  readonly sha256?: string;
  readonly name: string;
  readonly bytes: number;
  readonly format: string;
  /** The sample step that made it, if one did. */
  readonly sample?: StepCall;
  readonly series: readonly SeriesSummary[];
  readonly warnings: readonly string[];
  /** What the raw-data doctor has to say; empty where nothing is odd. */
  readonly findings: readonly Finding[];
  /** How it was asked to be read; absent for the reader's own judgement. */
  readonly read?: ReadOptions;
  /** ISO 8601. */
  readonly openedAt: string;
}

export interface ModelDescription {
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly summary: string;
  readonly parameters: number;
  readonly bytes: number;
  readonly licence: string;
  readonly task: 'mri-reconstruction' | 'mri-artefact-removal' | 'super-resolution' | 'sampling-pattern';
  /** Names of its graphs: kinds of patterns for our own reconstructions. */
  readonly graphs: readonly string[];
  /** What is absent is unknown, or has no meaning for the task. */
  readonly trained: {
    readonly acceleration?: readonly [number, number] | undefined;
    readonly coils?: readonly [number, number] | undefined;
    readonly matrix?: readonly [number, number] | undefined;
    /** Mean signal over the standard deviation of the noise in each component. */
    readonly snr?: readonly [number, number] | undefined;
    readonly noise?: string | undefined;
    readonly patterns: readonly string[];
    readonly data: readonly string[];
  };
  /** CARD.md as it is. */
  readonly card: string;
  /** Added by the person; can be removed. */
  readonly own: boolean;
  /** Networks that the method `network` runs: what it takes and gives. */
  readonly network?: NetworkShape;
  /** Of the method with this model on this machine, the latest first. */
  readonly times: readonly ModelTime[];
}

export interface ModelTime {
  readonly provider: string;
  readonly rows: number;
  readonly columns: number;
  readonly coils: number;
  /** Median of the latest `runs` slices of that size, milliseconds, from samples to image. */
  readonly ms: number;
  readonly runs: number;
  /** ISO 8601, of the latest. */
  readonly at: string;
}

export interface ModelProblem {
  /** Name of the folder. */
  readonly id: string;
  readonly own: boolean;
  readonly code: string;
  readonly message: string;
}

/** An ONNX file that was sent, and what its tensors may hold. */
export interface ModelInspection extends Proposal {
  readonly token: string;
  readonly bytes: number;
  readonly irVersion: number;
  readonly producer: string;
  readonly opset: number | null;
  readonly operators: readonly string[];
  readonly parameters: number;
}

export interface JobRequest {
  readonly recording: string;
  readonly series: string;
  /** [start, end). */
  readonly slices: readonly [number, number];
  readonly acquire?: StepCall;
  /** Preparation of measured k-space; absent: what the host suggests for the series (SeriesSummary.prepare); []: none. */
  readonly prepare?: readonly StepCall[];
  readonly pattern: StepCall;
  readonly method: StepCall;
  /** Metric step, whose parameters choose the reference; absent: `fastmri` at its defaults. */
  readonly metric?: StepCall;
  readonly provider?: 'auto' | 'cpu' | 'cuda' | 'dml' | 'coreml' | 'webgpu';
  /**
   * 'preview': one slice, nothing stored, a newer request of the same `channel` aborts the one before it.
   * 'run': stored in the library as job and result.
   */
  readonly purpose: 'preview' | 'run';
  readonly channel?: string;
}

/** Where to fetch an array. */
export interface ArrayLink {
  readonly url: string;
  readonly dtype: string;
  readonly shape: readonly number[];
}

export interface PatternSummary {
  readonly kind: 'lines' | 'points' | 'trajectory';
  readonly rows: number;
  readonly columns: number;
  readonly nominal: number;
  readonly achieved: number;
  readonly kept: number;
  readonly total: number;
  readonly centre: { readonly rows: readonly [number, number]; readonly columns: readonly [number, number] };
  /** uint8, [columns] or [rows, columns]. */
  readonly mask: ArrayLink;
  /** Where the samples lie, of a trajectory pattern or a recording along a trajectory: float32 [sample, readout, 2], thinned out for drawing. */
  readonly trajectory?: { readonly points: ArrayLink; readonly matrix: { readonly rows: number; readonly columns: number } };
}

export type JobEvent =
  | { readonly type: 'started'; readonly job: string; readonly at: string; readonly memoryForecastBytes: number }
  | { readonly type: 'pattern'; readonly pattern: PatternSummary }
  /** log10 of the coil root-sum-of-squares of the *full* k-space, float32 [row, column]; the pattern is drawn over it. */
  | { readonly type: 'kspace'; readonly kspace: ArrayLink }
  | { readonly type: 'reference'; readonly slice: number; readonly image: ArrayLink; readonly dataRange: number; readonly of?: ReferenceKind | 'file' }
  | { readonly type: 'no-reference'; readonly reason: string }
  | { readonly type: 'zero-filled'; readonly slice: number; readonly image: ArrayLink; readonly ms: number }
  | {
      readonly type: 'progress';
      readonly slice: number;
      readonly iteration: number;
      readonly iterations: number;
      readonly residual?: number;
      /** 0–1 over the whole job. */
      readonly fraction: number;
      readonly secondsLeft?: number;
      readonly image?: ArrayLink;
    }
  | {
      readonly type: 'slice';
      readonly slice: number;
      readonly image: ArrayLink;
      readonly ms: number;
      readonly provider: string;
      readonly notes: readonly string[];
      /** Learned methods: what the network was given, to be held against what it was trained for. */
      readonly seen?: SeenConditions;
      /** Residual after every iteration, in the order of the iterations; absent where the method states none. */
      readonly curve?: readonly number[];
      readonly verification?: { readonly maxAbs: number; readonly nrmse: number };
    }
  /** Metrics of the two images before, and the residual of the method's, which take as long as a quick method does. */
  | { readonly type: 'scores'; readonly slice: number; readonly zeroFilled?: MetricReport; readonly estimate?: MetricReport; readonly dataResidual?: number }
  /** Last event of a run; metrics are of the whole volume. */
  | { readonly type: 'done'; readonly result?: ResultSummary; readonly ms: number }
  | { readonly type: 'failed'; readonly error: SerializedError };

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted';

export interface JobSummary {
  readonly id: string;
  readonly state: JobState;
  readonly title: string;
  readonly createdAt: string;
  readonly endedAt?: string;
  readonly fraction: number;
  readonly error?: SerializedError;
  readonly request: JobRequest;
  readonly result?: string;
}

export interface ResultSummary {
  readonly id: string;
  /** `L1-wavelet · 4×`. */
  readonly title: string;
  readonly createdAt: string;
  readonly recording: string;
  readonly recordingName: string;
  readonly slices: readonly [number, number];
  readonly shape: readonly number[];
  readonly dtype: 'complex64' | 'float32';
  readonly pattern: Omit<PatternSummary, 'mask' | 'trajectory'>;
  readonly method: StepCall & { readonly title: string };
  readonly metrics?: MetricReport;
  readonly ms: number;
  readonly provider: string;
  /** Residual after every iteration, one list a slice; absent where the method states none. */
  readonly curves?: readonly (readonly number[])[];
  readonly receipt: unknown;
}

export interface ExportRequest {
  readonly format: string;
  readonly params: Readonly<Record<string, number | string | boolean>>;
  /** File name without folder; default from the result's title. */
  readonly name?: string;
  /** A save location the desktop shell issued; else the exports folder. */
  readonly handle?: string;
  /** Within the result; all when absent. */
  readonly slices?: readonly [number, number];
}
export interface ExportReply {
  readonly folder: string;
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly url: string }[];
}

export interface SweepRequest {
  readonly recording: string;
  readonly series: string;
  readonly slice: number;
  readonly acquire?: StepCall;
  readonly prepare?: readonly StepCall[];
  readonly pattern: StepCall;
  readonly accelerations: readonly number[];
  readonly methods: readonly StepCall[];
  readonly metric?: StepCall;
  readonly channel?: string;
}
export type SweepEvent =
  | { readonly type: 'started'; readonly job: string }
  | {
      readonly type: 'point';
      readonly method: StepCall;
      readonly nominal: number;
      readonly achieved: number;
      readonly metrics: MetricReport;
      readonly ms: number;
      readonly image: ArrayLink;
    }
  /** The method cannot take that pattern: a sentence why. The sweep goes on. */
  | { readonly type: 'left-out'; readonly method: StepCall; readonly acceleration: number; readonly reason: string }
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly error: SerializedError };

/** One slice (`slices[0]`) of what a JobRequest describes, seen through a view step. A newer request of the same channel aborts the one before it. */
export interface ViewRequest extends Omit<JobRequest, 'purpose'> {
  readonly view: StepCall;
}
export type ViewEvent =
  | { readonly type: 'started'; readonly job: string }
  | { readonly type: 'progress'; readonly iteration: number; readonly iterations: number; readonly fraction: number }
  | {
      readonly type: 'view';
      /** [n, row, column] */
      readonly images: ArrayLink;
      readonly labels: readonly string[];
      /** 'offset': pixels count from the middle, and have no place in the patient. */
      readonly space: 'image' | 'kspace' | 'offset';
      readonly colormap: 'grey' | 'viridis' | 'inferno' | 'cividis' | 'diverging' | 'phase';
      readonly unit: string;
      readonly range?: readonly [number, number];
      /** Magnitude [n, row, column], shown in grey where the value of a pixel (of a diverging colour map: its size) is below `below`, or not a number. */
      readonly underlay?: { readonly images: ArrayLink; readonly below: number };
      readonly numbers: readonly { readonly label: string; readonly value: number; readonly unit: string }[];
      readonly notes: readonly string[];
      readonly ms: number;
    }
  | { readonly type: 'failed'; readonly error: SerializedError };

export interface PatternExportRequest {
  readonly recording: string;
  readonly series: string;
  readonly pattern: StepCall;
  readonly format: 'csv' | 'npy' | 'json';
}

/** Whether a step suits a series; `refusal` is worded for people, null where it does. */
export interface StepFit {
  readonly kind: 'pattern' | 'method' | 'view';
  readonly name: string;
  readonly refusal: string | null;
}

export interface Settings {
  readonly theme: 'system' | 'dark' | 'light';
  readonly provider: 'auto' | 'cpu' | 'cuda' | 'dml' | 'coreml' | 'webgpu';
  readonly threads: number;
  /** Left–right display of images with geometry. */
  readonly orientation: 'radiological' | 'neurological';
  readonly keymap: Readonly<Record<string, string>>;
  /** Level goes down when the pointer goes up (brighter), as in most viewers; true turns it round. */
  readonly invertLevelDrag: boolean;
}
