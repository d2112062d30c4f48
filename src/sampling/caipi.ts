/**
 * 2D CAIPIRINHA: every Ry-th row and every Rz-th column of the two phase-encoding directions, where each kept column is moved
 * against the one before it, so that aliases fall into free background (Breuer et al., Magn Reson Med 2006;55:549).
 */
import { centreBlock, checkCalibration } from './regular.ts';

export interface CaipiParams {
  /** Whole reduction along rows and along columns. */
  readonly rowSpacing: number;
  readonly columnSpacing: number;
  /** How far each kept column is moved along the rows against the one before, in samples; 0 is plain SENSE in two directions. */
  readonly shift: number;
  /** Fully sampled block around the centre; 0 in either for none. */
  readonly calibrationRows: number;
  readonly calibrationColumns: number;
}

/** One flag a point [row, column]. The lattice holds the k-space centre. Throws `usage.invalid` where the block does not fit. */
export function caipiPoints(rows: number, columns: number, params: CaipiParams): Uint8Array {
  const { rowSpacing, columnSpacing, shift, calibrationRows, calibrationColumns } = params;
  checkCalibration('calibrationRows', calibrationRows, rows);
  checkCalibration('calibrationColumns', calibrationColumns, columns);
  const down = centreBlock(rows, calibrationRows);
  const across = centreBlock(columns, calibrationColumns);
  const [middleRow, middleColumn] = [Math.floor(rows / 2), Math.floor(columns / 2)];
  const mask = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const step = column - middleColumn;
      const onLattice = step % columnSpacing === 0 && (row - middleRow - (shift * step) / columnSpacing) % rowSpacing === 0;
      if (onLattice || (down[row] === 1 && across[column] === 1)) mask[row * columns + column] = 1;
    }
  }
  return mask;
}
