/** A failure in words: one sentence for everybody, details for whoever unfolds them. */
import { type SerializedError, serializeError } from '../../src/errors.ts';
import { asLacunaError } from '../api/problem.ts';

export interface ProblemText {
  readonly text: string;
  readonly detail: string;
}

/** Of anything thrown. */
export function describeProblem(cause: unknown): ProblemText {
  return describeError(serializeError(asLacunaError(cause)));
}

/** Of an error as it comes over the wire. The sentence names the file. */
export function describeError(error: SerializedError): ProblemText {
  const text = error.file === undefined || error.message.includes(error.file) ? error.message : `${error.file}: ${error.message}`;
  const lines = [
    ...(error.file === undefined ? [] : [`File: ${error.file}`]),
    ...(error.field === undefined ? [] : [`Field: ${error.field}`]),
    `Code: ${error.code}`,
    ...(error.detail === undefined ? [] : [error.detail]),
  ];
  return { text, detail: lines.join('\n') };
}
