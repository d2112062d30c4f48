/** ISMRMRD leaves the unit of `traj` to the writer: three are in use, told apart by how far the samples reach. */
import type { Doctor } from './doctor.ts';

/** Cycles per encoded field of view; fractions of the matrix, −½ to ½; radians per pixel, −π to π; anything, with the edge at half the matrix. */
export type TrajectoryUnit = 'cycles' | 'matrix' | 'radians' | 'scaled';

const UNITS: readonly { readonly unit: TrajectoryUnit; readonly id: string; readonly title: string; readonly words: string }[] = [
  { unit: 'cycles', id: 'trajectory-in-cycles', title: 'Read the trajectory as cycles per field of view', words: 'cycles per field of view' },
  { unit: 'matrix', id: 'trajectory-in-matrix', title: 'Read the trajectory as fractions of the matrix (−½ to ½)', words: 'fractions of the matrix' },
  { unit: 'radians', id: 'trajectory-in-radians', title: 'Read the trajectory as radians per pixel (−π to π)', words: 'radians per pixel' },
  { unit: 'scaled', id: 'trajectory-to-edge', title: 'Scale the trajectory so that it reaches the edge of k-space', words: 'a unit of its own, scaled to reach the edge of k-space' },
];

/** `reach`: largest |k| of any coordinate; `size`: the encoded matrix along that coordinate. */
export function unitOf(reach: number, size: number, doctor: Doctor): TrajectoryUnit {
  const guess = guessUnit(reach, size);
  const words = (unit: TrajectoryUnit) => UNITS.find((entry) => entry.unit === unit)?.words ?? '';
  const found = `It reaches ${Number(reach.toPrecision(4))} where the matrix is ${size}.`;
  const stated = 'The file does not say in which unit its trajectory is.';
  doctor.note({ id: 'trajectory-units', severity: 'info', field: 'traj', stated, found, remedy: `It is taken for ${words(guess)}, unless another unit is chosen.` });
  let chosen = guess;
  for (const { unit, id, title } of UNITS) {
    if (unit === guess) continue;
    if (doctor.offer({ id, severity: 'info', field: 'traj', stated, found, remedy: `It can be read as ${words(unit)}.` }, title)) chosen = unit;
  }
  return chosen;
}

/** Writers stay within half the matrix, half a cycle or π; a quarter more covers the half sample at the edge. */
function guessUnit(reach: number, size: number): TrajectoryUnit {
  if (reach <= 0.625) return 'matrix';
  if (reach <= 1.25 * Math.PI && size > 8) return 'radians';
  return reach <= 0.625 * size ? 'cycles' : 'scaled';
}

/** Factor that turns a coordinate of that unit into cycles per field of view of `size` pixels. */
export function cyclesPerUnit(unit: TrajectoryUnit, size: number, reach: number): number {
  switch (unit) {
    case 'cycles':
      return 1;
    case 'matrix':
      return size;
    case 'radians':
      return size / (2 * Math.PI);
    case 'scaled':
      return reach > 0 ? size / 2 / reach : 1;
  }
}
