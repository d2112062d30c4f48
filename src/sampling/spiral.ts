/** Spiral trajectories: Archimedean arms from the centre outwards, denser inside where asked (Ahn et al., IEEE TMI 1986;5:2; Tsai and Nishimura, Magn Reson Med 2000;43:452). */
import { zeros } from '../array/nd-array.ts';
import type { Trajectory } from '../array/trajectory.ts';
import { GOLDEN_RATIO, steppedAngles, uniformAngles } from './readout-rotation.ts';

export interface SpiralParams {
  readonly interleaves: number;
  /** Windings of an arm. */
  readonly turns: number;
  /** α of ρ = ½ (φ/φ_max)^α: 1 = Archimedean, more = denser centre. */
  readonly density: number;
  /** uniform: equal angles over a turn; golden: 137.51° from one to the next. */
  readonly ordering: 'uniform' | 'golden';
  /** Angle of the first arm of the first frame, degrees. */
  readonly offset: number;
  readonly frame: number;
}

/** Samples a cycle per field of view along the arm. */
const OVERSAMPLING = 2;
/** Points of the curve from which equal arc lengths are interpolated, a winding. */
const STEPS_PER_TURN = 720;

/** An arm at polar (ρ, φ) passes ρ·(rows·sin φ, columns·cos φ) at equal distances along the curve; sample 0 is the centre of k-space. */
export function spiralTrajectory(matrix: Trajectory['matrix'], params: SpiralParams): Trajectory {
  const { interleaves, offset, frame } = params;
  const arm = spiralArm(Math.max(matrix.rows, matrix.columns), params);
  const samples = arm.length;
  const first = (offset * Math.PI) / 180;
  const angles =
    params.ordering === 'uniform'
      ? uniformAngles(interleaves, 2 * Math.PI, first, frame)
      : steppedAngles(interleaves, (2 * Math.PI) / GOLDEN_RATIO ** 2, first, frame);
  const points = zeros('float32', [samples, interleaves, 2]);
  for (const [j, angle] of angles.entries()) {
    for (const [s, { radius, phi }] of arm.entries()) {
      points.data[2 * (s * interleaves + j)] = radius * matrix.rows * Math.sin(phi + angle);
      points.data[2 * (s * interleaves + j) + 1] = radius * matrix.columns * Math.cos(phi + angle);
    }
  }
  return { kind: 'spiral', points, matrix };
}

interface Polar {
  /** 0 … ½ */
  readonly radius: number;
  readonly phi: number;
}

/** One arm, at equal arc lengths in a matrix of `size`². */
function spiralArm(size: number, { turns, density }: Pick<SpiralParams, 'turns' | 'density'>): Polar[] {
  const steps = Math.ceil(turns * STEPS_PER_TURN);
  const at = (u: number): Polar => ({ radius: 0.5 * u ** density, phi: 2 * Math.PI * turns * u });
  const lengths = new Float64Array(steps + 1);
  let [x, y] = [0, 0];
  for (let i = 1; i <= steps; i++) {
    const { radius, phi } = at(i / steps);
    const [nextX, nextY] = [size * radius * Math.cos(phi), size * radius * Math.sin(phi)];
    lengths[i] = (lengths[i - 1] as number) + Math.hypot(nextX - x, nextY - y);
    [x, y] = [nextX, nextY];
  }
  const total = lengths[steps] as number;
  const samples = Math.ceil(OVERSAMPLING * total) + 1;
  let i = 0;
  return Array.from({ length: samples }, (_, s) => {
    const wanted = (total * s) / (samples - 1);
    while (i < steps - 1 && (lengths[i + 1] as number) < wanted) i++;
    const [low, high] = [lengths[i] as number, lengths[i + 1] as number];
    return at((i + (high > low ? Math.min(1, (wanted - low) / (high - low)) : 0)) / steps);
  });
}
