/** Numbers for people. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** `84 ms`, `2.9 s`, `3 min 12 s`. */
export function formatMs(ms: number): string {
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** Today: the time; this year: day and month; else the date. */
export function formatWhen(iso: string, now: Date = new Date()): string {
  const when = new Date(iso);
  if (Number.isNaN(when.getTime())) return iso;
  const time = `${String(when.getHours()).padStart(2, '0')}:${String(when.getMinutes()).padStart(2, '0')}`;
  if (when.toDateString() === now.toDateString()) return `today ${time}`;
  const date = `${when.getFullYear()}-${String(when.getMonth() + 1).padStart(2, '0')}-${String(when.getDate()).padStart(2, '0')}`;
  return `${date} ${time}`;
}

/** A metric with its usual number of digits: `37.9`, `0.957`, `0.0051`. */
export function formatMetric(name: 'PSNR' | 'SSIM' | 'NMSE', value: number | null): string {
  if (value === null) return '–';
  if (!Number.isFinite(value)) return '∞';
  if (name === 'PSNR') return value.toFixed(1);
  if (name === 'SSIM') return value.toFixed(3);
  return value >= 0.01 ? value.toFixed(3) : value.toPrecision(2);
}

/** Three significant digits without exponent noise. */
export function formatValue(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  return (size >= 0.001 && size < 100_000 ? Number(value.toPrecision(3)).toString() : value.toExponential(2)).replace('-', '−');
}

/** Every SHA-256 in a text to its first eight digits; the full one belongs in a tooltip. */
export function shortHashes(text: string): string {
  return text.replaceAll(/\b([0-9a-f]{8})[0-9a-f]{56}\b/g, '$1…');
}
