/** Figures that a card states, one row a measurement, kept in `figures.json` of the package; and what it means that they are true. */
import { z } from 'zod';
import { trustLies, trustRow } from './trust-figures.ts';

const fidelity = { psnr: z.number(), ssim: z.number(), nmse: z.number() };

const row = z.strictObject({
  /** Id of a setting (settings.ts). */
  setting: z.string(),
  /** Name of a data set. */
  data: z.string(),
  slice: z.int().min(0),
  method: z.string(),
  /** Against the coil images combined with maps of the full data. */
  ...fidelity,
  /** Against their root-sum-of-squares. */
  rss: z.strictObject(fidelity),
  /** What was chosen with the reference, of methods that have it: `λ 0.004, ESPIRiT, uncropped`. */
  choice: z.string().optional(),
});
export type FigureRow = z.infer<typeof row>;

/** Of a recording without reference: how far the image is from the samples, relative to them. */
const measured = z.strictObject({ data: z.string(), method: z.string(), residual: z.number() });
export type MeasuredRow = z.infer<typeof measured>;

export const figuresSchema = z.strictObject({
  lacunaFigures: z.literal(1),
  model: z.string(),
  version: z.string(),
  /** The graphs that were measured: key → SHA-256. */
  graphs: z.record(z.string(), z.string()),
  rows: z.array(row),
  measured: z.array(measured),
  /** Of networks that the predicted error was measured with. */
  trust: z.array(trustRow).default([]),
});
export type Figures = z.infer<typeof figuresSchema>;

/** dB; SSIM; relative, of NMSE and of residuals. */
export const TOLERANCE = { psnr: 0.05, ssim: 0.002, relative: 0.03 } as const;

/**
 * Sentences about what `stated` says otherwise than `found`; none where it is true. Only what both have is compared, but everything
 * that was found must be stated.
 */
export function lies(stated: Figures, found: Figures): readonly string[] {
  const complaints: string[] = [];
  for (const [key, sha256] of Object.entries(found.graphs)) {
    if (stated.graphs[key] !== sha256) complaints.push(`the figures are of another graph “${key}”`);
  }
  if (stated.version !== found.version) complaints.push(`the figures are of version ${stated.version}, the package is ${found.version}`);
  const known = new Map(stated.rows.map((r) => [nameOf(r), r]));
  for (const measurement of found.rows) {
    const name = nameOf(measurement);
    const says = known.get(name);
    if (says === undefined) {
      complaints.push(`${name}: not stated`);
      continue;
    }
    complaints.push(...differences(name, says, measurement), ...differences(`${name}, root-sum-of-squares`, says.rss, measurement.rss));
  }
  for (const { data, method, residual } of found.measured) {
    const says = stated.measured.find((m) => m.data === data && m.method === method);
    if (says === undefined) complaints.push(`${data}, ${method}: residual not stated`);
    else if (!near(says.residual, residual)) complaints.push(`${data}, ${method}: residual ${says.residual.toFixed(4)} stated, ${residual.toFixed(4)} found`);
  }
  return [...complaints, ...trustLies(stated.trust, found.trust)];
}

function differences(name: string, says: Pick<FigureRow, 'psnr' | 'ssim' | 'nmse'>, is: Pick<FigureRow, 'psnr' | 'ssim' | 'nmse'>): string[] {
  const complaints: string[] = [];
  if (Math.abs(says.psnr - is.psnr) > TOLERANCE.psnr) complaints.push(`${name}: PSNR ${says.psnr.toFixed(2)} dB stated, ${is.psnr.toFixed(2)} found`);
  if (Math.abs(says.ssim - is.ssim) > TOLERANCE.ssim) complaints.push(`${name}: SSIM ${says.ssim.toFixed(4)} stated, ${is.ssim.toFixed(4)} found`);
  if (!near(says.nmse, is.nmse)) complaints.push(`${name}: NMSE ${says.nmse.toPrecision(3)} stated, ${is.nmse.toPrecision(3)} found`);
  return complaints;
}

const near = (a: number, b: number): boolean => Math.abs(a - b) <= TOLERANCE.relative * Math.max(Math.abs(a), Math.abs(b));

export function nameOf({ setting, data, slice, method }: Pick<FigureRow, 'setting' | 'data' | 'slice' | 'method'>): string {
  return `${setting}, ${data}, slice ${slice}, ${method}`;
}

/** JSON with one row a line, so that a change of one figure is a change of one line. */
export function figuresJson({ lacunaFigures, model, version, graphs, rows, measured: residuals, trust }: Figures): string {
  const list = (values: readonly unknown[]): string => (values.length === 0 ? '[]' : `[\n${values.map((value) => `  ${JSON.stringify(value)}`).join(',\n')}\n ]`);
  const head = [`"lacunaFigures": ${lacunaFigures}`, `"model": ${JSON.stringify(model)}`, `"version": ${JSON.stringify(version)}`, `"graphs": ${JSON.stringify(graphs)}`];
  return `{\n ${[...head, `"rows": ${list(rows)}`, `"measured": ${list(residuals)}`, `"trust": ${list(trust)}`].join(',\n ')}\n}\n`;
}

/** As many digits as mean something, so that files do not change with the machine's last bits. */
export function rounded({ psnr, ssim, nmse }: { readonly psnr: number; readonly ssim: number; readonly nmse: number }): { psnr: number; ssim: number; nmse: number } {
  return { psnr: Number(psnr.toFixed(3)), ssim: Number(ssim.toFixed(5)), nmse: Number(nmse.toPrecision(4)) };
}
