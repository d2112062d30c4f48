/** Numbers as the pane's labels print them. */
const MINUS = '−';

/** Three significant digits in the fixed range people read, else exponent; a true minus sign. */
export function formatValue(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'no value' : value > 0 ? '∞' : `${MINUS}∞`;
  if (value === 0) return '0';
  const size = Math.abs(value);
  const text =
    size >= 1e5 || size < 1e-3
      ? value.toExponential(digits - 1).replace('e+', 'e')
      : value.toFixed(Math.max(0, Math.min(6, digits - 1 - Math.floor(Math.log10(size)))));
  return text.replaceAll('-', MINUS);
}

/** The same without trailing zeros, for numbers that stand still: `0.82`, not `0.820`. */
export function formatShort(value: number, digits = 3): string {
  return formatValue(value, digits).replace(/(\.\d*?)0+(?=$|e)/, '$1').replace(/\.(?=$|e)/, '');
}

/** 1, 2 or 5 × 10ⁿ: the longest bar that fits `available` mm. */
export function scaleBarLength(available: number): number {
  const power = 10 ** Math.floor(Math.log10(available));
  const lead = available / power;
  return (lead >= 5 ? 5 : lead >= 2 ? 2 : 1) * power;
}
