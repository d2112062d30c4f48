import { z } from 'zod';
import { describePattern } from '../../../sampling/describe.ts';
import { definePattern } from '../../step.ts';

export default definePattern({
  name: 'full',
  title: 'All that was acquired',
  help: 'Drops nothing: for scans that were undersampled by the scanner, and for references.',
  accepts: 'any',
  params: z.object({}),
  create(context) {
    const { rows, columns } = context;
    return describePattern({ kind: 'lines', rows, columns, mask: new Uint8Array(columns).fill(1) }, context);
  },
});
