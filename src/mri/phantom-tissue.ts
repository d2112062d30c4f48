/**
 * Relative signal of the phantom's tissues in three brain contrasts at 3 T; typical of the look of each, not of one
 * sequence.
 */

export type Contrast = 't1' | 't2' | 'flair';

export type Tissue =
  | 'skin'
  | 'fat'
  | 'muscle'
  | 'bone'
  | 'marrow'
  | 'dura'
  | 'blood'
  | 'csf'
  | 'cortex'
  | 'white'
  | 'striatum'
  | 'thalamus'
  | 'pallidum'
  | 'choroid'
  | 'lesion';

export const SIGNAL: { readonly [C in Contrast]: { readonly [T in Tissue]: number } } = {
  t1: {
    skin: 0.5,
    fat: 0.9,
    muscle: 0.34,
    bone: 0.05,
    marrow: 0.62,
    dura: 0.3,
    blood: 0.2,
    csf: 0.13,
    cortex: 0.44,
    white: 0.69,
    striatum: 0.47,
    thalamus: 0.55,
    pallidum: 0.61,
    choroid: 0.4,
    lesion: 0.47,
  },
  t2: {
    skin: 0.3,
    fat: 0.62,
    muscle: 0.2,
    bone: 0.04,
    marrow: 0.4,
    dura: 0.16,
    blood: 0.1,
    csf: 0.98,
    cortex: 0.57,
    white: 0.41,
    striatum: 0.51,
    thalamus: 0.47,
    pallidum: 0.35,
    choroid: 0.7,
    lesion: 0.7,
  },
  flair: {
    skin: 0.4,
    fat: 0.72,
    muscle: 0.26,
    bone: 0.04,
    marrow: 0.44,
    dura: 0.28,
    blood: 0.12,
    csf: 0.09,
    cortex: 0.62,
    white: 0.47,
    striatum: 0.58,
    thalamus: 0.53,
    pallidum: 0.45,
    choroid: 0.5,
    lesion: 0.95,
  },
};
