/** What the phantom is cut into: one axial section on a pixel grid, and where its pixels lie. */
import type { Contrast } from './phantom-tissue.ts';

export interface BrainSlice {
  readonly rows: number;
  readonly columns: number;
  /** mm between rows and between columns. The head is about 154 mm wide and 192 mm long. */
  readonly rowSpacing: number;
  readonly columnSpacing: number;
  /** Height above the foramina of Monro, mm; sensible from 0 to 50. */
  readonly z: number;
  readonly contrast: Contrast;
  readonly seed: number;
}

/** mm from the middle of the brain; the head lies a little off the middle of the field of view. */
export function xOf({ columns, columnSpacing }: BrainSlice, column: number): number {
  return (column - Math.floor(columns / 2)) * columnSpacing + 0.8;
}

export function yOf({ rows, rowSpacing }: BrainSlice, row: number): number {
  return (row - Math.floor(rows / 2)) * rowSpacing + 2;
}
