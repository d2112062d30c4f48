/** Failures of the wire as LacunaError: RFC 9457 problem JSON where the host sent it, else a sentence about the connection. */
import { LacunaError, deserializeError, toLacunaError, type ErrorCode, type SerializedError } from '../../src/errors.ts';

/** The error a non-2xx response stands for. Never throws itself: a body that is no problem JSON becomes `internal`. */
export async function problemOf(response: Response): Promise<LacunaError> {
  const text = await response.text().catch(() => '');
  const problem = parseProblem(text);
  if (problem !== null) return deserializeError(problem);
  const code: ErrorCode = response.status === 404 ? 'usage.not-found' : response.status === 413 ? 'usage.too-large' : 'internal';
  return new LacunaError(code, `The studio's host answered ${response.status} ${response.statusText}`.trim(), {
    ...(text === '' ? {} : { cause: new Error(text.slice(0, 2000)) }),
  });
}

function parseProblem(text: string): SerializedError | null {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof body !== 'object' || body === null) return null;
  const { code, message } = body as Record<string, unknown>;
  return typeof code === 'string' && typeof message === 'string' ? (body as SerializedError) : null;
}

/** The host cannot be reached: `fetch` itself rejected. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

/** Ends that the person asked for; nothing to report. */
export function isQuiet(error: unknown): boolean {
  if (isAbort(error)) return true;
  return error instanceof LacunaError && (error.code === 'job.cancelled' || error.code === 'job.superseded');
}

export function asLacunaError(error: unknown): LacunaError {
  if (error instanceof ConnectionError) {
    return new LacunaError('io.read', 'The studio cannot reach its host; it keeps trying.', { cause: error });
  }
  return toLacunaError(error);
}
