/** Small symmetric systems: Gaussian elimination with pivoting; a direction without information gets 0. */
export function solveSymmetric(matrix: readonly Float64Array[], right: Float64Array): number[] {
  const n = right.length;
  const rows = matrix.map((row, i) => [...row, right[i] as number]);
  const scale = Math.max(...matrix.map((row, i) => Math.abs(row[i] as number)));
  const order: number[] = [];
  for (let column = 0, at = 0; column < n; column++) {
    const pivot = rows.map((row, i) => ({ i, size: Math.abs(row[column] as number) })).slice(at).reduce((best, next) => (next.size > best.size ? next : best), { i: -1, size: 0 });
    if (pivot.size <= 1e-12 * scale) {
      order.push(-1);
      continue;
    }
    [rows[at], rows[pivot.i]] = [rows[pivot.i] as number[], rows[at] as number[]];
    const lead = rows[at] as number[];
    for (let i = 0; i < n; i++) {
      if (i === at) continue;
      const row = rows[i] as number[];
      const factor = (row[column] as number) / (lead[column] as number);
      for (let k = column; k <= n; k++) row[k] = (row[k] as number) - factor * (lead[k] as number);
    }
    order.push(at++);
  }
  return order.map((at, column) => (at < 0 ? 0 : ((rows[at] as number[])[n] as number) / ((rows[at] as number[])[column] as number)));
}
