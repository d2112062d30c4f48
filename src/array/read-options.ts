/** What a person decided about a file that does not say it itself; part of every receipt, so that a re-run reads alike. */
import { z } from 'zod';

/** All roles an axis can have. `row` is the readout, `column` the phase-encoding line, `partition` the second phase encoding. */
export const AXIS_NAMES = [
  'volume', 'echo', 'frame', 'slice', 'partition', 'average', 'set', 'map', 'coefficient', 'segment', 'batch', 'coil', 'row', 'column',
] as const;
export type AxisName = (typeof AXIS_NAMES)[number];

export const readOptionsSchema = z.strictObject({
  /** By series id: the role of each axis of the array as it is stored, in C order (slowest first). */
  axes: z.record(z.string().max(128), z.array(z.enum(AXIS_NAMES)).max(16)).optional(),
  /** By series id: what the array holds. */
  domains: z.record(z.string().max(128), z.enum(['kspace', 'image'])).optional(),
  /** Ids of the raw-data doctor's findings whose fix is applied. */
  fixes: z.array(z.string().max(64)).max(64).optional(),
});
export type ReadOptions = z.infer<typeof readOptionsSchema>;

/** An array whose axes the file does not name: what the reader took them for, for a person to correct. */
export interface AxisChoice {
  /** As stored, slowest axis first. */
  readonly shape: readonly number[];
  readonly axes: readonly AxisName[];
  readonly domain: 'kspace' | 'image';
}

/** A header field that contradicts the data, or a choice the reader had to make. */
export interface Finding {
  /** Stable, kebab-case, unique within the recording: `readout-oversampling`, `lines-count-adcs`. */
  readonly id: string;
  readonly severity: 'info' | 'warning' | 'error';
  /** Header field or counter, in the words of the format: `encodedSpace/matrixSize/x`. */
  readonly field: string;
  /** What the field says, and what the data say. One sentence each. */
  readonly stated: string;
  readonly found: string;
  /** What was done about it, or what is offered. */
  readonly remedy: string;
  /** Whether `fixes` may name it: the reader then does as `remedy` says. `applied` tells whether it did. */
  readonly fix?: { readonly title: string; readonly applied: boolean };
}
