/** What the flags of an acquisition make of it. Source: `ISMRMRD_AcquisitionFlags` in ismrmrd.h, version 1.x. */

/** As numbered there, where bit n − 1 stands for flag n. Flags 1–18 and 25 (first and last of something) only inform. */
export const FLAG = {
  noise: 19,
  calibration: 20,
  calibrationAndImaging: 21,
  reverse: 22,
  navigation: 23,
  phaseCorrection: 24,
  feedbackHp: 26,
  dummy: 27,
  feedbackRt: 28,
  surfaceCoilCorrection: 29,
  phaseStabilizationReference: 30,
  phaseStabilization: 31,
  compression1: 53,
  compression2: 54,
  compression3: 55,
  compression4: 56,
} as const;

/** The 64 flags in two halves. */
export interface Flags {
  readonly flags: number;
  readonly highFlags: number;
}

export function hasFlag({ flags, highFlags }: Flags, flag: number): boolean {
  return flag <= 32 ? (flags & (1 << (flag - 1))) !== 0 : (highFlags & (1 << (flag - 33))) !== 0;
}

/** `calibration` lines may serve the image where it has no line of its own; `navigator` covers EPI's phase correction lines. */
export type Role = 'imaging' | 'calibration' | 'noise' | 'navigator' | 'left-out';

const LEFT_OUT: readonly (readonly [flag: number, what: string])[] = [
  [FLAG.feedbackHp, 'feedback'],
  [FLAG.feedbackRt, 'feedback'],
  [FLAG.dummy, 'dummy'],
  [FLAG.surfaceCoilCorrection, 'surface coil correction'],
  [FLAG.phaseStabilizationReference, 'phase stabilisation'],
  [FLAG.phaseStabilization, 'phase stabilisation'],
];

export function roleOf(acquisition: Flags & { readonly samples: number; readonly channels: number }): Role {
  if (acquisition.samples === 0 || acquisition.channels === 0) return 'left-out';
  if (hasFlag(acquisition, FLAG.noise)) return 'noise';
  if (whyLeftOut(acquisition) !== null) return 'left-out';
  if (hasFlag(acquisition, FLAG.navigation) || hasFlag(acquisition, FLAG.phaseCorrection)) return 'navigator';
  return hasFlag(acquisition, FLAG.calibration) && !hasFlag(acquisition, FLAG.calibrationAndImaging) ? 'calibration' : 'imaging';
}

/** Null where no flag says so. */
export function whyLeftOut(acquisition: Flags): string | null {
  return LEFT_OUT.find(([flag]) => hasFlag(acquisition, flag))?.[1] ?? null;
}

export function isReversed(acquisition: Flags): boolean {
  return hasFlag(acquisition, FLAG.reverse);
}

export function isCompressed(acquisition: Flags): boolean {
  return [FLAG.compression1, FLAG.compression2, FLAG.compression3, FLAG.compression4].some((flag) => hasFlag(acquisition, flag));
}
