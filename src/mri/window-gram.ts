/**
 * Inner products of all shifted copies of calibration data, without making the calibration matrix: every entry is the sum of one
 * product image over a window, so one summed-area table serves all entries that share coils and shift (Ongie and Jacob, IEEE
 * Trans Comput Imaging 2017;3:747 exploit the same structure by FFTs).
 */

/** [coil, row, column] in double precision, real and imaginary parts apart. */
export interface CalibrationData {
  readonly coils: number;
  readonly rows: number;
  readonly columns: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
}

export interface Shift {
  readonly row: number;
  readonly column: number;
}

/**
 * Calls `put(c, i, d, j, re, im)` with Σ_p conj(k_c(p + from_i))·k_d(p + to_j) over p in a window of `height` × `width` whose first
 * corner is p = 0. Shifts are not negative, and window + shift must lie within the data (not checked). With `upper`, only pairs of
 * coils c ≤ d are visited.
 */
export function windowProducts(
  data: CalibrationData,
  from: readonly Shift[],
  to: readonly Shift[],
  [height, width]: readonly [number, number],
  put: (c: number, i: number, d: number, j: number, re: number, im: number) => void,
  upper = false,
): void {
  const groups = byDifference(from, to);
  const { coils, rows, columns } = data;
  const across = columns + 1;
  const sumRe = new Float64Array((rows + 1) * across);
  const sumIm = new Float64Array((rows + 1) * across);
  const window = (sums: Float64Array, r: number, c: number): number =>
    (sums[(r + height) * across + c + width] as number) - (sums[r * across + c + width] as number) -
    (sums[(r + height) * across + c] as number) + (sums[r * across + c] as number);
  for (let c = 0; c < coils; c++) {
    for (let d = upper ? c : 0; d < coils; d++) {
      for (const { row, column, pairs, box } of groups) {
        sumProducts(data, c, d, row, column, box, sumRe, sumIm);
        for (const [i, j] of pairs) {
          const at = from[i] as Shift;
          const [r, k] = [at.row - box.top, at.column - box.left];
          put(c, i, d, j, window(sumRe, r, k), window(sumIm, r, k));
        }
      }
    }
  }

  function byDifference(a: readonly Shift[], b: readonly Shift[]): Group[] {
    const found = new Map<string, { row: number; column: number; pairs: [number, number][] }>();
    a.forEach((p, i) => {
      b.forEach((q, j) => {
        const [row, column] = [q.row - p.row, q.column - p.column];
        const group = found.get(`${row},${column}`) ?? { row, column, pairs: [] };
        group.pairs.push([i, j]);
        found.set(`${row},${column}`, group);
      });
    });
    return [...found.values()].map((group) => ({ ...group, box: boxOf(group.pairs.map(([i]) => a[i] as Shift), height, width) }));
  }
}

interface Box {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

interface Group extends Shift {
  readonly pairs: readonly (readonly [number, number])[];
  /** Where the windows of all pairs lie. */
  readonly box: Box;
}

function boxOf(shifts: readonly Shift[], height: number, width: number): Box {
  let [top, left, bottom, right] = [Infinity, Infinity, 0, 0];
  for (const { row, column } of shifts) {
    top = Math.min(top, row);
    left = Math.min(left, column);
    bottom = Math.max(bottom, row + height);
    right = Math.max(right, column + width);
  }
  return { top, left, height: bottom - top, width: right - left };
}

/** Summed-area table of conj(k_c(p))·k_d(p + shift) over the box. */
function sumProducts(data: CalibrationData, c: number, d: number, row: number, column: number, box: Box, sumRe: Float64Array, sumIm: Float64Array): void {
  const { rows, columns, re, im } = data;
  const across = columns + 1;
  sumRe.fill(0, 0, box.width + 1);
  sumIm.fill(0, 0, box.width + 1);
  for (let r = 0; r < box.height; r++) {
    const a = (c * rows + box.top + r) * columns + box.left;
    const b = (d * rows + box.top + r + row) * columns + box.left + column;
    const above = r * across;
    const here = above + across;
    let [lineRe, lineIm] = [0, 0];
    sumRe[here] = 0;
    sumIm[here] = 0;
    for (let k = 0; k < box.width; k++) {
      const ar = re[a + k] as number;
      const ai = im[a + k] as number;
      const br = re[b + k] as number;
      const bi = im[b + k] as number;
      lineRe += ar * br + ai * bi;
      lineIm += ar * bi - ai * br;
      sumRe[here + k + 1] = (sumRe[above + k + 1] as number) + lineRe;
      sumIm[here + k + 1] = (sumIm[above + k + 1] as number) + lineIm;
    }
  }
}

/** The samples of `centre` of k-space data (interleaved [coil, row, column]), in double precision. */
export function calibrationData(
  kspace: { readonly shape: readonly number[]; readonly data: Float32Array },
  { rows: [top, bottom], columns: [left, right] }: { readonly rows: readonly [number, number]; readonly columns: readonly [number, number] },
): CalibrationData {
  const [coils, rows, columns] = kspace.shape as [number, number, number];
  const [height, width] = [bottom - top, right - left];
  const re = new Float64Array(coils * height * width);
  const im = new Float64Array(coils * height * width);
  let to = 0;
  for (let c = 0; c < coils; c++) {
    for (let r = top; r < bottom; r++) {
      const start = (c * rows + r) * columns;
      for (let k = left; k < right; k++, to++) {
        re[to] = kspace.data[2 * (start + k)] as number;
        im[to] = kspace.data[2 * (start + k) + 1] as number;
      }
    }
  }
  return { coils, rows: height, columns: width, re, im };
}
