/** What is exported, on a finer grid by learned super-resolution: smaller voxels, and every text says that a network made the detail. */
import { magnitude, subArray, zeros } from '../../array/nd-array.ts';
import type { Geometry } from '../../array/recording.ts';
import { mm } from '../../array/units.ts';
import { LacunaError } from '../../errors.ts';
import { checkFineSize, fineOffset, type FineFactor } from '../../mri/super-resolution.ts';
import { canonicalJson, sha256Hex } from '../canonical-json.ts';
import type { ExportInput } from '../step.ts';
import type { InferContext } from './magnitude-graph.ts';
import { superResolve } from './super-resolve.ts';

/** Bytes of a finer volume: it is held as a whole, and again as the file that is made of it. */
const LARGEST_VOLUME = 2 ** 30;

export interface FinerExport {
  readonly input: ExportInput;
  /** `espcn-x2 1.0.0`, for the receipt. */
  readonly model: string;
}

/**
 * Magnitudes [slice, factor·row, factor·column]. Throws usage.unsupported for k-space or a volume that would be too large, infer.*,
 * job.cancelled.
 */
export async function finerExport(input: ExportInput, factor: FineFactor, context: InferContext): Promise<FinerExport> {
  const [count, rows, columns] = input.volume.shape as [number, number, number];
  checkFineSize([rows, columns], factor);
  const bytes = 4 * count * factor ** 2 * rows * columns;
  if (bytes > LARGEST_VOLUME) {
    throw new LacunaError('usage.unsupported', `${count} slices ×${factor} are ${Math.ceil(bytes / 2 ** 20)} MiB; at most ${LARGEST_VOLUME / 2 ** 20} MiB are made finer at once. Export fewer slices.`, { field: 'upscale' });
  }
  const volume = zeros('float32', [count, factor * rows, factor * columns]);
  const size = factor ** 2 * rows * columns;
  let model = '';
  for (let s = 0; s < count; s++) {
    const slice = input.volume.dtype === 'complex64' ? subArray(input.volume, s) : subArray(input.volume, s);
    const fine = await superResolve(slice, factor, context);
    volume.data.set(magnitude(fine.image).data, s * size);
    model = fine.model;
  }
  const { geometry } = input.series;
  const receipt = canonicalJson({ ...(JSON.parse(input.receipt) as object), superResolution: { factor, model } });
  return {
    model,
    input: {
      ...input,
      volume,
      title: `${input.title}, learned ×${factor}`,
      series: geometry === undefined ? input.series : { ...input.series, geometry: finerGeometry(geometry, [rows, columns], factor) },
      // First, in plain letters, and short: NIfTI's descrip has 80 characters of ASCII.
      derivation: `Learned super-resolution x${factor} (${model}): detail is made up, never measure. ${input.derivation}`,
      receipt,
      uidSeed: await sha256Hex(`${input.uidSeed}:${receipt}`),
      learned: true,
    },
  };
}

/** Voxels of 1/factor the size. The first one lies on the first coarse voxel, or, of an odd side, `fineOffset` fine voxels before it. */
export function finerGeometry(geometry: Geometry, [rows, columns]: readonly [number, number], factor: FineFactor): Geometry {
  const { rowDirection, columnDirection, rowSpacing, columnSpacing } = geometry;
  const down = (-fineOffset(rows, factor) * rowSpacing) / factor;
  const right = (-fineOffset(columns, factor) * columnSpacing) / factor;
  const move = (p: readonly [number, number, number], d: 0 | 1 | 2): number => p[d] + right * rowDirection[d] + down * columnDirection[d];
  return {
    ...geometry,
    rowSpacing: mm(rowSpacing / factor),
    columnSpacing: mm(columnSpacing / factor),
    positions: geometry.positions.map((p) => [move(p, 0), move(p, 1), move(p, 2)] as const),
  };
}
