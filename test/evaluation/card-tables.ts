/** Figures read back from the tables of a card: for packages whose card is written by their exporter, rows and all. */
import { nameOf, TOLERANCE } from './figures.ts';
import { mean } from './tables.ts';

export interface StatedCell {
  /** Heading of the table. */
  readonly setting: string;
  readonly data: string;
  readonly method: string;
  readonly psnr: number;
  readonly ssim: number;
}

export interface FoundRow {
  readonly setting: string;
  readonly data: string;
  readonly method: string;
  readonly psnr: number;
  readonly ssim: number;
}

const CELL = /^(\d+\.\d+) \/ (\d\.\d+)$/;
const ALL = 'all slices';

/** Cells “PSNR / SSIM” of the tables below “### …”, a column of a method being headed `METHOD, PSNR dB / SSIM`. */
export function statedCells(card: string): readonly StatedCell[] {
  const cells: StatedCell[] = [];
  let setting = '';
  let methods: readonly string[] = [];
  for (const line of card.split('\n')) {
    if (line.startsWith('#')) [setting, methods] = [line.replace(/^#+ /, ''), []];
    if (!line.startsWith('|')) continue;
    const parts = line.slice(1, -1).split('|').map((part) => part.trim());
    if (parts.some((part) => part.endsWith(', PSNR dB / SSIM'))) methods = parts.slice(1).map((part) => part.replace(/, PSNR dB \/ SSIM$/, ''));
    const [data = '', ...values] = parts;
    for (const [i, value] of values.entries()) {
      const [, psnr, ssim] = CELL.exec(value) ?? [];
      const method = methods[i];
      if (psnr !== undefined && ssim !== undefined && method !== undefined) cells.push({ setting, data, method, psnr: Number(psnr), ssim: Number(ssim) });
    }
  }
  return cells;
}

/** Sentences about cells that are not the means of what was found; `titles` are the card's words for methods. */
export function falseCells(stated: readonly StatedCell[], found: readonly FoundRow[], titles: Readonly<Record<string, string>>): readonly string[] {
  const complaints: string[] = [];
  const settings = [...new Set(found.map(({ setting }) => setting))];
  for (const setting of settings) {
    const own = found.filter((row) => row.setting === setting);
    for (const data of [...new Set(own.map((row) => row.data)), ALL]) {
      for (const method of new Set(own.map((row) => row.method))) {
        const rows = own.filter((row) => row.method === method && (data === ALL || row.data === data));
        const title = titles[method] ?? method;
        const cell = stated.find((each) => each.setting === setting && each.data === data && each.method === title);
        const name = nameOf({ setting, data, slice: 0, method: title }).replace(', slice 0', '');
        if (cell === undefined) {
          complaints.push(`${name}: not stated`);
          continue;
        }
        const [psnr, ssim] = [mean(rows.map((row) => row.psnr)), mean(rows.map((row) => row.ssim))];
        if (Math.abs(cell.psnr - psnr) > TOLERANCE.psnr) complaints.push(`${name}: PSNR ${cell.psnr} dB stated, ${psnr.toFixed(2)} found`);
        if (Math.abs(cell.ssim - ssim) > TOLERANCE.ssim) complaints.push(`${name}: SSIM ${cell.ssim} stated, ${ssim.toFixed(4)} found`);
      }
    }
  }
  return complaints;
}
