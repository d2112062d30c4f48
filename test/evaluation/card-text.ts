/** What a card says about quality: tables, verdicts, bars and failure cases of one unrolled network. */
import { bars } from './bars.ts';
import type { Picture } from './card.ts';
import { METHODS } from './classical.ts';
import type { Figures } from './figures.ts';
import type { Setting } from './settings.ts';
import { duels, markdown, measuredTable, rssTable, settingTable, verdict } from './tables.ts';
import { trustText } from './trust-text.ts';

export const CLASSICAL: readonly string[] = Object.values(METHODS);

const INTRODUCTION = `
Measured through the product (\`npm run models:evaluate\`, CPU) on held-out data: slices of each volume with 8 simulated coils and SNR 40, and the
slice with 7 measured coils. Reference: the fully sampled coil images combined with uncropped ESPIRiT maps of that full data, the same for every method
and pattern. fastMRI definitions of PSNR (dB) and SSIM, each slice scored alone, then averaged. L1-wavelet and TV have the λ that is best
for each image *with* the reference, and the better of cropped and uncropped coil maps; SENSE and zero-filled have their defaults. These data were
looked at while recipes were chosen: they are development figures.`;

const RSS_INTRODUCTION = `
Against the root-sum-of-squares of the coil images, whose air holds the noise of all coils; means over all slices. Of L1-wavelet and TV the best of
the same candidates against this reference.`;

const MEASURED_INTRODUCTION = `
Recordings that the scanner undersampled have no reference. Residual: distance of the image, sampled with the method's own coil maps, from the
samples, relative to them.`;

const PICTURES_INTRODUCTION = 'Reference, estimate, and five times their difference, where the error is largest. Slices of the lowest SSIM:';

export function cardText({ model, rows, measured, trust }: Figures, settings: readonly Setting[], pictures: readonly Pick<Picture, 'key' | 'caption'>[]): string {
  const methods = [...CLASSICAL, model];
  const measuredSettings = settings.filter(({ id }) => rows.some((row) => row.setting === id && row.method === model));
  const sections = measuredSettings.map((setting) => `### ${capital(setting.title)}\n\n${settingTable(setting, rows, methods)}\n\n${verdict(duels(rows, model, setting.id))}`);
  if (measuredSettings.length > 0) sections.push(`### Against the root-sum-of-squares\n\n${RSS_INTRODUCTION.trim()}\n\n${rssTable(measuredSettings, rows, methods)}`);
  if (measured.length > 0) sections.push(`### Measured undersampled recordings\n\n${MEASURED_INTRODUCTION.trim()}\n\n${measuredTable(measured, [METHODS.sense, model])}`);
  if (trust.length > 0) sections.push(`### Predicted error\n\n${trustText(trust)}`);
  sections.push(`### What was asked for\n\n${barsTable(bars(rows, measured, model, settings, trust))}`);
  if (pictures.length > 0) {
    sections.push(`### Failure cases\n\n${PICTURES_INTRODUCTION}\n\n${pictures.map(({ key, caption }) => `![${caption}](${key}.png)\n\n*${caption}*`).join('\n\n')}`);
  }
  return [INTRODUCTION.trim(), ...sections].join('\n\n');
}

export function barsTable(found: ReturnType<typeof bars>): string {
  const word = (met: boolean | null): string => (met === null ? 'not all measured' : met ? 'yes' : '**no**');
  return markdown(['what', 'bar', 'measured', 'met'], found.map(({ what, bar, found: value, met }) => [what, bar, value, word(met)]));
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
