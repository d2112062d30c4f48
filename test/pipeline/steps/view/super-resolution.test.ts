import { describe, expect, it } from 'vitest';
import { magnitude, type NdArray, subArray } from '../../../../src/array/nd-array.ts';
import { zeroPadded } from '../../../../src/mri/super-resolution.ts';
import superResolution from '../../../../src/pipeline/steps/view/super-resolution.ts';
import type { MethodStatus, ViewImage, ViewInput } from '../../../../src/pipeline/step.ts';
import { magnitudeContext, magnitudeModel, repeated } from '../../../support/magnitude-infer.ts';
import { memorySeries } from '../../../support/memory-series.ts';
import { randomComplex } from '../../../support/random-array.ts';

const image = randomComplex([16, 20], 3);

async function look(factor: '2' | '3', output = { rows: 16, columns: 20 }): Promise<{ seen: ViewImage; statuses: MethodStatus[]; estimates: number }> {
  let estimates = 0;
  const input = {
    series: memorySeries([1, 1, output.rows, output.columns]),
    estimate: async () => {
      estimates++;
      return { image, provider: 'cpu', notes: [] };
    },
    method: { name: 'sense', title: 'SENSE', params: {} },
  } as unknown as ViewInput;
  const context = magnitudeContext(magnitudeModel(`espcn-x${factor}`, { task: 'super-resolution' }), repeated(Number(factor)));
  const iterator = superResolution.run(input, { factor }, { ...context, cache: new Map() });
  const statuses: MethodStatus[] = [];
  for (;;) {
    const next = await iterator.next();
    if (next.done === true) return { seen: next.value, statuses, estimates };
    statuses.push(next.value);
  }
}

describe('view super-resolution', () => {
  it.each(['2', '3'] as const)('×%s shows the learned image beside sinc interpolation, each labelled for what it is', async (factor) => {
    const { seen, statuses, estimates } = await look(factor);
    const r = Number(factor);
    expect(seen.images.shape).toEqual([2, 16 * r, 20 * r]);
    expect(seen.labels).toEqual([`Learned super-resolution ×${factor}`, `Sinc interpolation ×${factor}: nothing learned`]);
    expect(subArray(seen.images as NdArray<'float32'>, 1).data).toEqual(magnitude(zeroPadded(image, r as 2 | 3)).data);
    expect(subArray(seen.images as NdArray<'float32'>, 0).data).not.toEqual(subArray(seen.images as NdArray<'float32'>, 1).data);
    expect(seen.notes.join('\n')).toMatch(/Of SENSE, by cpu\.[\s\S]*Learned super-resolution[\s\S]*never measure[\s\S]*Model: espcn-x/);
    expect(seen.numbers[1]?.value).toBeGreaterThan(0);
    expect(statuses).toHaveLength(2);
    expect(estimates).toBe(1);
  });

  it('is called learned in its title, and refuses what would be too large before anything is reconstructed', async () => {
    expect(superResolution.title).toMatch(/learned/i);
    await expect(look('3', { rows: 1400, columns: 4 })).rejects.toMatchObject({ code: 'usage.unsupported', field: 'factor' });
  });
});
