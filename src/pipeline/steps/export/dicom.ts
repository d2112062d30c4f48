import { z } from 'zod';
import { isComplexDType, magnitude, type NdArray, zeros } from '../../../array/nd-array.ts';
import { verifyDerivedMr } from '../../../formats/dicom/write/verify.ts';
import { type DerivedImage, writeDerivedMr } from '../../../formats/dicom/write/derived-mr.ts';
import { defineExport, type ExportInput } from '../../step.ts';
import { finerParams } from '../finer-params.ts';

export default defineExport({
  name: 'dicom',
  title: 'DICOM',
  help: 'Derived MR images with new UIDs, one file a slice, that name their source and how they were made. Not for diagnostic use.',
  reference: 'DICOM PS3.3 A.4 MR Image IOD; PS3.5 A.2 Explicit VR Little Endian',
  params: z.object({
    component: z
      .enum(['magnitude', 'phase'])
      .default('magnitude')
      .describe('Which part of a complex image to write; phase is in radians. A magnitude image has no phase.')
      .meta({ title: 'Component' }),
    ...finerParams,
  }),
  extensions: ['.dcm'],
  async run(input, { component }) {
    const image = derivedImage(input, component);
    const files = writeDerivedMr(image);
    await verifyDerivedMr(files, image);
    return files.map((bytes, i) => ({ suffix: files.length === 1 ? '' : `-${String(i + 1).padStart(4, '0')}`, bytes }));
  },
});

function derivedImage(input: ExportInput, component: 'magnitude' | 'phase'): DerivedImage {
  const { geometry, identity, sources } = input.series;
  return {
    shape: input.volume.shape as [number, number, number],
    values: (component === 'phase' ? phase(input.volume) : magnitude(input.volume)).data,
    component,
    slices: input.slices,
    title: input.title,
    derivation: input.derivation,
    receipt: input.receipt,
    seed: input.uidSeed,
    learned: input.learned,
    ...(geometry === undefined ? {} : { geometry }),
    ...(identity === undefined ? {} : { identity }),
    ...(sources === undefined ? {} : { sources }),
  };
}

/** arg z in (−π, π]; 0 for a real image that is nowhere negative. */
function phase(volume: NdArray<'float32'> | NdArray<'complex64'>): NdArray<'float32'> {
  const out = zeros('float32', volume.shape);
  const per = isComplexDType(volume.dtype) ? 2 : 1;
  for (let i = 0; i < out.data.length; i++) {
    out.data[i] = Math.atan2(per === 2 ? (volume.data[2 * i + 1] as number) : 0, volume.data[per * i] as number);
  }
  return out;
}
