import { z } from 'zod';
import { verifiedNifti } from '../../../formats/nifti/verify.ts';
import { defineExport } from '../../step.ts';
import { finerParams } from '../finer-params.ts';

export default defineExport({
  name: 'nifti-plain',
  title: 'NIfTI',
  help: 'NIfTI-1 volume (.nii) as it is, which other programs can map into memory; else as NIfTI, packed.',
  reference: 'Cox et al., A (sort of) new image data format standard: NIfTI-1, NeuroImage 22 suppl. 1, 2004',
  params: z.object({ ...finerParams }),
  extensions: ['.nii'],
  async run(input) {
    return [{ suffix: '', bytes: verifiedNifti(input) }];
  },
});
