/** Radial trajectories: spokes through the centre of k-space (Lauterbur, Nature 1973;242:190; Winkelmann et al., IEEE TMI 2007;26:68). */
import { zeros } from '../array/nd-array.ts';
import type { Trajectory } from '../array/trajectory.ts';
import { GOLDEN_ANGLE, steppedAngles, tinyGoldenAngle, uniformAngles } from './readout-rotation.ts';

export interface RadialParams {
  readonly spokes: number;
  /** uniform: over half a turn; golden: 111.246° from one to the next; tiny-golden: ψ_N. */
  readonly ordering: 'uniform' | 'golden' | 'tiny-golden';
  /** N of ψ_N. */
  readonly tinyNumber: number;
  /** Samples a readout, divided by the longer side of the matrix. */
  readonly oversampling: number;
  /** Angle of the first spoke of the first frame, degrees. */
  readonly offset: number;
  readonly frame: number;
}

/**
 * Sample s of a spoke at angle θ lies at t·(rows·sin θ, columns·cos θ) with t = (s − ⌊S/2⌋)/S, so that spokes reach the edge of the
 * Cartesian grid along both axes, and sample ⌊S/2⌋ is the centre of k-space.
 */
export function radialTrajectory(matrix: Trajectory['matrix'], params: RadialParams): Trajectory {
  const { spokes, oversampling } = params;
  const samples = Math.ceil(oversampling * Math.max(matrix.rows, matrix.columns));
  const points = zeros('float32', [samples, spokes, 2]);
  for (const [j, angle] of radialAngles(params).entries()) {
    const [down, across] = [matrix.rows * Math.sin(angle), matrix.columns * Math.cos(angle)];
    for (let s = 0; s < samples; s++) {
      const t = (s - Math.floor(samples / 2)) / samples;
      points.data[2 * (s * spokes + j)] = t * down;
      points.data[2 * (s * spokes + j) + 1] = t * across;
    }
  }
  return { kind: 'radial', points, matrix };
}

/** Radians. */
export function radialAngles({ spokes, ordering, tinyNumber, offset, frame }: Omit<RadialParams, 'oversampling'>): number[] {
  const first = (offset * Math.PI) / 180;
  if (ordering === 'uniform') return uniformAngles(spokes, Math.PI, first, frame);
  return steppedAngles(spokes, ordering === 'golden' ? GOLDEN_ANGLE : tinyGoldenAngle(tinyNumber), first, frame);
}
