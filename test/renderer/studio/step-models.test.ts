import { describe, expect, it } from 'vitest';
import { packagesFor, withModels } from '../../../renderer/studio/step-models.ts';
import type { StepDescription } from '../../../src/host/contract.ts';
import { networkMisfit } from '../../../renderer/workspaces/mri/model-fit.ts';
import { methodFor } from '../../../renderer/workspaces/models/measure.ts';
import { parseRange } from '../../../renderer/workspaces/models/add-network.svelte.ts';

const step = (name: string, model?: string, choice = true): StepDescription => ({
  kind: 'method', name, title: name, help: '', ...(model === undefined ? {} : { model }),
  params: { type: 'object', properties: model === undefined || !choice ? {} : { model: { type: 'string', default: model } } },
});
const pkg = (id: string, graphs: readonly string[], task: 'mri-reconstruction' | 'mri-artefact-removal' = 'mri-reconstruction') => ({ id, task, graphs });
const OURS = [pkg('unrolled-m', ['lines', 'points']), pkg('unrolled-s', ['lines', 'points'])];
const STEPS = [step('sense'), step('unrolled', 'unrolled-s'), step('network', ''), step('reconresnet', 'reconresnet-s', false)];

describe('withModels', () => {
  it('leaves out methods that have no package here', () => {
    expect(withModels(STEPS, OURS).map(({ name }) => name)).toEqual(['sense', 'unrolled']);
    expect(withModels(STEPS, [...OURS, pkg('mine', ['network'])]).map(({ name }) => name)).toEqual(['sense', 'unrolled', 'network']);
    expect(withModels(STEPS, []).map(({ name }) => name)).toEqual(['sense']);
  });

  it('gives a choice of packages, its own first, never somebody’s network to ours', () => {
    const models = [...OURS, pkg('mine', ['network'])];
    const [, unrolled, network] = withModels(STEPS, models);
    expect(unrolled?.params.properties['model']).toMatchObject({ enum: ['unrolled-s', 'unrolled-m'], default: 'unrolled-s' });
    expect(network?.params.properties['model']).toMatchObject({ enum: ['mine'], default: 'mine' });
    expect(packagesFor(step('sense'), models)).toBeNull();
  });

  it('names the method that runs a package', () => {
    const models = [...OURS, pkg('mine', ['network'])] as never;
    expect(methodFor({ id: 'mine' }, STEPS, models)).toEqual({ name: 'network', params: { model: 'mine' } });
    expect(methodFor({ id: 'patterns' }, STEPS, models)).toBeNull();
  });
});

describe('a network of one’s own', () => {
  const series = { coils: 4, rows: 192, columns: 160, domain: 'kspace' } as const;
  it('tells before running that a network does not fit', () => {
    const network = { inputs: [{ name: 'x', role: 'magnitude', shape: [1, 1, 64, 64] }], outputs: [] } as const;
    expect(networkMisfit({ network }, series, null)).toContain('64 × 64');
    expect(networkMisfit({}, series, null)).toBeNull();
  });
});

describe('parseRange', () => {
  it.each([['2–8', [2, 8]], ['2:8', [2, 8]], ['2 to 8', [2, 8]], ['4', [4, 4]], ['1.5-2.5', [1.5, 2.5]], ['8–2', null], ['', null], ['many', null], ['2–', null]] as const)('%s', (text, range) => {
    expect(parseRange(text)).toEqual(range);
  });
});
