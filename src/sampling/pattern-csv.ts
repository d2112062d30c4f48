/**
 * A pattern as comma-separated values (commas, semicolons, tabs or spaces; `#` starts a remark):
 * - one value a line of text, or one line of them: a flag per k-space line;
 * - several lines of equally many values: a flag per point [row, column];
 * - a header `line,columns=320`, then one kept index a line of text, from 0;
 * - a header `row,column,rows=256,columns=320`, then a kept row and column a line of text, from 0.
 */
import { ndArray, type NdArray } from '../array/nd-array.ts';
import { LacunaError } from '../errors.ts';
import { checkSize } from './pattern-size.ts';

interface TextLine {
  /** From 1, as editors count. */
  readonly number: number;
  readonly cells: readonly string[];
}

/** Throws input.malformed naming the line of text. */
export function decodeCsvPattern(text: string, file: string): NdArray<'uint8'> {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((line, i): TextLine => ({ number: i + 1, cells: cellsOf(line) }))
    .filter(({ cells }) => cells.length > 0);
  const first = lines[0];
  if (first === undefined) throw new LacunaError('input.malformed', 'The pattern file holds no values.', { file, field: 'line 1' });
  return /^[a-z]/i.test(first.cells[0] as string) && !/^(nan|inf)/i.test(first.cells[0] as string) ? keptIndices(first, lines.slice(1), file) : flags(lines, file);
}

function cellsOf(line: string): readonly string[] {
  const content = (line.split('#')[0] as string).trim();
  return content === '' ? [] : content.split(/\s*[,;\t]\s*|\s+/).filter((cell, i, all) => cell !== '' || i < all.length - 1);
}

function flags(lines: readonly TextLine[], file: string): NdArray<'uint8'> {
  const width = (lines[0] as TextLine).cells.length;
  const values: number[] = [];
  for (const { number, cells } of lines) {
    if (cells.length !== width) throw malformed(file, number, `has ${cells.length} values, the first one ${width}`);
    for (const cell of cells) values.push(flag(cell, file, number));
  }
  const shape = width === 1 || lines.length === 1 ? [values.length] : [lines.length, width];
  return ndArray('uint8', shape, Uint8Array.from(values));
}

function flag(cell: string, file: string, line: number): number {
  const value = cell === '' ? NaN : Number(cell);
  if (Number.isNaN(value)) throw malformed(file, line, `has “${cell.slice(0, 20)}” where a number was expected`);
  return value === 0 ? 0 : 1;
}

function keptIndices(header: TextLine, lines: readonly TextLine[], file: string): NdArray<'uint8'> {
  const names = header.cells.filter((cell) => !cell.includes('=')).map((cell) => cell.toLowerCase());
  const points = names.join() === 'row,column';
  if (!points && names.join() !== 'line') throw malformed(file, header.number, 'is a header that is neither “line,columns=…” nor “row,column,rows=…,columns=…”');
  const columns = stated(header, 'columns', file);
  const rows = points ? stated(header, 'rows', file) : 1;
  checkSize(rows, columns, file);
  const mask = new Uint8Array(rows * columns);
  for (const { number, cells } of lines) {
    if (cells.length !== names.length) throw malformed(file, number, `has ${cells.length} values, expected ${names.length}`);
    const column = index(cells[cells.length - 1] as string, columns, file, number);
    const row = points ? index(cells[0] as string, rows, file, number) : 0;
    mask[row * columns + column] = 1;
  }
  return ndArray('uint8', points ? [rows, columns] : [columns], mask);
}

function stated(header: TextLine, name: string, file: string): number {
  const cell = header.cells.find((candidate) => candidate.toLowerCase().startsWith(`${name}=`));
  const value = Number(cell?.slice(name.length + 1) || NaN);
  if (!Number.isInteger(value) || value < 1) throw malformed(file, header.number, `does not state “${name}=” with a whole number`);
  return value;
}

function index(cell: string, length: number, file: string, line: number): number {
  const value = cell === '' ? NaN : Number(cell);
  if (!Number.isInteger(value) || value < 0 || value >= length) throw malformed(file, line, `has “${cell.slice(0, 20)}” where an index from 0 to ${length - 1} was expected`);
  return value;
}

function malformed(file: string, line: number, what: string): LacunaError {
  return new LacunaError('input.malformed', `Line ${line} of the pattern file ${what}.`, { file, field: `line ${line}` });
}
