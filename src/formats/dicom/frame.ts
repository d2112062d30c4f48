/** One frame (or mosaic tile) with all that decides which series it belongs to, where it lies and what its values mean. */
import type { FrameTags } from './frame-tags.ts';
import type { Instance } from './instance.ts';
import { phaseScale } from './phase.ts';
import { TAG } from './tags.ts';
import { cross, dot, length, unit, type Vec3, vec3 } from '../vec3.ts';

export type Component = 'magnitude' | 'phase' | 'real' | 'imaginary';

/** Top left corner of a part of the stored frame, in pixels. */
export interface Tile {
  readonly row: number;
  readonly column: number;
}

export interface Plane {
  readonly rowDirection: Vec3;
  readonly columnDirection: Vec3;
  readonly position: Vec3;
}

export interface Frame {
  readonly instance: Instance;
  readonly tags: FrameTags;
  /** 0-based frame of the file. */
  readonly index: number;
  /** The part of the stored frame to cut out, for a mosaic. */
  readonly tile?: Tile;
  readonly rows: number;
  readonly columns: number;
  readonly plane?: Plane;
  /** Pixel Spacing: between rows, between columns; mm. */
  readonly spacing?: readonly [number, number];
  readonly thickness?: number;
  readonly spacingBetweenSlices?: number;
  readonly component: Component;
  /** value = slope · stored + intercept, to the unit of the series. */
  readonly slope: number;
  readonly intercept: number;
  readonly radians: boolean;
  /** ms */
  readonly echoTime?: number;
  readonly stack: string;
  readonly window?: { readonly centre: number; readonly width: number };
  /** Orders frames that lie at the same place: time, acquisition, diffusion weighting, instance. */
  readonly order: readonly number[];
}

/** Frame `index` of the file; `positioned` where position and orientation are this frame's own. */
export function frameOf(instance: Instance, tags: FrameTags, index: number, positioned: boolean): Frame {
  const component = componentOf(tags);
  const scale = component === 'phase' ? phaseScale(tags) : undefined;
  const slope = tags.number(TAG.RescaleSlope, TAG.PixelValueTransformationSequence);
  const intercept = tags.number(TAG.RescaleIntercept, TAG.PixelValueTransformationSequence);
  const factor = scale?.factor ?? 1;
  const raw = slope === undefined && scale?.unscaled !== undefined ? scale.unscaled : { slope: slope || 1, intercept: intercept ?? 0 };
  const plane = positioned ? planeOf(tags) : undefined;
  const [rowSpacing, columnSpacing] = tags.numbers(TAG.PixelSpacing, TAG.PixelMeasuresSequence);
  const thickness = positive(tags.number(TAG.SliceThickness, TAG.PixelMeasuresSequence));
  const between = positive(tags.number(TAG.SpacingBetweenSlices, TAG.PixelMeasuresSequence));
  const echoTime = tags.number(TAG.EffectiveEchoTime, TAG.MREchoSequence) ?? tags.number(TAG.EchoTime);
  const window = windowOf(tags, factor);
  return {
    instance,
    tags,
    index,
    rows: instance.format.rows,
    columns: instance.format.columns,
    ...(plane === undefined ? {} : { plane }),
    ...(positive(rowSpacing) && positive(columnSpacing) ? { spacing: [rowSpacing as number, columnSpacing as number] as const } : {}),
    ...(thickness === undefined ? {} : { thickness }),
    ...(between === undefined ? {} : { spacingBetweenSlices: between }),
    component,
    slope: raw.slope * factor,
    intercept: raw.intercept * factor,
    radians: scale !== undefined,
    ...(echoTime === undefined ? {} : { echoTime }),
    stack: tags.text(TAG.StackID, TAG.FrameContentSequence) ?? '',
    ...(window === undefined ? {} : { window }),
    order: orderOf(tags, index),
  };
}

const positive = (value: number | undefined): number | undefined =>
  value !== undefined && Number.isFinite(value) && value > 0 ? value : undefined;

/** Complex Image Component where stated, else Image Type / Frame Type from value 3 on (C.8.3.1.1.1, C.8.13.3.1.1). */
function componentOf(tags: FrameTags): Component {
  const stated = tags.text(TAG.ComplexImageComponent, TAG.MRImageFrameTypeSequence)?.toLowerCase();
  if (stated === 'magnitude' || stated === 'phase' || stated === 'real' || stated === 'imaginary') return stated;
  const frameType = tags.texts(TAG.FrameType, TAG.MRImageFrameTypeSequence);
  const type = (frameType.length > 0 ? frameType : tags.texts(TAG.ImageType)).slice(2);
  if (type.some((t) => t === 'P' || t === 'PHASE' || t === 'PHASE MAP')) return 'phase';
  if (type.some((t) => t === 'R' || t === 'REAL')) return 'real';
  if (type.some((t) => t === 'I' || t === 'IMAGINARY')) return 'imaginary';
  return 'magnitude';
}

/** Undefined where position or orientation is missing or is no pair of perpendicular unit vectors. */
function planeOf(tags: FrameTags): Plane | undefined {
  const position = vec3(tags.numbers(TAG.ImagePositionPatient, TAG.PlanePositionSequence));
  const cosines = tags.numbers(TAG.ImageOrientationPatient, TAG.PlaneOrientationSequence);
  const row = vec3(cosines);
  const column = vec3(cosines, 3);
  if (position === undefined || row === undefined || column === undefined) return undefined;
  const straight = Math.abs(length(row) - 1) < 0.01 && Math.abs(length(column) - 1) < 0.01 && Math.abs(dot(row, column)) < 0.01;
  if (!straight) return undefined;
  return { position, rowDirection: unit(row), columnDirection: unit(column) };
}

/** Right-handed normal of the plane: slices are sorted along it. */
export const normalOf = (plane: Plane): Vec3 => cross(plane.rowDirection, plane.columnDirection);

function windowOf(tags: FrameTags, factor: number): Frame['window'] {
  const centre = tags.number(TAG.WindowCenter, TAG.FrameVOILUTSequence);
  const width = positive(tags.number(TAG.WindowWidth, TAG.FrameVOILUTSequence));
  if (centre === undefined || width === undefined) return undefined;
  return { centre: centre * factor, width: width * factor };
}

function orderOf(tags: FrameTags, index: number): number[] {
  return [
    tags.number(TAG.TemporalPositionIndex, TAG.FrameContentSequence) ?? tags.number(TAG.TemporalPositionIdentifier) ?? 0,
    tags.number(TAG.AcquisitionNumber) ?? 0,
    tags.number(TAG.TriggerTime) ?? 0,
    tags.number(TAG.DiffusionBValue, TAG.MRDiffusionSequence) ?? 0,
    tags.number(TAG.InstanceNumber) ?? 0,
    index,
  ];
}
