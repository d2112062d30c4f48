/**
 * The one error type that crosses module boundaries.
 *
 * Deep code throws it; one boundary (HTTP route, CLI main, error dialog) shows it. Callers branch on `code`,
 * never on English text. `message` is one sentence that says what was expected; `file` and `field` say where.
 */

/** What went wrong, by family. The CLI's exit code follows from the family: usage 2, input 3, everything else 4. */
export type ErrorCode =
  | 'usage.invalid' // an argument, flag or request body is not of the expected form
  | 'usage.not-found' // a recording, job, result, step or model of that name does not exist
  | 'usage.unsupported' // valid input that this method or format cannot serve (the message says why)
  | 'usage.forbidden' // token, origin, host or handle refused
  | 'usage.too-large' // a request or parameter asks for more than the stated limit
  | 'input.unrecognised' // no reader knows the file
  | 'input.truncated' // the file ends before what its header promises
  | 'input.malformed' // a field has an impossible value
  | 'input.unsupported' // a valid file of a kind that is not read (the message says which)
  | 'input.too-large' // the header asks for more memory than the stated limit
  | 'input.mismatch' // hash, shape or dtype differs from what was promised
  | 'job.cancelled'
  | 'job.superseded' // a newer preview replaced this one
  | 'job.interrupted' // the process ended while the job ran
  | 'job.memory' // the forecast exceeds what is free
  | 'infer.crashed' // the inference process ended in mid-run
  | 'infer.failed' // ONNX Runtime refused the model or its inputs
  | 'infer.unavailable' // no usable provider, or the process cannot be started
  | 'io.write' // disk full, permission, rename failed
  | 'io.read'
  | 'internal';

export interface ErrorDetails {
  /** Name (not path) of the file concerned. */
  readonly file?: string;
  /** Field, tag, dataset or parameter concerned, in the words of its format: `(0028,0010) Rows`, `/kspace`, `acceleration`. */
  readonly field?: string;
  readonly cause?: unknown;
}

/** Plain form for the wire and for structured clone between threads. */
export interface SerializedError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly file?: string;
  readonly field?: string;
  /** Technical detail for the "details" fold: the messages of the chain of causes. */
  readonly detail?: string;
}

export class LacunaError extends Error {
  override readonly name = 'LacunaError';
  readonly code: ErrorCode;
  readonly file: string | undefined;
  readonly field: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.file = details.file;
    this.field = details.field;
  }

  /** The same error, naming `file` where the throwing code did not know it. */
  withFile(file: string): LacunaError {
    if (this.file !== undefined) return this;
    return new LacunaError(this.code, this.message, {
      file,
      ...(this.field === undefined ? {} : { field: this.field }),
      ...(this.cause === undefined ? {} : { cause: this.cause }),
    });
  }
}

/** Any thrown value as a LacunaError; an unknown one becomes `internal` and keeps its cause. */
export function toLacunaError(error: unknown, fallback: ErrorCode = 'internal'): LacunaError {
  if (error instanceof LacunaError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new LacunaError(fallback, message, { cause: error });
}

export function serializeError(error: unknown): SerializedError {
  const e = toLacunaError(error);
  const chain: string[] = [];
  for (let cause: unknown = e.cause; cause !== undefined && chain.length < 5; ) {
    chain.push(cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause));
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return {
    code: e.code,
    message: e.message,
    ...(e.file === undefined ? {} : { file: e.file }),
    ...(e.field === undefined ? {} : { field: e.field }),
    ...(chain.length === 0 ? {} : { detail: chain.join('\n') }),
  };
}

export function deserializeError(e: SerializedError): LacunaError {
  return new LacunaError(e.code, e.message, {
    ...(e.file === undefined ? {} : { file: e.file }),
    ...(e.field === undefined ? {} : { field: e.field }),
    ...(e.detail === undefined ? {} : { cause: new Error(e.detail) }),
  });
}
