import { describe, expect, it } from 'vitest';
import { zeros } from '../../src/array/nd-array.ts';
import { coils } from '../../src/operators/coils.ts';
import { compose } from '../../src/operators/compose.ts';
import { fourier } from '../../src/operators/fourier.ts';
import type { LinearOperator } from '../../src/operators/linear-operator.ts';
import { mask } from '../../src/operators/mask.ts';
import { senseOperator } from '../../src/operators/sense.ts';
import { wavelet } from '../../src/operators/wavelet.ts';
import { innerProduct, randomComplex, relativeError } from '../support/random-array.ts';
import { randomPattern } from '../support/random-pattern.ts';

const maps = randomComplex([3, 14, 9], 7);
const operators: readonly LinearOperator[] = [
  fourier([3, 14, 9]),
  coils(maps),
  mask(randomPattern('lines', 14, 9), 3),
  mask(randomPattern('points', 14, 9), 3),
  wavelet(16, 12, { wavelet: 'db4', levels: 2 }),
  wavelet(13, 10, { wavelet: 'haar', levels: 2 }),
  compose(fourier([3, 14, 9]), coils(maps)),
  senseOperator(maps, randomPattern('lines', 14, 9)),
  senseOperator(maps, randomPattern('points', 14, 9)),
];

describe.each(operators.map((operator) => [operator.name, operator] as const))('%s', (_name, operator) => {
  const x = randomComplex(operator.domain, 1);
  const y = randomComplex(operator.range, 2);

  it('maps its domain to its range and back', () => {
    expect(operator.apply(x).shape).toEqual(operator.range);
    expect(operator.adjoint(y).shape).toEqual(operator.domain);
  });

  it('satisfies <A x, y> = <x, Aᴴ y>', () => {
    const [left, right] = [innerProduct(operator.apply(x), y), innerProduct(x, operator.adjoint(y))];
    const scale = Math.hypot(...x.data) * Math.hypot(...y.data);
    expect(Math.hypot(left[0] - right[0], left[1] - right[1]) / scale).toBeLessThan(1e-6);
  });

  it('is linear', () => {
    const z = randomComplex(operator.domain, 3);
    const sum = { ...x, data: x.data.map((value, i) => 2 * value + (z.data[i] ?? NaN)) };
    const [a, b] = [operator.apply(x).data, operator.apply(z).data];
    expect(relativeError(operator.apply(sum).data, a.map((value, i) => 2 * value + (b[i] ?? NaN)))).toBeLessThan(1e-6);
  });

  it('writes into `out`, whatever it held, and leaves its input alone', () => {
    const [before, forward, back] = [x.data.slice(), zeros('complex64', operator.range), zeros('complex64', operator.domain)];
    forward.data.fill(9);
    back.data.fill(9);
    expect(operator.apply(x, forward)).toBe(forward);
    expect(forward.data).toEqual(operator.apply(x).data);
    expect(operator.adjoint(y, back)).toBe(back);
    expect(back.data).toEqual(operator.adjoint(y).data);
    expect(x.data).toEqual(before);
  });
});

it('a composition has a name that composes, and refuses shapes that do not fit', () => {
  expect(senseOperator(maps, randomPattern('lines', 14, 9)).name).toBe('Mask · Fourier · Coils');
  expect(() => compose(fourier([3, 14, 8]), coils(maps))).toThrow('Fourier takes [3, 14, 8], but Coils gives [3, 14, 9]');
});
