/** Small round things in the white matter, placed by the seed in three dimensions. */
import { Random } from '../random/xoshiro.ts';
import type { Tissue } from './phantom-tissue.ts';

export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly softness: number;
  readonly strength: number;
  readonly tissue: Tissue;
}

/** White-matter lesions beside the ventricles, more on one side, and perivascular spaces, cut at height z. */
export function makeSpots(seed: number, z: number): Spot[] {
  const random = new Random(seed, 0x73706f74);
  const spots: Spot[] = [];
  const add = (x: number, y: number, height: number, size: number, spot: Pick<Spot, 'softness' | 'strength' | 'tissue'>) => {
    const square = size * size - (z - height) ** 2;
    if (square > 0) spots.push({ x, y, radius: Math.sqrt(square), ...spot });
  };
  for (let i = 0; i < 16; i++) {
    const side = random.uniform() < 0.65 ? 1 : -1;
    const x = side * (17 + 12 * random.uniform());
    const y = -34 + 72 * random.uniform();
    add(x, y, 12 + 30 * random.uniform(), 1.6 + 2.6 * random.uniform(), { softness: 2, strength: 0.85, tissue: 'lesion' });
  }
  for (let i = 0; i < 150; i++) {
    const angle = 2 * Math.PI * random.uniform();
    const radius = 18 + 26 * random.uniform();
    const [x, y] = [radius * Math.sin(angle), 1.3 * radius * Math.cos(angle)];
    add(x, y, 50 * random.uniform(), 1.5, { softness: 1.6, strength: 0.35, tissue: 'csf' });
  }
  return spots;
}
