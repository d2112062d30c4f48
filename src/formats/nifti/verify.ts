/** A volume as NIfTI, read back through the studio's own reader before any of it reaches the disk. */
import type { NdArray } from '../../array/nd-array.ts';
import type { Geometry } from '../../array/recording.ts';
import { LacunaError } from '../../errors.ts';
import { parseHeader } from './header.ts';
import { writeNifti } from './write.ts';

export interface NiftiExport {
  readonly volume: NdArray<'float32'> | NdArray<'complex64'>;
  readonly slices: readonly number[];
  readonly series: { readonly geometry?: Geometry };
  readonly derivation: string;
  readonly receipt: string;
}

/** The bytes of the .nii file. Throws `internal` where they do not read back as what was written. */
export function verifiedNifti(input: NiftiExport): Uint8Array {
  const { volume, slices, derivation, receipt } = input;
  const { geometry } = input.series;
  const bytes = writeNifti({ volume, slices, description: derivation, comment: receipt, ...(geometry === undefined ? {} : { geometry }) });
  const header = parseHeader(bytes);
  const [columns, rows, count, volumes] = header.size;
  const shape = [count * volumes, rows, columns];
  if (
    header.datatype.name !== volume.dtype ||
    shape.join() !== volume.shape.join() ||
    header.voxelOffset + header.voxelBytes !== bytes.length
  ) {
    throw new LacunaError('internal', `NIfTI header reads back as ${header.datatype.name} [${shape.join(', ')}].`, { field: 'header' });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + header.voxelOffset, header.voxelBytes);
  for (let i = 0; i < volume.data.length; i++) {
    if (!Object.is(view.getFloat32(4 * i, true), volume.data[i]))
      throw new LacunaError('internal', `Voxel ${i} reads back changed.`, { field: 'voxels' });
  }
  return bytes;
}
