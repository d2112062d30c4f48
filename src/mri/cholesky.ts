/** Cholesky factorisation of small complex Hermitian matrices (Golub and Van Loan, Matrix Computations, 4th ed., 4.2.5). */

/**
 * Overwrites the lower triangle of `a` ([n][n] interleaved, only that triangle is read) with L, A = L·Lᴴ. False where A is not
 * positive definite to rounding; `a` is spoilt then.
 */
export function cholesky(a: Float64Array, n: number): boolean {
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      // a_ij − Σ_k<j l_ik·conj(l_jk)
      let re = a[2 * (i * n + j)] as number;
      let im = a[2 * (i * n + j) + 1] as number;
      for (let p = 2 * i * n, q = 2 * j * n, end = p + 2 * j; p < end; p += 2, q += 2) {
        const ar = a[p] as number;
        const ai = a[p + 1] as number;
        const br = a[q] as number;
        const bi = a[q + 1] as number;
        re -= ar * br + ai * bi;
        im -= ai * br - ar * bi;
      }
      if (i === j) {
        if (!(re > 0)) return false;
        a[2 * (i * n + i)] = Math.sqrt(re);
        a[2 * (i * n + i) + 1] = 0;
      } else {
        const pivot = a[2 * (j * n + j)] as number;
        a[2 * (i * n + j)] = re / pivot;
        a[2 * (i * n + j) + 1] = im / pivot;
      }
    }
  }
  return true;
}

/** x ← L⁻¹·x for one interleaved vector at offset `at`, whose elements before `first` are zero. */
export function solveLower(l: Float64Array, n: number, x: Float64Array, at = 0, first = 0): void {
  for (let i = first; i < n; i++) {
    let re = x[at + 2 * i] as number;
    let im = x[at + 2 * i + 1] as number;
    for (let k = first; k < i; k++) {
      const lr = l[2 * (i * n + k)] as number;
      const li = l[2 * (i * n + k) + 1] as number;
      const xr = x[at + 2 * k] as number;
      const xi = x[at + 2 * k + 1] as number;
      re -= lr * xr - li * xi;
      im -= lr * xi + li * xr;
    }
    const pivot = l[2 * (i * n + i)] as number;
    x[at + 2 * i] = re / pivot;
    x[at + 2 * i + 1] = im / pivot;
  }
}

/** x ← A⁻¹·x for one interleaved vector at offset `at`, A = L·Lᴴ. */
export function solveCholesky(l: Float64Array, n: number, x: Float64Array, at = 0): void {
  solveLower(l, n, x, at);
  // Lᴴ from the last row up, a row of L at a time.
  for (let i = n - 1; i >= 0; i--) {
    const pivot = l[2 * (i * n + i)] as number;
    const re = (x[at + 2 * i] as number) / pivot;
    const im = (x[at + 2 * i + 1] as number) / pivot;
    x[at + 2 * i] = re;
    x[at + 2 * i + 1] = im;
    for (let k = 0; k < i; k++) {
      const lr = l[2 * (i * n + k)] as number;
      const li = l[2 * (i * n + k) + 1] as number;
      x[at + 2 * k] = (x[at + 2 * k] as number) - (lr * re + li * im);
      x[at + 2 * k + 1] = (x[at + 2 * k + 1] as number) - (lr * im - li * re);
    }
  }
}
