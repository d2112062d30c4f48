import { z } from 'zod';
import { magnitude } from '../../../array/nd-array.ts';
import { writeBart } from '../../../formats/bart/write.ts';
import { defineExport } from '../../step.ts';

export default defineExport({
  name: 'bart',
  title: 'BART array',
  help: 'A pair of files, .cfl and .hdr: rows along READ, columns along PHS1, slices along SLICE, complex64 on the scale of the data.',
  reference: 'BART toolbox, https://mrirecon.github.io/bart',
  params: z.object({
    complex: z
      .boolean()
      .default(true)
      .describe('Keep the complex values of a method that has phase, instead of the magnitude.')
      .meta({ title: 'Complex values' }),
  }),
  extensions: ['.cfl'],
  async run({ volume, derivation }, { complex }) {
    const { cfl, hdr } = writeBart(complex ? volume : magnitude(volume), { command: derivation, creator: 'Lacuna Studio' });
    return [{ suffix: '', bytes: cfl }, { suffix: '', extension: '.hdr', bytes: hdr }];
  },
});
