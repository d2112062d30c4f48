/** The figures of conformance tests: compared with the tolerance of the test line, and written down where someone asks. */
import { appendFileSync } from 'node:fs';
import { expect } from 'vitest';

/** A file that gets a line per figure, for docs/conformance.md; nothing is written where it is not named. */
const LOG = process.env['LACUNA_CONFORMANCE_LOG'];

/** `error` must lie below `tolerance`. `what` names scan, pattern and method. */
export function expectAgreement(what: string, error: number, tolerance: number): void {
  if (LOG !== undefined) appendFileSync(LOG, `${what} | ${error.toPrecision(2)} | ${tolerance}\n`);
  expect(error, `${what}: NRMSE`).toBeLessThan(tolerance);
}
