/** The argument block of wasm/coil-fft.ts, by name. */
import { LANE_BLOCK, type KernelName, type Kernels } from '../kernels.ts';

/** Addresses and sizes; what a kernel does not use may be left out. */
export interface PaddedFftJob {
  readonly image: number;
  readonly rows: number;
  readonly columns: number;
  readonly grid?: number;
  readonly rowBytes?: number;
  readonly gridRows: number;
  readonly gridColumns: number;
  readonly rowWeights?: number;
  readonly columnWeights?: number;
  readonly planes?: number;
  readonly spectrum?: number;
  readonly x?: number;
  readonly out?: number;
  readonly step?: number;
  readonly add?: boolean;
  readonly sets?: number;
  readonly mapStride?: number;
  readonly stride?: number;
}

type ByRow = 'packImage' | 'unpackImage';
type ByGridRows = 'padRows' | 'cropRows' | 'toeplitzRows';
type ByColumns = 'padColumns' | 'cropColumns' | 'toeplitzColumns' | 'toeplitzSum';

/** Lines a task takes: wasm/coil-fft.ts. */
const LINES = 4;

/** Bytes from a grid row to the next: a cache line more than the row, so that a column does not fall on one cache set. */
export function gridRowBytes(gridColumns: number): number {
  return (gridColumns + 2) * LANE_BLOCK;
}

export function runPaddedFft(kernels: Kernels, name: (ByRow | ByGridRows | ByColumns) & KernelName, job: PaddedFftJob): void {
  const rowPlan = kernels.plan(job.gridColumns);
  const columnPlan = kernels.plan(job.gridRows);
  const block = LANE_BLOCK * Math.max(rowPlan.elements, columnPlan.elements);
  const words = [
    job.image, job.rows, job.columns, job.grid ?? 0, job.rowBytes ?? 0, job.gridRows, job.gridColumns, rowPlan.address, columnPlan.address, block,
    job.rowWeights ?? 0, job.columnWeights ?? 0, job.planes ?? 0, job.spectrum ?? 0, job.x ?? 0, job.out ?? 0, job.step ?? 0, job.add ? 1 : 0,
    job.sets ?? 0, job.mapStride ?? 0, job.stride ?? 0,
  ];
  kernels.run(name, words, tasks(name, job), 2 * block);
}

function tasks(name: ByRow | ByGridRows | ByColumns, { rows, columns, gridRows }: PaddedFftJob): number {
  if (name === 'packImage' || name === 'unpackImage') return rows;
  if (name === 'padRows' || name === 'cropRows' || name === 'toeplitzRows') return Math.ceil(gridRows / LINES);
  return Math.ceil(columns / LINES);
}
