/** Where the crosshair is, in words that a radiographer reads: R/L, A/P, S/I in mm, and the value there. */
import { formatValue } from '../image/format-value.ts';
import type { Crosshair } from './volume-view.ts';

const SIDES = [['R', 'L'], ['A', 'P'], ['S', 'I']] as const;

/** `R 12.0  A 3.5  I 40.0 mm   0.734`: NIfTI's axes point right, anterior, superior. */
export function describeCrosshair({ place, value }: Crosshair): string {
  const sides = SIDES.map(([positive, negative], axis) => {
    const distance = place[axis] as number;
    return `${distance < 0 ? negative : positive} ${Math.abs(distance).toFixed(1)}`;
  });
  return `${sides.join('  ')} mm   ${formatValue(value)}`;
}
