import { describe, expect, it } from 'vitest';
import { COMMON_FLAGS, flagHelp, parseArguments, peek, type Flag } from '../../src/cli/arguments.ts';
import { callFromFlags, kebab, stepFlags } from '../../src/cli/step-flags.ts';
import { findStep } from '../../src/pipeline/registry.ts';

const FLAGS: readonly Flag[] = [
  { name: 'count', kind: 'number', help: 'how many' },
  { name: 'output', kind: 'text', value: 'FILE', help: 'where', repeated: true },
  { name: 'name', kind: 'text', help: 'what', default: 'x', aliases: ['title'] },
  ...COMMON_FLAGS,
];

describe('parseArguments', () => {
  it('reads numbers, repeated flags, switches, aliases and names', () => {
    const args = parseArguments(['in.h5', '--count', '-3', '--output', 'a', '--output=b', '--title', 'T', '--json'], FLAGS);
    expect(args.positionals).toEqual(['in.h5']);
    expect(args.number('count')).toBe(-3);
    expect(args.all('output')).toEqual(['a', 'b']);
    expect(args.text('name')).toBe('T');
    expect(args.on('json')).toBe(true);
    expect(args.on('quiet')).toBe(false);
    expect(args.number('missing')).toBeUndefined();
  });

  it.each([
    [['--count', 'many'], /--count expects a number/],
    [['--count', ''], /--count expects a number/],
    [['--nonsense'], /nonsense/],
    [['--name', 'a', '--title', 'b'], /--name was given twice/],
    [['--count'], /count/],
  ])('refuses %j', (argv, message) => {
    expect(() => parseArguments(argv, FLAGS).number('count')).toThrow(expect.objectContaining({ code: 'usage.invalid', message: expect.stringMatching(message) }));
  });

  it('peeks at the last value before the flags are known', () => {
    expect(peek(['--method', 'sense', '--method=l1-wavelet'], 'method')).toBe('l1-wavelet');
    expect(peek(['--methods', 'sense'], 'method')).toBeUndefined();
  });

  it('shows names, value words and defaults', () => {
    expect(flagHelp(FLAGS)).toMatch(/--count N\s+how many\n\s+--output FILE\s+where\n\s+--name TEXT\s+what \[x\]/);
  });
});

describe('flags of steps', () => {
  it('give the plain name to the first step and a prefix to the next', () => {
    const [pattern, method] = [findStep('pattern', 'random'), findStep('method', 'l1-wavelet')];
    const flags = stepFlags([pattern, method]);
    const names = flags.map((flag) => flag.name);
    expect(names).toContain('seed');
    expect(names).toContain('method-seed');
    expect(flags.find((flag) => flag.name === 'centre-fraction')?.aliases).toEqual(['center-fraction']);
    const args = parseArguments(['--seed', '5', '--method-seed', '6', '--center-fraction', '0.1'], [...flags]);
    expect(callFromFlags(pattern, flags, args)).toEqual({ name: 'random', params: { seed: 5, centreFraction: 0.1 } });
    expect(callFromFlags(method, flags, args)).toEqual({ name: 'l1-wavelet', params: { seed: 6 } });
  });

  it('are spelt with hyphens', () => {
    expect(kebab('centreFraction')).toBe('centre-fraction');
  });
});
