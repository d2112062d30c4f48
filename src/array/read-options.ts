/** What a person decided about a file that does not say it itself; part of every receipt, so that a re-run reads alike. */
import { z } from 'zod';

/** All roles an axis can have. `row` is the readout, `column` the phase-encoding line, `partition` the second phase encoding. */
export const AXIS_NAMES = [
  'volume', 'echo', 'frame', 'slice', 'partition', 'average', 'set', 'map', 'coefficient', 'segment', 'batch', 'coil', 'row', 'column',
] as const;
export type AxisName = (typeof AXIS_NAMES)[number];

/** Heating that is simulated on the measured phase (src/mri/thermometry/heated-recording.ts). */
export const heatingSchema = z.strictObject({
  peak: z.number().min(-20).max(40).default(5).describe('Rise in the middle of the spot, in the hottest frame.').meta({ title: 'Peak rise', unit: '°C', step: 0.5 }),
  width: z.number().min(0.01).max(0.5).default(0.06).describe('Standard deviation of the spot, as a share of the shorter side.').meta({ title: 'Spot width', step: 0.005 }),
  x: z.number().min(0).max(1).default(0.5).describe('Middle of the spot, as a share of the image from its left edge.').meta({ title: 'From the left', step: 0.01 }),
  y: z.number().min(0).max(1).default(0.5).describe('Middle of the spot, as a share of the image from its upper edge.').meta({ title: 'From above', step: 0.01 }),
  frames: z.int().min(2).max(64).default(8).describe('Frames of the series; the first one is not heated.').meta({ title: 'Frames', step: 1 }),
  drift: z.number().min(-100).max(100).default(0).describe('Of the main field by the last frame.').meta({ title: 'Field drift', unit: 'Hz', step: 0.5, advanced: true }),
  interval: z.number().min(1).max(3600).default(60).describe('Time between frames.').meta({ title: 'Frame interval', unit: 's', step: 1, advanced: true }),
  noise: z.number().min(0).max(100).default(1).describe('Noise of the later frames, relative to that of the measurement.').meta({ title: 'Noise', step: 0.1, advanced: true }),
  seed: z.int().min(0).max(4294967295).default(1).describe('Of the noise of the later frames.').meta({ title: 'Seed', step: 1, advanced: true }),
  /** T, and ms one an echo, where the file does not say. */
  fieldStrength: z.number().min(0.01).max(20).optional(),
  echoTimes: z.array(z.number().min(0.1).max(1000)).min(1).max(64).optional(),
});
export type HeatingOptions = z.infer<typeof heatingSchema>;

export const readOptionsSchema = z.strictObject({
  /** By series id: the role of each axis of the array as it is stored, in C order (slowest first). */
  axes: z.record(z.string().max(128), z.array(z.enum(AXIS_NAMES)).max(16)).optional(),
  /** By series id: what the array holds. */
  domains: z.record(z.string().max(128), z.enum(['kspace', 'image'])).optional(),
  /** Ids of the raw-data doctor's findings whose fix is applied. */
  fixes: z.array(z.string().max(64)).max(64).optional(),
  /** Present: a recording of one moment is shown as a series that warms up. */
  heating: heatingSchema.optional(),
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
