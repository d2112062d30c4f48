import { expect, it } from 'vitest';
import { curvePoints } from '../../../../renderer/workspaces/mri/convergence.ts';
import { sweepCsv } from '../../../../renderer/workspaces/mri/sweep-csv.ts';
import type { SweepPoint } from '../../../../renderer/workspaces/mri/sweep.svelte.ts';

it('writes a row a point, parameters quoted, metrics that are missing left empty', () => {
  const point: SweepPoint = {
    method: { name: 'sense', params: { iterations: 10, lambda: 0.5 } }, nominal: 4, achieved: 3.97, ms: 12.5,
    metrics: { values: [{ name: 'PSNR', value: 31.25, unit: 'dB', better: 'higher' }, { name: 'SSIM', value: 0.9, unit: '', better: 'higher' }], contract: '', dataRange: 1, shape: [], reference: 'combined' },
    image: { url: '', dtype: 'float32', shape: [] },
  };
  expect(sweepCsv([point], 2).split('\r\n')).toEqual([
    'method,parameters,slice,R nominal,R achieved,PSNR (dB),SSIM,NMSE,reference,time (ms)',
    'sense,"{""iterations"":10,""lambda"":0.5}",3,4,3.97,31.25,0.9,,combined,12.5',
    '',
  ]);
});

it('leaves residuals without a logarithm out of the curve', () => {
  expect(curvePoints([0.5, 0, Number.NaN, 0.25])).toEqual([{ x: 1, y: 0.5 }, { x: 4, y: 0.25 }]);
});
