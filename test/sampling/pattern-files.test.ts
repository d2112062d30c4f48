import { describe, expect, it } from 'vitest';
import { decodePattern, encodePattern, PATTERN_FORMATS } from '../../src/sampling/pattern-files.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import { patternFromArray } from '../../src/sampling/from-array.ts';
import { Random } from '../../src/random/xoshiro.ts';
import { LacunaError } from '../../src/errors.ts';
import { randomPattern } from '../support/random-pattern.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const thrown = (name: string, text: string): LacunaError => {
  try {
    decodePattern(name, utf8(text));
  } catch (error) {
    return error as LacunaError;
  }
  throw new Error('nothing was thrown');
};

describe('pattern files', () => {
  it.each(PATTERN_FORMATS.flatMap((format) => (['lines', 'points'] as const).map((kind) => ({ format, kind }))))('$format of $kind reads back as it was', ({ format, kind }) => {
    const pattern = randomPattern(kind, 12, 17);
    const name = `p.${format}`;
    expect(patternFromArray(decodePattern(name, encodePattern(pattern, format)), { rows: 12, columns: 17 }, name)).toEqual(pattern);
  });

  it.each([
    ['a column of values', '1\n0\n2.5\n', [3], [1, 0, 1]],
    ['a row of values with a remark and a byte order mark', '\uFEFF# mask\r\n1; 0;1 # end\r\n', [3], [1, 0, 1]],
    ['rows of values', '1,0,0\n0,1e-3,0\n', [2, 3], [1, 0, 0, 0, 1, 0]],
    ['kept lines', 'line,columns=5\n0\n4\n', [5], [1, 0, 0, 0, 1]],
    ['kept points', 'row,column,rows=2,columns=3\n0,2\n1,0\n', [2, 3], [0, 0, 1, 1, 0, 0]],
  ])('csv: %s', (_, text, shape, mask) => {
    const array = decodePattern('a.csv', utf8(text));
    expect(array.shape).toEqual(shape);
    expect([...(array.data as Uint8Array)]).toEqual(mask);
  });

  it.each([
    ['flags a line', { kind: 'lines', rows: 9, columns: 3, mask: [1, 0, true] }, [3], [1, 0, 1]],
    ['flags a row', { kind: 'points', rows: 2, columns: 2, mask: [[1, 0], [0, 1]] }, [2, 2], [1, 0, 0, 1]],
    ['kept points', { kind: 'points', rows: 2, columns: 2, kept: [[1, 0]] }, [2, 2], [0, 0, 1, 0]],
  ])('json: %s', (_, json, shape, mask) => {
    const array = decodePattern('a.json', utf8(JSON.stringify(json)));
    expect(array.shape).toEqual(shape);
    expect([...(array.data as Uint8Array)]).toEqual(mask);
  });

  it.each([
    ['a.csv', '', 'line 1'],
    ['a.csv', '1,0\n1\n', 'line 2'],
    ['a.csv', '1\nx\n', 'line 2'],
    ['a.csv', '1,,0\n', 'line 1'],
    ['a.csv', 'line\n1\n', 'line 1'],
    ['a.csv', 'column,columns=5\n1\n', 'line 1'],
    ['a.csv', 'line,columns=5\n5\n', 'line 2'],
    ['a.csv', 'row,column,rows=2,columns=3\n\n2,0\n', 'line 3'],
    ['a.json', '{"kind":"dots","rows":1,"columns":3,"kept":[]}', 'kind'],
    ['a.json', '{"kind":"lines","rows":1,"columns":3}', 'mask'],
    ['a.json', '{"kind":"lines","rows":1,"columns":3,"mask":[1,0]}', 'mask'],
    ['a.json', '{"kind":"points","rows":2,"columns":2,"mask":[[1,0],[1]]}', 'mask.1'],
    ['a.json', '{"kind":"lines","rows":1,"columns":3,"kept":[0,3]}', 'kept.1'],
    ['a.json', '{"kind":"points","rows":1,"columns":3,"kept":[0]}', 'kept.0'],
  ])('%s with %j names %s', (name, text, field) => {
    expect(thrown(name, text)).toMatchObject({ code: 'input.malformed', file: name, field });
  });

  it('refuses other endings, other encodings, absurd sizes and trajectories', () => {
    expect(thrown('a.txt', '1')).toMatchObject({ code: 'input.unsupported', file: 'a.txt' });
    expect(() => decodePattern('a.csv', Uint8Array.of(0xff, 0xfe))).toThrow(/UTF-8/);
    expect(thrown('a.csv', 'row,column,rows=1000000,columns=1000000\n')).toMatchObject({ code: 'input.unsupported' });
    expect(thrown('a.json', '{"kind":"points","rows":100000,"columns":100000,"kept":[]}')).toMatchObject({ code: 'input.unsupported' });
    expect(() => encodePattern({ ...randomPattern('lines', 4, 4), kind: 'trajectory' }, 'csv')).toThrow(/trajectory/i);
  });

  it('2,000 damaged files give a pattern or a typed error', () => {
    const pattern = describePattern({ kind: 'points', rows: 3, columns: 4, mask: new Uint8Array(12).fill(1) });
    const random = new Random(3);
    const whole = [...PATTERN_FORMATS.map((format) => [`p.${format}`, encodePattern(pattern, format)] as const), ['k.csv', utf8('row,column,rows=3,columns=4\n0,1\n2,3\n')] as const];
    for (let i = 0; i < 2000; i++) {
      const [name, bytes] = whole[i % whole.length] as (typeof whole)[number];
      const damaged = bytes.slice(0, random.uniform() < 0.3 ? random.integer(bytes.length + 1) : bytes.length);
      for (let n = 0; n < 3 && damaged.length > 0; n++) damaged[random.integer(damaged.length)] = random.integer(256);
      try {
        decodePattern(name, damaged);
      } catch (error) {
        expect(error).toBeInstanceOf(LacunaError);
        expect((error as LacunaError).code).toMatch(/^input\./);
      }
    }
  });
});
