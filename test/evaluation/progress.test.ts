import { expect, it } from 'vitest';
import { Progress } from './progress.ts';

it('tells what is left by what runs of the same kind took', () => {
  let ms = 0;
  const lines: string[] = [];
  const progress = new Progress({ progress: (line) => lines.push(line) }, ['quick', 'slow', 'quick', 'slow'], () => ms);
  progress.begin('quick', 'a');
  expect(progress.secondsLeft()).toBeNull();
  ms += 1000;
  // Nothing slow has been seen: four runs, one done, at one second each.
  progress.begin('slow', 'b');
  expect(progress.secondsLeft()).toBe(3);
  ms += 200_000;
  progress.begin('quick', 'c');
  expect(progress.secondsLeft()).toBe(201);
  ms += 3000;
  progress.end();
  progress.end();
  expect(progress.secondsLeft()).toBe(200);
  expect(lines).toEqual(['a (1 of 4)', 'b (2 of 4, about 3 s left)', 'c (3 of 4, about 3 min left)']);
});

it('is not thrown off by runs that nobody planned', () => {
  const lines: string[] = [];
  const progress = new Progress({ progress: (line) => lines.push(line) }, [], () => 0);
  progress.begin('other', 'x');
  progress.end();
  expect(progress.secondsLeft()).toBe(0);
});
