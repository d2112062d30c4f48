import { describe, expect, it } from 'vitest';
import { stepOptions } from '../../../../renderer/workspaces/mri/step-options.ts';
import { describeSteps } from '../../../../src/host/summaries.ts';

const step = (name: string, group?: string) => ({ name, title: name.toUpperCase(), help: `About ${name}.`, ...(group === undefined ? {} : { group }) });

describe('steps as options', () => {
  it('come under known headings in their order, unknown headings last, no heading first', () => {
    const steps = [step('a', 'Trajectories'), step('b', 'Lines'), step('c', 'Mine'), step('d'), step('e', 'Learned'), step('f', 'Lines')];
    expect(stepOptions(steps, () => null).map(({ value }) => value).join('')).toBe('debfac');
  });
  it('carry the refusal in place of the help', () => {
    const [fits, refused] = stepOptions([step('a'), step('b')], ({ name }) => (name === 'b' ? 'Too few lines.' : null));
    expect(fits).toEqual({ value: 'a', label: 'A', help: 'About a.', disabled: false });
    expect(refused).toEqual({ value: 'b', label: 'B', help: 'Too few lines.', disabled: true });
  });
});

describe('the product’s own steps', () => {
  it('all patterns and methods have a heading; a method with a model is learned', () => {
    const listed = describeSteps().filter(({ kind }) => kind === 'pattern' || kind === 'method');
    expect(listed.filter(({ group }) => group === undefined).map(({ name }) => name)).toEqual([]);
    expect(listed.filter(({ kind, group }) => kind === 'method' && group === 'Learned').every(({ model }) => model !== undefined)).toBe(true);
    expect(listed.find(({ kind, name }) => kind === 'method' && name === 'unrolled')?.group).toBe('Learned');
    expect(listed.find(({ kind, name }) => kind === 'pattern' && name === 'radial')?.group).toBe('Trajectories');
  });
});
