/** Props of the harness: a schema with every kind of parameter, and an invented chart. */
import type { JsonSchemaObject } from '../../../src/host/contract.ts';
import type { ChartSeries } from '../../../renderer/viewers/chart/types.ts';

export const PARAMS: JsonSchemaObject = {
  type: 'object',
  properties: {
    lambda: {
      type: 'number', title: 'Regularisation', minimum: 1e-5, maximum: 1, scale: 'log', default: 0.01,
      description: 'Weight of the wavelet term, relative to the largest coefficient.',
    },
    iterations: { type: 'integer', minimum: 1, maximum: 200, default: 30, description: 'Gradient steps.' },
    wavelet: { enum: ['haar', 'db4', 'sym4'], default: 'db4', description: 'Wavelet family.' },
    randomShift: { type: 'boolean', default: true, description: 'Shift the grid at each step, which removes blocks.' },
    noiseLevel: { type: 'number', minimum: 0, title: 'Noise level', unit: '%', default: 0.8, step: 0.1, advanced: true },
  },
};

const curve = (start: number, fall: number): { x: number; y: number }[] =>
  [2, 3, 4, 6, 8].map((x) => ({ x, y: start - fall * Math.log2(x / 2) }));

export const PSNR: readonly ChartSeries[] = [
  { id: 'unrolled', label: 'unrolled', role: 'recovered', points: curve(43, 6) },
  { id: 'wavelet', label: 'L1-wavelet', dashed: true, points: curve(42, 7.5) },
];
