import { z } from 'zod';
import { describePattern } from '../../../sampling/describe.ts';
import { definePattern } from '../../step.ts';

export default definePattern({
  name: 'full',
  title: 'As acquired',
  group: 'Given',
  help: 'Drops nothing: a scan that was undersampled by the scanner keeps its own pattern and acceleration, a full one stays full.',
  accepts: 'any',
  params: z.object({}),
  create(context) {
    const { rows, columns } = context;
    return describePattern({ kind: 'lines', rows, columns, mask: new Uint8Array(columns).fill(1) }, context);
  },
});
