/** Coil maps as the methods want them: of the kind that was chosen, kept while other parameters move. */
import type { NdArray } from '../array/nd-array.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import { calibrationKey, calibrationRange } from './calibration-key.ts';
import { calibrationBlock, estimateMaps, type CalibrationBlock } from './coil-maps.ts';

/** How maps are made; the fragment `mapParams` (src/pipeline/steps/map-params.ts) has these as parameters of a step. */
export interface MapParams {
  readonly maps: 'low-resolution';
}

export interface CalibratedMaps {
  /** [coil, row, column], unit root-sum-of-squares over coils; with two sets [set, coil, row, column], orthonormal over coils. */
  readonly maps: NdArray<'complex64'>;
  readonly block: CalibrationBlock;
  /** For the notes of an estimate: `Maps: 17×24 calibration`. */
  readonly note: string;
}

/** What calibration looks at. A MriMeasurement is one; so is gridded k-space whose centre a trajectory covered. */
export interface Calibration {
  /** [coil, row, column] on the Cartesian grid of the maps; only samples inside `pattern.centre` are looked at. */
  readonly kspace: NdArray<'complex64'>;
  readonly pattern: Pick<SamplingPattern, 'centre'>;
}

const PREFIX = 'coil-maps:';
/** Enough for the slices around the one on screen; older ones are dropped. */
const MOST_KEPT = 8;
export const LOW_RESOLUTION: MapParams = { maps: 'low-resolution' };

/**
 * The maps that `params` asks for, remembered in `cache` under the content of the calibration samples and the parameters that
 * matter. Throws `usage.unsupported` where the centre is too small: a step's `refuses` tells before (refuseWithoutCentre).
 */
export async function calibratedMaps({ kspace, pattern }: Calibration, params: MapParams, cache: Map<string, unknown>): Promise<CalibratedMaps> {
  const [, rows, columns] = kspace.shape as [number, number, number];
  const key = `${PREFIX}${params.maps}:${calibrationKey(kspace, calibrationRange([rows, columns], pattern.centre))}`;
  const known = cache.get(key) as CalibratedMaps | undefined;
  const result = known ?? lowResolution(kspace, pattern.centre);
  // Deleting first puts a hit at the end, so that the one unused for longest is dropped.
  cache.delete(key);
  cache.set(key, result);
  const kept = [...cache.keys()].filter((name) => name.startsWith(PREFIX));
  for (const name of kept.slice(0, -MOST_KEPT)) cache.delete(name);
  return result;
}

/** calibratedMaps with low-resolution maps. */
export function cachedMaps(calibration: Calibration, cache: Map<string, unknown>): Promise<CalibratedMaps> {
  return calibratedMaps(calibration, LOW_RESOLUTION, cache);
}

function lowResolution(kspace: NdArray<'complex64'>, centre: SamplingPattern['centre']): CalibratedMaps {
  const [, rows, columns] = kspace.shape as [number, number, number];
  const block = calibrationBlock([rows, columns], centre);
  return { maps: estimateMaps(kspace, centre), block, note: `Maps: ${block.rows}×${block.columns} calibration` };
}
