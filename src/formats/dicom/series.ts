/** A stack of frames as a Series: axes, geometry, title, and reading of one slice. */
import { type NdArray, zeros } from '../../array/nd-array.ts';
import type { Axis, Geometry, Series, SourceInstance } from '../../array/recording.ts';
import { mm } from '../../array/units.ts';
import type { Stack } from './arrange.ts';
import { attributesOf } from './attributes.ts';
import type { Frame } from './frame.ts';
import { identityOf } from './identity.ts';
import { TAG } from './tags.ts';

/** Reads one stored frame; the recording's own, so that tiles of one mosaic are decoded once. */
export type ReadFrame = (frame: Frame) => Promise<NdArray<'float32'>>;

export function seriesOf(stack: Stack, id: string, title: string, readStored: ReadFrame): Series {
  const { frames, volumes, slices } = stack;
  const first = frames[0] as Frame;
  const geometry = geometryOf(stack);
  const window = frames[Math.floor(frames.length / 2)]?.window;
  return {
    id,
    title,
    domain: 'image',
    dtype: 'float32',
    axes: axesOf(stack, first),
    slices: volumes * slices,
    coils: 1,
    rows: first.rows,
    columns: first.columns,
    output: { rows: first.rows, columns: first.columns },
    ...(geometry === undefined ? {} : { geometry }),
    attributes: attributesOf(first),
    ...(window === undefined ? {} : { window }),
    identity: identityOf(first),
    sources: sourcesOf(frames),
    read: async (slice) => rescaled(await readStored(frames[slice] as Frame), frames[slice] as Frame),
  };
}

function axesOf(stack: Stack, first: Frame): Axis[] {
  const step = stack.step ?? first.spacingBetweenSlices ?? first.thickness;
  return [
    ...(stack.volumes > 1 ? [{ name: 'volume' as const, length: stack.volumes }] : []),
    { name: 'slice', length: stack.slices, ...(step === undefined ? {} : { spacing: mm(step) }) },
    { name: 'row', length: first.rows, ...(first.spacing === undefined ? {} : { spacing: mm(first.spacing[0]) }) },
    { name: 'column', length: first.columns, ...(first.spacing === undefined ? {} : { spacing: mm(first.spacing[1]) }) },
  ];
}

function geometryOf({ frames, slices, step }: Stack): Geometry | undefined {
  const first = frames[0] as Frame;
  const { plane, spacing } = first;
  if (plane === undefined || spacing === undefined) return undefined;
  return {
    rowDirection: plane.rowDirection,
    columnDirection: plane.columnDirection,
    rowSpacing: mm(spacing[0]),
    columnSpacing: mm(spacing[1]),
    sliceThickness: mm(first.thickness ?? first.spacingBetweenSlices ?? step ?? 1),
    positions: frames.slice(0, slices).map((f) => (f.plane ?? plane).position),
  };
}

/** Cuts the mosaic tile out, then value = slope · stored + intercept (PS3.3 C.11.1.1.2). */
function rescaled(stored: NdArray<'float32'>, frame: Frame): NdArray<'float32'> {
  const out = zeros('float32', [frame.rows, frame.columns]);
  const width = stored.shape[1] as number;
  const { row, column } = frame.tile ?? { row: 0, column: 0 };
  for (let r = 0; r < frame.rows; r++) {
    const from = (row + r) * width + column;
    const to = r * frame.columns;
    for (let c = 0; c < frame.columns; c++) out.data[to + c] = frame.slope * (stored.data[from + c] as number) + frame.intercept;
  }
  return out;
}

/** The instance of each slice, in slice order; all tiles of a mosaic and all frames of an enhanced object share theirs. */
function sourcesOf(frames: readonly Frame[]): SourceInstance[] {
  const sources = frames.map(({ instance }) => {
    const sopClassUid = instance.tags.text(TAG.SOPClassUID);
    const sopInstanceUid = instance.tags.text(TAG.SOPInstanceUID);
    return sopClassUid === undefined || sopInstanceUid === undefined ? undefined : { sopClassUid, sopInstanceUid };
  });
  // Half a list would point to the wrong instances.
  return sources.every((source) => source !== undefined) ? sources : [];
}
