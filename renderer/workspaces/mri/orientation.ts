/** Letters at the edges of an image, from where its rows and columns point in the patient. */
import type { SeriesSummary } from '../../../src/host/contract.ts';
import type { OrientationLabels } from '../../viewers/image/types.ts';

type Vector = readonly [number, number, number];

/** DICOM's LPS axes: +x is the patient's left, +y posterior, +z head (PS3.3 C.7.6.2.1.1). */
const LETTERS: readonly (readonly [positive: string, negative: string])[] = [['L', 'R'], ['P', 'A'], ['H', 'F']];
/** Components below this are not worth a letter: an oblique angle of less than about 17°. */
const SMALL = 0.3;

/** `L`, or `LA` for an oblique direction, largest component first. */
export function directionLetters(direction: Vector): string {
  return direction
    .map((value, axis) => ({ value, axis }))
    .filter(({ value }) => Math.abs(value) > SMALL)
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
    .map(({ value, axis }) => (LETTERS[axis] as readonly [string, string])[value > 0 ? 0 : 1])
    .join('');
}

const negated = ([x, y, z]: Vector): Vector => [-x, -y, -z];

/** Of the image as stored, before any flip. */
export function orientationLabels(orientation: NonNullable<SeriesSummary['orientation']>): OrientationLabels {
  const { rowDirection, columnDirection } = orientation;
  return {
    left: directionLetters(negated(rowDirection)),
    right: directionLetters(rowDirection),
    top: directionLetters(negated(columnDirection)),
    bottom: directionLetters(columnDirection),
  };
}

/**
 * Whether the image must be mirrored so that left and right appear as the person wants. Radiological: the patient's
 * left is at the right of the screen, so the rows must point to the left (+x). Sagittal images have no left–right.
 */
export function needsFlip(orientation: NonNullable<SeriesSummary['orientation']>, wanted: 'radiological' | 'neurological'): boolean {
  const toLeft = orientation.rowDirection[0];
  if (Math.abs(toLeft) <= SMALL) return false;
  return wanted === 'radiological' ? toLeft < 0 : toLeft > 0;
}
