import { z } from 'zod';
import { gzip } from '../../../formats/nifti/gzip.ts';
import { verifiedNifti } from '../../../formats/nifti/verify.ts';
import { defineExport } from '../../step.ts';
import { finerParams } from '../finer-params.ts';

export default defineExport({
  name: 'nifti',
  title: 'NIfTI, packed',
  help: 'NIfTI-1 volume (.nii.gz), float32 or complex64, in patient space, with the receipt inside.',
  reference: 'Cox et al., A (sort of) new image data format standard: NIfTI-1, NeuroImage 22 suppl. 1, 2004',
  params: z.object({ ...finerParams }),
  extensions: ['.nii.gz'],
  async run(input) {
    return [{ suffix: '', bytes: gzip(verifiedNifti(input)) }];
  },
});
