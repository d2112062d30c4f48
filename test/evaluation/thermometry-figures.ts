/** The table of thermometry in docs/benchmarks.md: written from what was found, and held against it. */
import { markdown } from './tables.ts';
import { THERMOMETRY_METHODS, thermometryCells, type ThermometryScore } from './thermometry.ts';

const BEGIN = '<!-- thermometry: made by npm run models:evaluate -- --only thermometry --write -->';
const END = '<!-- /thermometry -->';
/** °C, and relative: noises are drawn alike everywhere, sums may run in another order. */
const TOLERANCE = { absolute: 0.01, relative: 0.03 };

export function thermometryTable(scores: readonly ThermometryScore[]): string {
  const present = THERMOMETRY_METHODS.filter((name) => scores.some(({ method }) => method === name));
  return markdown(['method', 'as it is', 'smoothed'], present.map((name) => [name, ...thermometryCells(scores, name)]));
}

/** `page` with the table in its place. Throws where it has none. */
export function withThermometry(page: string, scores: readonly ThermometryScore[]): string {
  const [begin, end] = place(page);
  return `${page.slice(0, begin)}\n\n${thermometryTable(scores)}\n\n${page.slice(end)}`;
}

/** Names of the methods in the table of the page. */
export function statedMethods(page: string): readonly string[] {
  return [...statedRows(page).keys()];
}

/** Sentences about cells that say otherwise than `scores`, or are missing. */
export function thermometryLies(page: string, scores: readonly ThermometryScore[]): readonly string[] {
  const stated = statedRows(page);
  return [...new Set(scores.map(({ method }) => method))].flatMap((method) => {
    const cells = stated.get(method);
    if (cells === undefined) return [`thermometry, ${method}: not stated`];
    const found = thermometryCells(scores, method);
    return found.flatMap((cell, i) => (same(cell, cells[i] ?? '') ? [] : [`thermometry, ${method}: ${cells[i] ?? 'nothing'} °C stated, ${cell} found`]));
  });
}

function statedRows(page: string): Map<string, readonly string[]> {
  const [begin, end] = place(page);
  const lines = page.slice(begin, end).split('\n').filter((line) => line.startsWith('|')).slice(2);
  return new Map(lines.map((line) => line.slice(1, -1).split('|').map((cell) => cell.trim())).map(([name = '', ...cells]) => [name, cells]));
}

function place(page: string): readonly [number, number] {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`The page has no place for thermometry: expected ${BEGIN} and ${END}`);
  return [begin + BEGIN.length, end];
}

function same(found: string, stated: string): boolean {
  const numbers = (cell: string): readonly number[] => cell.split('/').map(Number);
  const says = numbers(stated);
  return numbers(found).every((value, i) => Math.abs(value - (says[i] ?? NaN)) <= Math.max(TOLERANCE.absolute, TOLERANCE.relative * value));
}
