/** Where the crosshair is, in words that a radiographer reads: R/L, A/P, S/I in mm, and the value there. */
import { formatValue } from '../image/format-value.ts';
import type { Crosshair } from './volume-view.ts';

const SIDES = [['R', 'L'], ['A', 'P'], ['S', 'I']] as const;

/**
 * `R 12.0  A 3.5  I 40.0 mm   0.734`: NIfTI's axes point right, anterior, superior. Of a volume that does not say how it lies,
 * the voxel instead: `column 12  row 7  slice 3   0.734`, counted from 1.
 */
export function describeCrosshair({ place, voxel, value }: Crosshair, oriented: boolean): string {
  if (!oriented) return `column ${Math.round(voxel[0]) + 1}  row ${Math.round(voxel[1]) + 1}  slice ${Math.round(voxel[2]) + 1}   ${formatValue(value)}`;
  const sides = SIDES.map(([positive, negative], axis) => {
    const distance = place[axis] as number;
    return `${distance < 0 ? negative : positive} ${Math.abs(distance).toFixed(1)}`;
  });
  return `${sides.join('  ')} mm   ${formatValue(value)}`;
}
