/** What the host's main thread and its compute workers say to each other. Arrays are copied by the message itself. */
import type { NdArray } from '../../array/nd-array.ts';
import type { SerializedError } from '../../errors.ts';
import type { GpuProvider } from '../../infer/gpu-choice.ts';
import type { InferRequest, InferResult } from '../../infer/port.ts';
import type { LoadedModel } from '../../models/load.ts';
import type { PipelineDocument, StepCall } from '../../pipeline/document.ts';
import type { InputRef } from '../../pipeline/open-input.ts';
import type { RunEnvironment } from '../../pipeline/runner.ts';
import type { RunEvent, RunOutcome } from '../../pipeline/run-event.ts';
import type { SamplingPattern } from '../../sampling/pattern.ts';
import type { MethodStatus, ViewImage } from '../../pipeline/step.ts';

/** What the recording was when it was opened, so that a changed file is noticed. */
export interface RecordingIdentity {
  readonly id: string;
  /** SHA-256 of the content, where it is known. */
  readonly sha256?: string;
}

export function identityOf({ id, sha256 }: RecordingIdentity): RecordingIdentity {
  return { id, ...(sha256 === undefined ? {} : { sha256 }) };
}

interface PipelineTask {
  readonly id: number;
  readonly input: InputRef;
  readonly recording: RecordingIdentity;
  readonly document: PipelineDocument;
  /** Int32 at 0: 1 = stop. Seen by the worker between steps even while it is busy. */
  readonly cancel: SharedArrayBuffer;
  /** Previews let a running network finish (its result is dropped) instead of killing the infer process. */
  readonly killInferOnCancel: boolean;
  readonly patternFiles: Readonly<Record<string, NdArray>>;
  /** Where methods with a graph twin run; null for CPU. */
  readonly gpu: GpuProvider | null;
}

export interface RunTask extends PipelineTask {
  readonly type: 'run';
  /** Whether the outcome names the content hash of the input: what is stored does, what is only looked at does not. */
  readonly hashInput: boolean;
  readonly show: RunEnvironment['show'];
  /** Its images have been shown as events; the outcome leaves volume and reference out. */
  readonly shownOnly: boolean;
}

/** What a view step shows of the document's first slice. */
export interface ViewTask extends PipelineTask {
  readonly type: 'view';
  readonly view: StepCall;
}

/** Pixels of an image series, or the root-sum-of-squares of k-space, for looking without reconstructing. */
export interface LookTask {
  readonly type: 'look';
  readonly id: number;
  readonly input: InputRef;
  readonly recording: RecordingIdentity;
  readonly series: string;
  readonly slice: number;
}

/** The pattern that a document's pattern step makes for its series. */
export interface PatternTask extends PipelineTask {
  readonly type: 'pattern';
}

/** The recording's bytes changed or went away: forget open handles. */
export interface ForgetMessage {
  readonly type: 'forget';
  readonly input: InputRef;
}

export interface InferReply {
  readonly type: 'infer-reply';
  readonly call: number;
  readonly result?: InferResult;
  readonly error?: SerializedError;
}
export interface ModelReply {
  readonly type: 'model-reply';
  readonly call: number;
  readonly result?: LoadedModel;
  readonly error?: SerializedError;
}

export type WorkerTask = RunTask | ViewTask | PatternTask | LookTask;
export type ToWorker = WorkerTask | ForgetMessage | InferReply | ModelReply;

/** How far a view is. */
export type ViewStatus = Pick<MethodStatus, 'iteration' | 'iterations'>;

export interface ComputeOutcome extends RunOutcome {
  readonly inputSha256?: string;
}

export type FromWorker =
  | { readonly type: 'event'; readonly id: number; readonly event: RunEvent }
  | { readonly type: 'done'; readonly id: number; readonly outcome: ComputeOutcome }
  | { readonly type: 'status'; readonly id: number; readonly status: ViewStatus }
  | { readonly type: 'viewed'; readonly id: number; readonly view: ViewImage }
  | { readonly type: 'pattern'; readonly id: number; readonly pattern: SamplingPattern }
  | { readonly type: 'looked'; readonly id: number; readonly image: NdArray<'float32'> | NdArray<'complex64'> }
  | { readonly type: 'failed'; readonly id: number; readonly error: SerializedError }
  | { readonly type: 'infer'; readonly call: number; readonly request: InferRequest; readonly cancel: SharedArrayBuffer | null }
  | { readonly type: 'model'; readonly call: number; readonly id: string };
