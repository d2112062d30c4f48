/** Errors on the wire: RFC 9457 problem JSON with our code, file and field beside the standard members. */
import { type ErrorCode, serializeError } from '../errors.ts';

const STATUS: { readonly [C in ErrorCode]: number } = {
  'usage.invalid': 400,
  'usage.not-found': 404,
  'usage.unsupported': 422,
  'usage.forbidden': 403,
  'usage.too-large': 413,
  'input.unrecognised': 415,
  'input.truncated': 422,
  'input.malformed': 422,
  'input.unsupported': 422,
  'input.too-large': 413,
  'input.mismatch': 422,
  'job.cancelled': 409,
  'job.superseded': 409,
  'job.interrupted': 409,
  'job.memory': 507,
  'infer.crashed': 500,
  'infer.failed': 500,
  'infer.unavailable': 503,
  'io.write': 507,
  'io.read': 500,
  internal: 500,
};

export function problemResponse(error: unknown): Response {
  const e = serializeError(error);
  const status = STATUS[e.code];
  const body = { type: `urn:lacuna:error:${e.code}`, title: e.message, status, ...e };
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/problem+json' } });
}
