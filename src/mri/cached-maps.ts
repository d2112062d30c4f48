/** Coil maps as the methods want them: of the kind that was chosen, kept while other parameters move. */
import { subArray, type NdArray } from '../array/nd-array.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import { calibrationKey, calibrationRange } from './calibration-key.ts';
import { calibrationBlock, estimateMaps, type CalibrationBlock } from './coil-maps.ts';
import { espirit } from './espirit.ts';

/** How maps are made; the fragment `mapParams` (src/pipeline/steps/map-params.ts) has these as parameters of a step. */
export interface MapParams {
  readonly maps: 'low-resolution' | 'espirit';
  /** ESPIRiT only: more than one where the object is larger than the field of view. Default 1. */
  readonly mapSets?: number;
  /** See EspiritOptions. */
  readonly mapKernel: number;
  readonly mapCalibration: number;
  readonly mapThreshold: number;
  readonly mapCrop: number;
}

export interface CalibratedMaps {
  /** [coil, row, column], unit root-sum-of-squares over coils; with two sets [set, coil, row, column], orthonormal over coils. */
  readonly maps: NdArray<'complex64'>;
  readonly block: CalibrationBlock;
  /** ESPIRiT only: eigenvalue of each set at each pixel, [set, row, column]. */
  readonly eigenvalues?: NdArray<'float32'>;
  /** For the notes of an estimate: `Maps: 17×24 calibration`. */
  readonly note: string;
}

/** What calibration looks at. A MriMeasurement is one; so is gridded k-space whose centre a trajectory covered. */
export interface Calibration {
  /** [coil, row, column] on the Cartesian grid of the maps; only samples inside `pattern.centre` are looked at. */
  readonly kspace: NdArray<'complex64'>;
  readonly pattern: Pick<SamplingPattern, 'centre'>;
  /** Of a measurement: what to look at in its place. */
  readonly calibration?: { readonly kspace: NdArray<'complex64'>; readonly pattern: Pick<SamplingPattern, 'centre'> };
}

const PREFIX = 'coil-maps:';
/** Enough for the slices around the one on screen; older ones are dropped. */
const MOST_KEPT = 8;
export const DEFAULT_MAPS: MapParams = { maps: 'low-resolution', mapSets: 1, mapKernel: 6, mapCalibration: 24, mapThreshold: 0.02, mapCrop: 0 };

/**
 * The maps that `params` asks for, remembered in `cache` under the content of the calibration samples and the parameters that
 * matter. Throws `usage.unsupported` where the centre is too small: a step's `refuses` tells before (refuseWithoutCentre).
 */
export async function calibratedMaps(measured: Calibration, params: MapParams, cache: Map<string, unknown>): Promise<CalibratedMaps> {
  const { kspace, pattern } = measured.calibration ?? measured;
  const [, rows, columns] = kspace.shape as [number, number, number];
  const range = calibrationRange([rows, columns], pattern.centre);
  const key = `${PREFIX}${describe(params)}:${calibrationKey(kspace, range)}`;
  const known = cache.get(key) as CalibratedMaps | undefined;
  const result = known ?? (params.maps === 'espirit' ? byEspirit(kspace, range, params) : lowResolution(kspace, pattern.centre));
  // Deleting first puts a hit at the end, so that the one unused for longest is dropped.
  cache.delete(key);
  cache.set(key, result);
  const kept = [...cache.keys()].filter((name) => name.startsWith(PREFIX));
  for (const name of kept.slice(0, -MOST_KEPT)) cache.delete(name);
  return result;
}

function describe({ maps, mapSets = 1, mapKernel, mapCalibration, mapThreshold, mapCrop }: MapParams): string {
  return maps === 'espirit' ? [maps, mapSets, mapKernel, mapCalibration, mapThreshold, mapCrop].join('/') : maps;
}

function lowResolution(kspace: NdArray<'complex64'>, centre: SamplingPattern['centre']): CalibratedMaps {
  const [, rows, columns] = kspace.shape as [number, number, number];
  const block = calibrationBlock([rows, columns], centre);
  return { maps: estimateMaps(kspace, centre), block, note: `Maps: ${block.rows}×${block.columns} calibration` };
}

function byEspirit(kspace: NdArray<'complex64'>, range: SamplingPattern['centre'], params: MapParams): CalibratedMaps {
  const { maps, eigenvalues, kept, kernel, block } = espirit(kspace, range, {
    kernel: params.mapKernel,
    calibration: params.mapCalibration,
    threshold: params.mapThreshold,
    crop: params.mapCrop,
    sets: params.mapSets === 2 ? 2 : 1,
  });
  const single = maps.shape[0] === 1;
  return {
    maps: single ? subArray(maps, 0) : maps,
    block,
    eigenvalues,
    note: `Maps: ESPIRiT${single ? '' : ' (2 sets)'}, ${block.rows}×${block.columns} calibration, ${kept} kernels of ${kernel}×${kernel}`,
  };
}
