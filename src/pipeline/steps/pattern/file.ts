import { z } from 'zod';
import { LacunaError } from '../../../errors.ts';
import { patternFromArray } from '../../../sampling/from-array.ts';
import { definePattern } from '../../step.ts';

export default definePattern({
  name: 'file',
  title: 'Pattern file',
  group: 'Given',
  help: 'A .npy, .csv or JSON file with one value per line [columns] or per point [rows, columns]; whatever is not zero is kept.',
  accepts: 'any',
  maskInReceipts: true,
  params: z.object({
    file: z.string().max(4096).default('').describe('The pattern file: .npy (any real, integer or boolean type), .csv or .json.').meta({ title: 'File' }),
  }),
  async create(context, { file }) {
    if (file === '') throw new LacunaError('usage.invalid', 'Choose a pattern file (.npy, .csv or .json).', { field: 'file' });
    if (context.readPatternFile === undefined) {
      throw new LacunaError('usage.unsupported', 'Pattern files cannot be read here.', { field: 'file' });
    }
    return patternFromArray(await context.readPatternFile(file), context, file);
  },
});
