/** Drawing on a sampling mask, one step at a time. Pure; every function returns a new mask. */

/** What is drawn on: flags per line ([columns]) or per point ([rows, columns], C order). */
export interface EditMask {
  readonly kind: 'lines' | 'points';
  readonly rows: number;
  readonly columns: number;
  readonly mask: Uint8Array;
}

export interface Cell {
  readonly row: number;
  readonly column: number;
}

const clamp = (value: number, end: number): number => Math.min(end - 1, Math.max(0, Math.round(value)));

/** First and last line under a brush of `width` lines about `column`. */
export function brushSpan(column: number, width: number, columns: number): readonly [number, number] {
  const first = Math.round(column) - Math.floor((width - 1) / 2);
  return [clamp(first, columns), clamp(first + width - 1, columns)];
}

/** Keeps (`keep`) or drops everything between two brush positions; for points the rectangle between them. */
export function painted(edit: EditMask, from: Cell, to: Cell, width: number, keep: boolean): EditMask {
  const mask = edit.mask.slice();
  const value = keep ? 1 : 0;
  if (edit.kind === 'lines') {
    const [a] = brushSpan(Math.min(from.column, to.column), width, edit.columns);
    const [, b] = brushSpan(Math.max(from.column, to.column), width, edit.columns);
    mask.fill(value, a, b + 1);
  } else {
    const [top, bottom] = [clamp(Math.min(from.row, to.row), edit.rows), clamp(Math.max(from.row, to.row), edit.rows)];
    const [left, right] = [clamp(Math.min(from.column, to.column), edit.columns), clamp(Math.max(from.column, to.column), edit.columns)];
    for (let row = top; row <= bottom; row++) mask.fill(value, row * edit.columns + left, row * edit.columns + right + 1);
  }
  return { ...edit, mask };
}

export function isKept({ kind, columns, mask }: EditMask, { row, column }: Cell): boolean {
  return (mask[kind === 'lines' ? column : row * columns + column] ?? 0) !== 0;
}

/** A click: what lies under the brush takes the value opposite to that of its middle. */
export function toggled(edit: EditMask, at: Cell, width: number): EditMask {
  return painted(edit, at, at, width, !isKept(edit, at));
}

export function cleared(edit: EditMask): EditMask {
  return { ...edit, mask: new Uint8Array(edit.mask.length) };
}

export function inverted(edit: EditMask): EditMask {
  return { ...edit, mask: edit.mask.map((value) => (value === 0 ? 1 : 0)) };
}

/** Point reflection about the k-space centre ⌊n/2⌋: sample k goes to −k. Index 0 of an even axis is its own mirror image. */
export function mirrored(edit: EditMask): EditMask {
  const reflect = (i: number, n: number): number => (2 * Math.floor(n / 2) - i + n) % n;
  const mask = new Uint8Array(edit.mask.length);
  for (let i = 0; i < mask.length; i++) {
    const column = reflect(i % edit.columns, edit.columns);
    const row = edit.kind === 'lines' ? 0 : reflect(Math.floor(i / edit.columns), edit.rows);
    mask[row * edit.columns + column] = edit.mask[i] as number;
  }
  return { ...edit, mask };
}

/** Lines become points that repeat in every row; a line is kept where any of its points was. */
export function asKind(edit: EditMask, kind: EditMask['kind']): EditMask {
  if (edit.kind === kind) return edit;
  const { rows, columns } = edit;
  if (kind === 'points') return { ...edit, kind, mask: Uint8Array.from({ length: rows * columns }, (_, i) => edit.mask[i % columns] as number) };
  const mask = new Uint8Array(columns);
  for (let i = 0; i < edit.mask.length; i++) if (edit.mask[i] !== 0) mask[i % columns] = 1;
  return { ...edit, kind, mask };
}

export function sameMask(a: EditMask, b: EditMask): boolean {
  return a.kind === b.kind && a.mask.length === b.mask.length && a.mask.every((value, i) => (value !== 0) === (b.mask[i] !== 0));
}
