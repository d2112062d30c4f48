/** A trajectory along which Cartesian k-space is measured anew, as a sampling pattern. */
import type { Trajectory } from '../array/trajectory.ts';
import { LacunaError } from '../errors.ts';
import { denseRadius, denseSamples } from './dense-centre.ts';
import type { SamplingPattern } from './pattern.ts';

/** Samples of one trajectory at most: 256 MB of k-space with 8 coils. */
const MOST_SAMPLES = 2 ** 22;

/** How many readouts give that acceleration: the lines of the full Cartesian scan divided by it, at least one. */
export function readoutsFor(lines: number, acceleration: number): number {
  return Math.max(1, Math.round(lines / acceleration));
}

/** Throws usage.invalid where `samples` a readout times `readouts` would be more than 2²². */
export function checkSamples(samples: number, readouts: number): void {
  if (samples * readouts <= MOST_SAMPLES) return;
  throw new LacunaError('usage.invalid', `The trajectory would have ${readouts} readouts of ${samples} samples; at most ${MOST_SAMPLES} samples in all are possible.`, { field: 'pattern' });
}

/** Throws usage.unsupported where the scanner left out samples: k-space that is not there cannot be measured anew. */
export function requireFullySampled({ acquired, acquiredPoints }: { readonly acquired?: Uint8Array; readonly acquiredPoints?: Uint8Array }): void {
  if (!acquired?.includes(0) && !acquiredPoints?.includes(0)) return;
  throw new LacunaError('usage.unsupported', 'A trajectory can only be drawn through fully sampled k-space; the scanner undersampled this recording.', { field: 'pattern' });
}

/** `origin` is the sample of a readout at the centre of k-space; acceleration counts readouts against `lines`. */
export function trajectoryPattern(trajectory: Trajectory, origin: number, lines: number, nominal?: number): SamplingPattern {
  const [rows, columns] = trajectory.points.shape as [number, number, number];
  const achieved = lines / columns;
  return {
    kind: 'trajectory',
    rows,
    columns,
    mask: new Uint8Array(columns).fill(1),
    nominal: nominal ?? achieved,
    achieved,
    kept: columns,
    total: lines,
    trajectory,
    centre: { rows: denseSamples(trajectory, denseRadius(trajectory), origin), columns: [0, columns] },
  };
}
