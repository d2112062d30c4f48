/** Fuzzy search for the command palette. */

/**
 * How well `query` fits `text`, or null when its letters do not all occur in order. Runs of neighbouring letters and
 * word starts count more, so that `sr` finds "Sweep R" before "Search".
 */
export function fuzzyScore(query: string, text: string): number | null {
  const q = fold(query).replaceAll(' ', '');
  if (q === '') return 0;
  const t = fold(text);
  const whole = t.indexOf(fold(query).trim());
  if (whole >= 0) return 100 - whole + (startsWord(t, whole) ? 50 : 0) - t.length / 100;
  let score = 0;
  let at = -1;
  for (const letter of q) {
    const next = bestNext(t, letter, at);
    if (next < 0) return null;
    score += next === at + 1 ? 3 : startsWord(t, next) ? 4 : 0;
    at = next;
  }
  return score - t.length / 100;
}

/** A word start within reach if there is one, else the next place of the letter. */
function bestNext(text: string, letter: string, after: number): number {
  const first = text.indexOf(letter, after + 1);
  if (first < 0 || first === after + 1) return first;
  for (let i = first; i >= 0; i = text.indexOf(letter, i + 1)) if (startsWord(text, i)) return i;
  return first;
}

function startsWord(text: string, index: number): boolean {
  return index === 0 || !/[\p{L}\p{N}]/u.test(text[index - 1] as string);
}

function fold(text: string): string {
  return text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
}

/** Items that fit, best first; with an empty query all of them as they are. */
export function fuzzyFilter<T>(query: string, items: readonly T[], textOf: (item: T) => string): readonly T[] {
  if (query.trim() === '') return items;
  const scored: { item: T; score: number; index: number }[] = [];
  items.forEach((item, index) => {
    const score = fuzzyScore(query, textOf(item));
    if (score !== null) scored.push({ item, score, index });
  });
  return scored.sort((a, b) => b.score - a.score || a.index - b.index).map((s) => s.item);
}
