/** Round tick values. */

/** 1, 2 or 5 × 10ⁿ apart, about `count` of them, inside [low, high]. */
export function linearTicks(low: number, high: number, count: number): readonly number[] {
  if (!(high > low)) return [low];
  const raw = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const lead = raw / power;
  const step = (lead > 5 ? 10 : lead > 2 ? 5 : lead > 1 ? 2 : 1) * power;
  const ticks: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) ticks.push(Number((i * step).toPrecision(12)));
  return ticks;
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
