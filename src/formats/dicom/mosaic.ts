/**
 * Siemens mosaic: one stored image that holds a whole volume as tiles, left to right, top to bottom. Its Image Position is
 * that of an imaginary image of the mosaic's size around the same centre, so each tile's corner is moved in by half the
 * difference (as nibabel's mosaic reader states it).
 */
import { readCsa } from './csa.ts';
import type { Frame, Plane } from './frame.ts';
import { normalOf } from './frame.ts';
import { TAG } from './tags.ts';
import { addScaled, dot, vec3 } from '../vec3.ts';

interface Grid {
  readonly tiles: number;
  readonly rows: number;
  readonly columns: number;
}

const CSA_NAMES = new Set(['NumberOfImagesInMosaic', 'SliceNormalVector']);

/** The tiles as frames of their own; undefined where the frame is no mosaic. */
export function mosaicTiles(frame: Frame, warn: (text: string) => void): Frame[] | undefined {
  if (!frame.tags.texts(TAG.ImageType).includes('MOSAIC')) return undefined;
  const csa = readCsa(frame.instance.tags.bytes(TAG.SiemensCsaImageHeader) ?? new Uint8Array(0), CSA_NAMES);
  const grid = gridOf(frame, csa, warn);
  if (grid === undefined) return undefined;
  const perRow = Math.round(frame.columns / grid.columns);
  return Array.from({ length: grid.tiles }, (_, i) => {
    const plane = frame.plane && tilePlane(frame, frame.plane, grid, csa, i);
    const { plane: _mosaicPlane, ...rest } = frame;
    return {
      ...rest,
      tile: { row: Math.floor(i / perRow) * grid.rows, column: (i % perRow) * grid.columns },
      rows: grid.rows,
      columns: grid.columns,
      ...(plane === undefined ? {} : { plane }),
    };
  });
}

function gridOf(frame: Frame, csa: ReadonlyMap<string, string[]>, warn: (text: string) => void): Grid | undefined {
  const stated = Number(csa.get('NumberOfImagesInMosaic')?.[0] ?? frame.tags.number(TAG.SiemensImagesInMosaic) ?? Number.NaN);
  const perSide = Math.ceil(Math.sqrt(stated));
  if (stated >= 1 && frame.rows % perSide === 0 && frame.columns % perSide === 0) {
    return { tiles: stated, rows: frame.rows / perSide, columns: frame.columns / perSide };
  }
  const matrix = frame.tags.numbers(TAG.AcquisitionMatrix).filter((n) => n > 0);
  const [rows, columns = rows] = matrix;
  if (rows === undefined || columns === undefined || frame.rows % rows !== 0 || frame.columns % columns !== 0) {
    warn(`${frame.instance.name}: a Siemens mosaic whose tile size the file does not state; it is shown whole.`);
    return undefined;
  }
  const tiles = (frame.rows / rows) * (frame.columns / columns);
  warn(
    `${frame.instance.name}: number of slices in the mosaic is not in the file; ${tiles} tiles of ${rows}×${columns} (Acquisition Matrix), the last may be empty.`,
  );
  return { tiles, rows, columns };
}

function tilePlane(frame: Frame, plane: Plane, grid: Grid, csa: ReadonlyMap<string, string[]>, index: number): Plane | undefined {
  const [rowSpacing, columnSpacing] = frame.spacing ?? [];
  const step = frame.spacingBetweenSlices ?? frame.thickness;
  if (rowSpacing === undefined || columnSpacing === undefined || step === undefined) return undefined;
  const right = addScaled(plane.position, (columnSpacing * (frame.columns - grid.columns)) / 2, plane.rowDirection);
  const corner = addScaled(right, (rowSpacing * (frame.rows - grid.rows)) / 2, plane.columnDirection);
  const normal = normalOf(plane);
  const stated = vec3((csa.get('SliceNormalVector') ?? []).map(Number));
  const sign = stated !== undefined && dot(stated, normal) < 0 ? -1 : 1;
  return { ...plane, position: addScaled(corner, sign * step * index, normal) };
}
