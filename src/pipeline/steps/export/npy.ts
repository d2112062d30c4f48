import { z } from 'zod';
import { magnitude } from '../../../array/nd-array.ts';
import { encodeNpy } from '../../../array/npy.ts';
import { defineExport } from '../../step.ts';

export default defineExport({
  name: 'npy',
  title: 'NumPy array',
  help: 'One array [slice, row, column] on the scale of the data, float32 magnitude or complex64.',
  reference: 'NumPy Enhancement Proposal 1: a simple file format for NumPy arrays',
  params: z.object({
    complex: z
      .boolean()
      .default(false)
      .describe('Keep the complex values of a method that has phase, instead of the magnitude.')
      .meta({ title: 'Complex values' }),
  }),
  extensions: ['.npy'],
  async run({ volume }, { complex }) {
    return [{ suffix: '', bytes: encodeNpy(complex && volume.dtype === 'complex64' ? volume : magnitude(volume)) }];
  },
});
