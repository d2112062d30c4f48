import { z } from 'zod';
import { caipiPoints } from '../../../sampling/caipi.ts';
import { describePattern } from '../../../sampling/describe.ts';
import { definePattern } from '../../step.ts';

const spacing = (title: string, value: number, of: string) =>
  z.int().min(1).max(8).default(value).describe(`Every R-th ${of} is kept.`).meta({ title, unit: '×', step: 1 });
const calibration = (title: string, of: string) =>
  z.int().min(0).max(512).default(24).describe(`Size of the fully sampled centre along ${of}; 0 for none.`).meta({ title, unit: 'samples', step: 1 });

export default definePattern({
  name: 'caipi',
  title: 'CAIPIRINHA points',
  group: 'Points',
  help: 'Single k-space points on a sheared lattice (two phase-encoding directions): aliases fall beside the object instead of onto it.',
  reference: 'Breuer et al., Controlled aliasing in volumetric parallel imaging (2D CAIPIRINHA), Magn Reson Med 2006;55:549',
  params: z.object({
    rowAcceleration: spacing('Acceleration of rows', 2, 'row'),
    columnAcceleration: spacing('Acceleration of columns', 2, 'column'),
    shift: z
      .int()
      .min(0)
      .max(7)
      .default(1)
      .describe('Rows by which each kept column is moved against the one before it; 0 for none.')
      .meta({ title: 'Shift', unit: 'samples', step: 1 }),
    calibrationRows: calibration('Calibration rows', 'the rows'),
    calibrationColumns: calibration('Calibration columns', 'the columns'),
  }),
  create(context, params) {
    const { rows, columns } = context;
    const mask = caipiPoints(rows, columns, {
      rowSpacing: params.rowAcceleration,
      columnSpacing: params.columnAcceleration,
      shift: params.shift,
      calibrationRows: Math.min(params.calibrationRows, rows),
      calibrationColumns: Math.min(params.calibrationColumns, columns),
    });
    const nominal = params.rowAcceleration * params.columnAcceleration;
    return describePattern({ kind: 'points', rows, columns, mask, nominal }, context);
  },
});
