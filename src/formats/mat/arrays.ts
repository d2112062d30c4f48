/** The arrays of a MAT-file, of whatever version, as series. */
import { isComplexDType } from '../../array/nd-array.ts';
import type { ReadOptions } from '../../array/read-options.ts';
import { LacunaError, toLacunaError } from '../../errors.ts';
import { guessColumnMajorAxes } from '../bare/guess-axes.ts';
import { type BareSeries, seriesOfArray } from '../bare/series.ts';
import type { StoredArray } from '../bare/stored-array.ts';

export interface NamedArray {
  readonly name: string;
  readonly className: string;
  readonly sizes: readonly number[];
  readonly array: StoredArray;
}

/** Smaller arrays are parameters, not images. */
const LEAST_SIDE = 8;
const MOST_AXES = 6;

/** Those that can be images or k-space, each as a series; the others are told of. Throws `input.unsupported` where there is none. */
export async function seriesOfArrays(
  arrays: readonly NamedArray[],
  skipped: readonly string[],
  file: string,
  options?: ReadOptions,
): Promise<{ parts: BareSeries[]; warnings: string[] }> {
  const images = arrays.filter(({ sizes }) => sizes.length <= MOST_AXES && sizes.filter((n) => n >= LEAST_SIDE).length >= 2);
  const passed = [...arrays.filter((item) => !images.includes(item)).map(({ name, className, sizes }) => `${name} (${className} ${sizes.join(' × ')})`), ...skipped];
  const parts: BareSeries[] = [];
  let refused: LacunaError | undefined;
  for (const [i, { name, className, sizes, array }] of images.entries()) {
    const place = { file, field: name, id: name.slice(0, 128), title: name, suffix: images.length > 1 ? `-${i + 1}` : '' };
    try {
      const axes = guessColumnMajorAxes(sizes, isComplexDType(array.dtype), file, name).reverse();
      const attributes = [{ label: 'MATLAB', value: `${className} ${sizes.join(' × ')}` }];
      parts.push(await seriesOfArray(array, place, { axes, named: false, domain: null, attributes }, options));
    } catch (error) {
      const e = toLacunaError(error);
      if (e.code !== 'input.unsupported') throw e;
      refused ??= e;
      passed.push(`${name}: ${e.message}`);
    }
  }
  if (parts.length > 0) return { parts, warnings: passed.length === 0 ? [] : [`Passed over, as no images: ${listed(passed)}.`] };
  if (refused !== undefined) throw refused;
  const text = `The file holds no numeric array of two axes or more with at least ${LEAST_SIDE} × ${LEAST_SIDE} values; it holds ${listed(passed) || 'nothing'}.`;
  throw new LacunaError('input.unsupported', text, { file, field: 'variables' });
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 10).join(', ');
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown;
}
