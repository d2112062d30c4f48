import { describe, expect, it } from 'vitest';
import { LacunaError } from '../../src/errors.ts';
import { learnedFamily } from '../../src/sampling/learned-family.ts';
import { MAX_LEARNED_BYTES, readLearnedPatterns } from '../../src/sampling/learned-file.ts';
import { learnedLines } from '../../src/sampling/learned-lines.ts';
import { learnedPoints } from '../../src/sampling/learned-points.ts';
import { mutant } from '../support/mutate.ts';

const sound = {
  lacunaPatterns: 1,
  family: { acceleration: [3, 12], centreFraction: 0.04, mirror: 0.25, logits: [-3, 0, -3] },
  lines: [{ name: 'r4', acceleration: 4, centreFraction: 0.06, offset: 0.25, logits: [-3, 0, -3] }],
  points: [{ name: 'r8', acceleration: 8, centreFraction: 0.07, mirror: 0.5, logits: [[-3, -1], [0, -2]] }],
};
const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const read = (value: unknown) => readLearnedPatterns(bytes(value), 'patterns.json');

function refusal(act: () => unknown): LacunaError {
  try {
    act();
  } catch (error) {
    if (error instanceof LacunaError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('patterns.json', () => {
  it('is read as it is', () => {
    expect(read(sound)).toEqual(sound);
  });

  it.each([
    ['lacunaPatterns', { ...sound, lacunaPatterns: 2 }],
    ['family.logits', { ...sound, family: { ...sound.family, logits: [1] } }],
    ['family.acceleration', { ...sound, family: { ...sound.family, acceleration: [12, 3] } }],
    ['lines.0.offset', { ...sound, lines: [{ ...sound.lines[0], offset: 1.5 }] }],
    ['lines.0.logits.1', { ...sound, lines: [{ ...sound.lines[0], logits: [0, 1e9] }] }],
    ['lines', { ...sound, lines: [] }],
    ['points.0.logits', { ...sound, points: [{ ...sound.points[0], logits: [[0, 1], [0]] }] }],
    ['points.0.centreFraction', { ...sound, points: [{ ...sound.points[0], centreFraction: 'a tenth' }] }],
  ])('names %s where that does not fit', (field, value) => {
    const error = refusal(() => read(value));
    expect(error).toMatchObject({ code: 'input.malformed', file: 'patterns.json' });
    expect(error.field?.startsWith(field)).toBe(true);
    expect(error.message).toContain(field);
  });

  it('with rows of different length names the design', () => {
    const logits = [
      [0, 1, 2],
      [0, 1],
    ];
    expect(refusal(() => read({ ...sound, points: [sound.points[0], { ...sound.points[0], name: 'r4', logits }] }))).toMatchObject({ field: 'points.1.logits' });
  });

  it('is refused where it is no JSON, no UTF-8, or too large', () => {
    expect(refusal(() => readLearnedPatterns(new TextEncoder().encode('{'), 'patterns.json'))).toMatchObject({ code: 'input.malformed', field: 'lacunaPatterns' });
    expect(refusal(() => readLearnedPatterns(Uint8Array.of(0x22, 0xff, 0x22), 'patterns.json'))).toMatchObject({ code: 'input.malformed' });
    expect(refusal(() => readLearnedPatterns(new Uint8Array(MAX_LEARNED_BYTES + 1), 'patterns.json'))).toMatchObject({ code: 'input.too-large', field: 'bytes' });
  });

  it('damaged in any way is refused with a typed error, or gives patterns of the right size', () => {
    const seeds = [bytes(sound)];
    let [opened, refused] = [0, 0];
    for (let seed = 1; seed <= 3000; seed++) {
      try {
        const { family, lines, points } = readLearnedPatterns(mutant(seeds, seed), 'patterns.json');
        opened++;
        const masks = [learnedFamily(40, 4, family), ...lines.map((design) => learnedLines(40, 4, design))];
        for (const mask of masks) expect(mask.reduce((sum, flag) => sum + flag, 0)).toBe(10);
        for (const design of points) expect(learnedPoints(12, 20, 4, design).reduce((sum, flag) => sum + flag, 0)).toBe(60);
      } catch (error) {
        if (!(error instanceof LacunaError)) throw error;
        refused++;
        expect(error.code.startsWith('input.')).toBe(true);
        expect(error.file).toBe('patterns.json');
        expect(error.field).toBeTruthy();
      }
    }
    expect(refused).toBeGreaterThan(1000);
    expect(opened).toBeGreaterThan(5);
  });
});
