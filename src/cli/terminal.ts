/** What the CLI shows: progress on stderr, tables or one JSON object on stdout. */
import type { MetricReport } from '../pipeline/step.ts';

export interface Terminal {
  readonly json: boolean;
  /** A line for people on stdout; nothing in JSON mode. */
  say(line: string): void;
  /** Replaces the progress line on stderr. */
  progress(line: string): void;
  warn(line: string): void;
  /** The one object of JSON mode. */
  result(value: unknown): void;
}

export function terminal(options: { json: boolean; quiet: boolean }): Terminal {
  const live = process.stderr.isTTY === true;
  let lastLine = '';
  let lastAt = 0;
  const clear = () => {
    if (live && lastLine !== '') process.stderr.write('\r\u001b[K');
    lastLine = '';
  };
  return {
    json: options.json,
    say(line) {
      if (options.json) return;
      clear();
      process.stdout.write(`${line}\n`);
    },
    progress(line) {
      if (options.quiet || line === '' || line === lastLine) return;
      const now = Date.now();
      if (live) process.stderr.write(`\r\u001b[K${line}`);
      else if (now - lastAt > 1000) process.stderr.write(`${line}\n`);
      else return;
      lastAt = now;
      lastLine = line;
    },
    warn(line) {
      clear();
      process.stderr.write(`${line}\n`);
    },
    result(value) {
      clear();
      if (options.json) process.stdout.write(`${JSON.stringify(value)}\n`);
    },
  };
}

/** Columns padded to their widest cell; numbers right-aligned. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((h, c) => Math.max(h.length, ...rows.map((r) => (r[c] ?? '').length)));
  const numeric = head.map((_, c) => rows.every((r) => /^[-−\d.∞]/.test(r[c] ?? '') || r[c] === '–'));
  const line = (cells: readonly string[]) =>
    cells.map((cell, c) => (numeric[c] ? cell.padStart(widths[c] as number) : cell.padEnd(widths[c] as number))).join('  ').trimEnd();
  return [line(head), widths.map((w) => '─'.repeat(w)).join('  '), ...rows.map(line)].join('\n');
}

export function metricCells(report: MetricReport | undefined): readonly [string, string, string] {
  const value = (name: string, digits: number) => {
    const found = report?.values.find((v) => v.name === name);
    if (found === undefined) return '–';
    return Number.isFinite(found.value) ? found.value.toFixed(digits) : '∞';
  };
  return [value('PSNR', 2), value('SSIM', 4), value('NMSE', 5)];
}

export function seconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

export function megabytes(bytes: number): string {
  return bytes < 2 ** 20 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
