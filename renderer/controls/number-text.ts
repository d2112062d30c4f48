/** Numbers typed by people. */
export interface NumberRule {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly integer?: boolean | undefined;
  readonly unit?: string | undefined;
}
export type ParsedNumber = { readonly value: number } | { readonly problem: string };

/** Accepts a decimal comma, a true minus sign and a trailing unit. The problem says what was expected. */
export function parseNumber(text: string, rule: NumberRule): ParsedNumber {
  let plain = text.trim().replaceAll('−', '-').replace(',', '.');
  if (rule.unit !== undefined && plain.endsWith(rule.unit)) plain = plain.slice(0, -rule.unit.length).trim();
  const value = plain === '' ? Number.NaN : Number(plain);
  if (!Number.isFinite(value)) return { problem: `Enter a number${expected(rule)}.` };
  if (rule.integer === true && !Number.isInteger(value)) return { problem: `Enter a whole number${expected(rule)}.` };
  if ((rule.min !== undefined && value < rule.min) || (rule.max !== undefined && value > rule.max)) {
    return { problem: `Enter a value${expected(rule)}.` };
  }
  return { value };
}

function expected({ min, max, unit }: NumberRule): string {
  const tail = unit === undefined ? '' : ` ${unit}`;
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}${tail}`;
  if (min !== undefined) return ` of at least ${min}${tail}`;
  return max === undefined ? '' : ` of at most ${max}${tail}`;
}

/** The value `steps` grid steps away, inside the range. */
export function stepNumber(value: number, steps: number, step: number, rule: NumberRule): number {
  const next = Number((value + steps * step).toPrecision(12));
  return Math.min(rule.max ?? Infinity, Math.max(rule.min ?? -Infinity, next));
}
