/**
 * Mean structural similarity of one slice (Wang et al., IEEE TIP 13(4), 2004) as fastMRI and scikit-image compute it:
 * uniform 7×7 window, K1 = 0.01, K2 = 0.03, sample (co)variances (factor 49/48), mean over the windows that lie inside
 * the slice.
 */
export const SSIM_WINDOW = 7;
/** Arithmetic is in float64 either way. */
export type Reals = Float32Array | Float64Array;
const K1 = 0.01;
const K2 = 0.03;

/** `reference` and `estimate` are [rows, columns] with both sides ≥ 7; `dataRange` > 0. Arithmetic is in float64. */
export function ssimSlice(reference: Reals, estimate: Reals, rows: number, columns: number, dataRange: number): number {
  const sums = windowSums(reference, estimate, rows, columns);
  const n = SSIM_WINDOW ** 2;
  const sample = n / (n - 1);
  const c1 = (K1 * dataRange) ** 2;
  const c2 = (K2 * dataRange) ** 2;
  let total = 0;
  for (let i = 0; i < sums.count; i++) {
    const muR = (sums.r[i] as number) / n;
    const muE = (sums.e[i] as number) / n;
    const varR = sample * ((sums.rr[i] as number) / n - muR * muR);
    const varE = sample * ((sums.ee[i] as number) / n - muE * muE);
    const cov = sample * ((sums.re[i] as number) / n - muR * muE);
    total += ((2 * muR * muE + c1) * (2 * cov + c2)) / ((muR * muR + muE * muE + c1) * (varR + varE + c2));
  }
  return total / sums.count;
}

/** Of one size of slice; kept, since a moved slider would else leave megabytes behind for every figure. */
class Workspace {
  readonly size: number;
  readonly width: number;
  /** Number of windows: (rows − 6)·(columns − 6). */
  readonly count: number;
  readonly product: Float64Array;
  readonly across: Float64Array;
  readonly r: Float64Array;
  readonly e: Float64Array;
  readonly rr: Float64Array;
  readonly ee: Float64Array;
  readonly re: Float64Array;

  constructor(rows: number, columns: number) {
    this.size = rows * columns;
    this.width = columns - SSIM_WINDOW + 1;
    this.count = (rows - SSIM_WINDOW + 1) * this.width;
    this.product = new Float64Array(this.size);
    this.across = new Float64Array(rows * this.width);
    this.r = new Float64Array(this.count);
    this.e = new Float64Array(this.count);
    this.rr = new Float64Array(this.count);
    this.ee = new Float64Array(this.count);
    this.re = new Float64Array(this.count);
  }
}

let workspace = new Workspace(SSIM_WINDOW, SSIM_WINDOW);
function workspaceFor(rows: number, columns: number): Workspace {
  const fits = workspace.size === rows * columns && workspace.width === columns - SSIM_WINDOW + 1;
  if (!fits) workspace = new Workspace(rows, columns);
  return workspace;
}

/** Sums of r, e, r², e² and re over every window. */
function windowSums(reference: Reals, estimate: Reals, rows: number, columns: number): Workspace {
  const w = workspaceFor(rows, columns);
  const sum = (image: Reals, out: Float64Array) => boxSums(image, rows, columns, w.across, out);
  const sumOfProducts = (x: Reals, y: Reals, out: Float64Array) => {
    for (let i = 0; i < w.size; i++) w.product[i] = (x[i] as number) * (y[i] as number);
    sum(w.product, out);
  };
  sum(reference, w.r);
  sum(estimate, w.e);
  sumOfProducts(reference, reference, w.rr);
  sumOfProducts(estimate, estimate, w.ee);
  sumOfProducts(reference, estimate, w.re);
  return w;
}

/**
 * 7×7 box sums, separably: seven neighbours added up anew each time, so that no rounding error runs along the
 * image.
 */
function boxSums(image: Reals, rows: number, columns: number, across: Float64Array, out: Float64Array): void {
  const width = columns - SSIM_WINDOW + 1;
  for (let row = 0; row < rows; row++) {
    for (let c = 0; c < width; c++) across[row * width + c] = sumOfSeven(image, row * columns + c, 1);
  }
  for (let i = 0; i < out.length; i++) out[i] = sumOfSeven(across, i, width);
}

/** Written out rather than looped, since this is where the time goes. */
function sumOfSeven(x: Reals, i: number, step: number): number {
  const first = (x[i] as number) + (x[i + step] as number) + (x[i + 2 * step] as number);
  const last = (x[i + 4 * step] as number) + (x[i + 5 * step] as number) + (x[i + 6 * step] as number);
  return first + (x[i + 3 * step] as number) + last;
}
