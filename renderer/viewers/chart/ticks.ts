/** Round tick values. */

/** 1, 2 or 5 × 10ⁿ apart, about `count` of them and at least two, inside [low, high]: a single one tells of no scale. */
export function linearTicks(low: number, high: number, count: number): readonly number[] {
  if (!(high > low)) return [low];
  const raw = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const lead = raw / power;
  const coarsest = lead > 5 ? 10 : lead > 2 ? 5 : lead > 1 ? 2 : 1;
  const tried = [10, 5, 2, 1, 0.5].filter((step) => step <= coarsest).map((step) => multiples(step * power, low, high));
  return tried.find((ticks) => ticks.length >= 2) ?? [];
}

function multiples(step: number, low: number, high: number): readonly number[] {
  const found: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) found.push(Number((i * step).toPrecision(12)));
  return found;
}

/** Powers of ten; 1-2-5 steps where fewer than two powers fall inside. */
export function logTicks(low: number, high: number): readonly number[] {
  const ticks = [1, 2, 5].map((lead) => {
    const found: number[] = [];
    for (let n = Math.floor(Math.log10(low)); n <= Math.ceil(Math.log10(high)); n++) {
      const value = Number((lead * 10 ** n).toPrecision(12));
      if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) found.push(value);
    }
    return found;
  });
  const powers = ticks[0] ?? [];
  return powers.length >= 2 ? powers : ticks.flat().sort((a, b) => a - b);
}
