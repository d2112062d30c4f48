/** What is evaluated: sampling patterns by the name that cards and tables give them. */
import type { StepCall } from '../../src/pipeline/document.ts';
import { listSteps } from '../../src/pipeline/registry.ts';

export interface Setting {
  readonly id: string;
  readonly title: string;
  readonly pattern: StepCall;
  /** Two directions of aliasing: wavelets with more taps do better, and line filters of k-space do not apply. */
  readonly spread: 'lines' | 'points';
  /** Only as many slices of each data set, where networks take long; tables say how many. */
  readonly slicesEach?: number;
}

const cartesian = (id: string, title: string, name: string, acceleration: number, centreFraction: number, spread: Setting['spread'] = 'lines'): Setting => ({
  id,
  title,
  pattern: { name, params: { acceleration, centreFraction, seed: 1 } },
  spread,
});

const ALL: readonly Setting[] = [
  cartesian('random-4', 'random lines, R = 4', 'random', 4, 0.08),
  cartesian('random-8', 'random lines, R = 8', 'random', 8, 0.04),
  cartesian('equispaced-4', 'regular (equispaced) lines, R = 4', 'equispaced', 4, 0.08),
  cartesian('gaussian-4', 'Gaussian lines, R = 4', 'gaussian', 4, 0.08),
  cartesian('poisson-6', 'Poisson-disc points, R = 6', 'poisson-disc', 6, 0.08, 'points'),
  { id: 'radial-4', title: 'radial (golden angle), R = 4', pattern: { name: 'radial', params: { acceleration: 4 } }, spread: 'points', slicesEach: 1 },
  { id: 'learned-4', title: 'learned lines, R = 4', pattern: { name: 'learned-lines', params: { acceleration: 4 } }, spread: 'lines' },
  { id: 'learned-8', title: 'learned lines, R = 8', pattern: { name: 'learned-lines', params: { acceleration: 8 } }, spread: 'lines' },
];

/** Those whose pattern this studio has; with `ids`, only these. Throws for an id there is none of. */
export function settings(ids: readonly string[] = []): readonly Setting[] {
  for (const id of ids) {
    if (!ALL.some((setting) => setting.id === id)) throw new Error(`There is no setting ${id}; known: ${ALL.map((setting) => setting.id).join(', ')}`);
  }
  const patterns = listSteps('pattern').map(({ name }) => name);
  return ALL.filter(({ id, pattern }) => patterns.includes(pattern.name) && (ids.length === 0 || ids.includes(id)));
}

/** The bars on accuracy are of these. */
export const BAR_SETTINGS: Readonly<Record<string, number>> = { 'random-4': 2, 'random-8': 3 };
/** One of each kind of pattern, for what a network must not get wrong on any. */
export const PATTERN_KINDS = ['random-4', 'equispaced-4', 'gaussian-4', 'poisson-6', 'radial-4'] as const;
