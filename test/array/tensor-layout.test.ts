import { describe, expect, it } from 'vitest';
import { arrange, arrangeBack, fixedSize, layoutOf, namedShape, ROLE_AXES } from '../../src/array/tensor-layout.ts';

describe('layoutOf', () => {
  it.each([
    ['adjoint', ['h', 'w', 2], ['rows', 'columns', 'complex']],
    ['adjoint', [1, 2, 'h', 'w'], ['batch', 'complex', 'rows', 'columns']],
    ['adjoint', ['n', 'c', 'h', 'w'], ['batch', 'complex', 'rows', 'columns']],
    ['adjoint', [1, 1, 320, 320, 2], ['batch', 'batch', 'rows', 'columns', 'complex']],
    ['magnitude', [1, 1, 'h', 'w'], ['batch', 'batch', 'rows', 'columns']],
    ['magnitude', ['h', 'w', 1], ['rows', 'columns', 'batch']],
    ['maps', [1, 'c', 'h', 'w', 2], ['batch', 'coils', 'rows', 'columns', 'complex']],
    ['kspace', [1, 1, 64, 64, 2], ['batch', 'coils', 'rows', 'columns', 'complex']],
    ['mask-lines', [1, 1, 1, 'w'], ['batch', 'batch', 'batch', 'columns']],
    ['mask-lines', [1, 1, 'w', 1], ['batch', 'batch', 'columns', 'batch']],
    ['weights', ['j', 'k'], ['spectrum_rows', 'spectrum_columns']],
    ['condition', [2], ['pair']],
    ['image', ['rows', 'columns', 'Transpose_dim_2'], ['rows', 'columns', 'complex']],
  ] as const)('%s %j', (role, shape, layout) => {
    expect(layoutOf(role, shape)).toEqual(layout);
  });

  it.each([
    ['adjoint', ['h', 'w']],
    ['adjoint', [3, 'h', 'w']],
    ['magnitude', [64]],
    ['magnitude', [8, 3, 64, 64]],
    ['condition', ['c', 'h', 'w', 2]],
    ['maps', ['h', 'w', 2]],
  ] as const)('%s cannot be %j', (role, shape) => {
    expect(layoutOf(role, shape)).toBeNull();
  });

  it('names what is open and keeps what is fixed', () => {
    const layout = layoutOf('adjoint', ['n', 2, 320, 'w']) ?? [];
    expect(namedShape(layout, ['n', 2, 320, 'w'])).toEqual([1, 2, 320, 'columns']);
    expect(fixedSize('adjoint', [1, 2, 320, 'columns'], 'rows')).toBe(320);
    expect(fixedSize('adjoint', [1, 2, 320, 'columns'], 'columns')).toBeNull();
  });

  it('is the identity on the axes of each role', () => {
    for (const [role, axes] of Object.entries(ROLE_AXES)) {
      const shape = axes.map((axis) => (axis === 'complex' || axis === 'pair' ? 2 : axis));
      expect(layoutOf(role as keyof typeof ROLE_AXES, shape)).toEqual(axes);
    }
  });
});

describe('arrange', () => {
  const value = { dtype: 'float32' as const, shape: [2, 3, 2], data: Float32Array.from({ length: 12 }, (_, i) => i) };

  it('moves real and imaginary part in front, and back', () => {
    const layout = layoutOf('adjoint', [1, 2, 'h', 'w']) ?? [];
    const arranged = arrange(value, layout);
    expect(arranged.shape).toEqual([1, 2, 2, 3]);
    // Element [r, c, part] is 6r + 2c + part.
    expect([...arranged.data]).toEqual([0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11]);
    expect(arrangeBack(arranged, layout)).toEqual(value);
  });

  it('moves them between coils and rows', () => {
    const maps = { dtype: 'float32' as const, shape: [2, 1, 2, 2], data: Float32Array.from({ length: 8 }, (_, i) => i) };
    const layout = layoutOf('maps', [1, 'c', 2, 'h', 'w']) ?? [];
    expect(layout).toEqual(['batch', 'coils', 'complex', 'rows', 'columns']);
    expect([...arrange(maps, layout).data]).toEqual([0, 2, 1, 3, 4, 6, 5, 7]);
    expect(arrangeBack(arrange(maps, layout), layout)).toEqual(maps);
  });

  it('only adds axes of 1 where the parts stay last', () => {
    const arranged = arrange(value, layoutOf('adjoint', [1, 'h', 'w', 2]) ?? []);
    expect(arranged.shape).toEqual([1, 2, 3, 2]);
    expect(arranged.data).toBe(value.data);
  });
});
