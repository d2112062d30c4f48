/** Flags that several commands have, stated once. */
import type { Flag } from './arguments.ts';
import { READING_FLAGS } from './reading.ts';

/** Of patternOf in pipeline-of.ts, in words. */
export const DEFAULT_PATTERN = 'random; full where the scanner undersampled';

/** Which part of a recording, and how an image file becomes k-space. */
export const INPUT_FLAGS: readonly Flag[] = [
  { name: 'slices', kind: 'text', value: 'A:B', help: 'slice indices from A up to, not including, B', default: 'all' },
  { name: 'series', kind: 'text', value: 'ID', help: 'series of the file, as lacuna info lists them', default: 'the first' },
  { name: 'acquire', kind: 'text', value: 'NAME', help: 'simulated acquisition, for image files', default: 'multicoil' },
  { name: 'prepare', kind: 'text', value: 'auto|none|NAME,…', help: 'preparation of measured k-space; auto takes what lacuna info suggests', default: 'auto' },
  ...READING_FLAGS,
];

/** What a reconstruction runs on. */
export const MACHINE_FLAGS: readonly Flag[] = [
  { name: 'provider', kind: 'text', value: 'auto|cpu|cuda|dml|coreml|webgpu', help: 'execution provider of learned methods', default: 'auto' },
  { name: 'threads', kind: 'number', value: 'N', help: 'processor threads', default: 'all cores' },
];
