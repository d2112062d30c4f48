/** How the rest of the library asks for a network to be run; implemented by the client of the infer process. */
import type { NdArray } from '../array/nd-array.ts';
import type { CancelSignal } from '../algorithms/status.ts';

export type ProviderName = 'cpu' | 'cuda' | 'dml' | 'coreml' | 'webgpu';

export interface ProviderReport {
  readonly name: ProviderName;
  /** 'verified' only after a small graph's output matched CPU. */
  readonly state: 'verified' | 'failed' | 'absent';
  /** Largest absolute difference from CPU on the probe graph. */
  readonly maxAbs?: number;
  /** Why it is not usable, or not chosen by 'auto', in one sentence. */
  readonly reason?: string;
  /** Whether 'auto' may choose it: verified, and faster than CPU on the probe's matrix product. */
  readonly preferred?: boolean;
  /** Warm time of a size×size matrix product on it and on CPU, milliseconds. */
  readonly speed?: { readonly ms: number; readonly cpuMs: number; readonly size: number };
  /** Milliseconds the probe took. */
  readonly ms?: number;
}

export interface InferRequest {
  /** Absolute path of the .onnx file; its SHA-256 must equal `sha256`. */
  readonly path: string;
  readonly sha256: string;
  /** 'auto' = the first provider in DESIGN's order that is verified for this model. */
  readonly provider: ProviderName | 'auto';
  readonly inputs: Readonly<Record<string, NdArray<'float32'> | NdArray<'int64'>>>;
  /**
   * Content keys of inputs that come again and again: equal keys promise equal content, whoever asks. The process keeps such
   * inputs, and they are not sent to it twice.
   */
  readonly stable?: Readonly<Record<string, string>>;
  /** Outputs wanted; all when absent. */
  readonly outputs?: readonly string[];
  /**
   * How a provider other than CPU earns its use for this graph: small inputs on which it must agree with CPU, and how
   * closely. Used when a pair of graph and provider is first met; without it the request's own inputs are compared.
   */
  readonly verification?: VerificationCase;
}

export interface VerificationCase {
  readonly inputs: InferRequest['inputs'];
  readonly tolerance: { readonly maxAbs: number; readonly nrmse: number };
}

export interface InferResult {
  readonly outputs: Readonly<Record<string, NdArray<'float32'>>>;
  readonly provider: ProviderName;
  /** Time inside `session.run`. */
  readonly ms: number;
  readonly threads: number;
  /** Difference from CPU on this model's verification input; absent for CPU itself. */
  readonly verification?: { readonly maxAbs: number; readonly nrmse: number };
}

export interface InferPort {
  providers(): Promise<readonly ProviderReport[]>;
  /** Throws infer.* or job.cancelled. Cancelling during the run kills the process; it is restarted for the next request. */
  run(request: InferRequest, signal?: CancelSignal): Promise<InferResult>;
}
