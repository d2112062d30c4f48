import { z } from 'zod';
import { magnitude } from '../../../array/nd-array.ts';
import { writeMat } from '../../../formats/mat/write.ts';
import { defineExport } from '../../step.ts';

export default defineExport({
  name: 'mat',
  title: 'MATLAB file',
  help: 'One variable, image (row × column × slice, single precision), and the receipt as text; read by MATLAB, Octave and SciPy.',
  reference: 'MathWorks, MAT-File Format: level 5',
  params: z.object({
    complex: z
      .boolean()
      .default(true)
      .describe('Keep the complex values of a method that has phase, instead of the magnitude.')
      .meta({ title: 'Complex values' }),
  }),
  extensions: ['.mat'],
  async run({ volume, receipt, derivation }, { complex }) {
    const image = complex ? volume : magnitude(volume);
    return [{ suffix: '', bytes: writeMat({ images: { image }, texts: { derivation, receipt } }) }];
  },
});
