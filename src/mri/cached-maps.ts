/** Coil maps, kept while other parameters move: the same calibration samples give the same maps. */
import type { NdArray } from '../array/nd-array.ts';
import { calibrationBlock, estimateMaps, type CalibrationBlock } from './coil-maps.ts';
import type { MriMeasurement } from './measurement.ts';

export interface CalibratedMaps {
  /** [coil, row, column], unit root-sum-of-squares. */
  readonly maps: NdArray<'complex64'>;
  readonly block: CalibrationBlock;
}

const PREFIX = 'coil-maps:';
/** Enough for the slices around the one on screen; older ones are dropped. */
const MOST_KEPT = 8;

/** As estimateMaps, remembered in `cache` under the SHA-256 of the calibration samples. */
export async function cachedMaps({ kspace, pattern }: MriMeasurement, cache: Map<string, unknown>): Promise<CalibratedMaps> {
  const [, rows, columns] = kspace.shape as [number, number, number];
  const block = calibrationBlock([rows, columns], pattern.centre);
  const key = `${PREFIX}${kspace.shape.join('x')}:${block.rows}x${block.columns}:${await hashBlock(kspace, block)}`;
  const known = cache.get(key) as CalibratedMaps | undefined;
  const result = known ?? { maps: estimateMaps(kspace, pattern.centre), block };
  // Deleting first puts a hit at the end, so that the one unused for longest is dropped.
  cache.delete(key);
  cache.set(key, result);
  const kept = [...cache.keys()].filter((name) => name.startsWith(PREFIX));
  for (const name of kept.slice(0, -MOST_KEPT)) cache.delete(name);
  return result;
}

async function hashBlock(kspace: NdArray<'complex64'>, block: CalibrationBlock): Promise<string> {
  const [coils, rows, columns] = kspace.shape as [number, number, number];
  const top = Math.floor(rows / 2) - Math.floor(block.rows / 2);
  const left = Math.floor(columns / 2) - Math.floor(block.columns / 2);
  const samples = new Float32Array(2 * coils * block.rows * block.columns);
  let to = 0;
  for (let c = 0; c < coils; c++) {
    for (let r = top; r < top + block.rows; r++) {
      const from = 2 * ((c * rows + r) * columns + left);
      samples.set(kspace.data.subarray(from, from + 2 * block.columns), to);
      to += 2 * block.columns;
    }
  }
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', samples));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
