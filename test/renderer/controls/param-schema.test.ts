import { describe, expect, it } from 'vitest';
import { completeValues, labelOf, paramControl, paramControls } from '../../../renderer/controls/param-schema.ts';

describe('paramControl', () => {
  it('slides what has two ends', () => {
    expect(paramControl('lambda', { type: 'number', minimum: 1e-5, maximum: 1, scale: 'log', unit: '1' })).toEqual({
      kind: 'slider', name: 'lambda', label: 'Lambda', advanced: false, min: 1e-5, max: 1, scale: 'log', unit: '1',
    });
    expect(paramControl('iterations', { type: 'integer', minimum: 1, maximum: 200 })).toMatchObject({ kind: 'slider', step: 1 });
  });

  it('types what has no end, or too many values to slide to', () => {
    expect(paramControl('seed', { type: 'integer', minimum: 0, maximum: 2 ** 32 - 1 })).toMatchObject({
      kind: 'number', integer: true, min: 0, step: 1,
    });
    expect(paramControl('noise', { type: 'number', minimum: 0 })).toMatchObject({ kind: 'number', min: 0 });
  });

  it('shows few short choices side by side, else in a list', () => {
    expect(paramControl('wavelet', { enum: ['haar', 'db4'] })).toMatchObject({
      kind: 'choice', few: true, options: [{ value: 'haar', label: 'Haar' }, { value: 'db4', label: 'Db4' }],
    });
    expect(paramControl('w', { enum: ['db4', 'sym8'], labels: { db4: 'Daubechies 4' } })).toMatchObject({
      options: [{ value: 'db4', label: 'Daubechies 4' }, { value: 'sym8', label: 'Sym8' }],
    });
    expect(paramControl('w', { enum: ['a', 'b', 'c', 'd', 'e'] })).toMatchObject({ few: false });
    expect(paramControl('w', { enum: ['walsh-ordered-in-full', 'another-long-name'] })).toMatchObject({ few: false });
  });

  it('switches a boolean and types a string, with their help', () => {
    expect(paramControl('randomShift', { type: 'boolean', description: 'why' })).toMatchObject({
      kind: 'switch', label: 'Random shift', help: 'why',
    });
    expect(paramControl('name', { type: 'string', title: 'File name' })).toMatchObject({ kind: 'text', label: 'File name' });
  });
});

it('keeps the order of the schema and leaves out what is hidden', () => {
  const schema = { type: 'object', properties: { b: { type: 'boolean' }, a: { type: 'string' }, c: { type: 'string' } } } as const;
  expect(paramControls(schema, ['a']).map(({ name }) => name)).toEqual(['b', 'c']);
});

it('completes a set of values with defaults, and drops what does not fit', () => {
  const schema = {
    type: 'object',
    properties: {
      lambda: { type: 'number', default: 0.01 },
      wavelet: { enum: ['haar', 'db4'], default: 'db4' },
      shift: { type: 'boolean' },
      count: { type: 'integer', minimum: 3 },
    },
  } as const;
  expect(completeValues(schema, { lambda: 0.5, wavelet: 'gone', shift: 'yes', other: 1 })).toEqual({
    lambda: 0.5, wavelet: 'db4', shift: false, count: 3,
  });
});

it.each([['centreFraction', 'Centre fraction'], ['noise_level', 'Noise level'], ['R', 'R']])('%s → %s', (name, label) =>
  expect(labelOf(name)).toBe(label),
);
