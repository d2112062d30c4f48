import { z } from 'zod';
import { magnitude } from '../../../array/nd-array.ts';
import { writeHdf5 } from '../../../formats/hdf5/write.ts';
import { defineExport } from '../../step.ts';

export default defineExport({
  name: 'hdf5',
  title: 'HDF5',
  help: 'Dataset “reconstruction” [slice, row, column] as fastMRI submissions have it, float32 or complex64, with the receipt as attribute.',
  reference: 'Zbontar et al., fastMRI: An open dataset and benchmarks for accelerated MRI, arXiv:1811.08839',
  params: z.object({
    complex: z
      .boolean()
      .default(false)
      .describe('Keep the complex values of a method that has phase, instead of the magnitude.')
      .meta({ title: 'Complex values' }),
  }),
  extensions: ['.h5', '.hdf5'],
  async run({ volume, title, slices, derivation, receipt }, { complex }) {
    const reconstruction = complex && volume.dtype === 'complex64' ? volume : magnitude(volume);
    const attributes = { title, derivation, receipt, slices: slices.join(' '), notice: 'Not for diagnostic use' };
    return [{ suffix: '', bytes: await writeHdf5({ datasets: { reconstruction }, attributes }) }];
  },
});
