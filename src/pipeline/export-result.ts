/** Writes a result through an export step, with its receipt beside it; all files appear together or not at all. */
import { basename, dirname, join } from 'node:path';
import { LacunaError } from '../errors.ts';
import { writeFilesAtomically } from '../formats/write-file.ts';
import { sha256Hex } from './canonical-json.ts';
import { checkParams, findStep, listSteps } from './registry.ts';
import { exportInput, type Receipt } from './receipt.ts';
import { type FinerExport, finerExport } from './restoration/finer-export.ts';
import type { InferContext } from './restoration/magnitude-graph.ts';
import type { Image } from './run-event.ts';
import type { ExportInput, ExportStep } from './step.ts';

export interface ExportOrder {
  readonly receipt: Receipt;
  readonly volume: Image;
  readonly series: ExportInput['series'];
  readonly format: string;
  readonly params: Readonly<Record<string, number | string | boolean>>;
  /** Within the volume, [start, end); all when absent. */
  readonly slices?: readonly [number, number];
  /** Full path including the extension. */
  readonly path: string;
  /** Runs networks, for formats with `finerParams`. */
  readonly learned?: InferContext;
}

export interface WrittenFile {
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
}

/** Returns the files written, the receipt last. Throws usage.* for wrong parameters and io.write where nothing was left behind. */
export async function exportResult(order: ExportOrder): Promise<readonly WrittenFile[]> {
  const step = findStep('export', order.format);
  const params = checkParams(step, { ...order.params });
  const slices = order.slices ?? [0, order.volume.shape[0] ?? 0];
  const input = await exportInput(order.receipt, order.volume, order.series, slices);
  const finer = await finerBy(params, input, order.learned);
  const made = await step.run(finer?.input ?? input, params);
  const { folder, stem, extension } = splitPath(order.path, step);
  const files = made.map((file) => ({ path: join(folder, `${stem}${file.suffix}${file.extension ?? extension}`), bytes: file.bytes }));
  const receipt: Receipt = {
    ...order.receipt,
    export: {
      format: order.format,
      params,
      ...(order.slices === undefined ? {} : { slices: [order.slices[0], order.slices[1]] }),
      ...(finer === null ? {} : { superResolution: finer.model }),
      files: await Promise.all(files.map(async (f) => ({ name: basename(f.path), sha256: await sha256Hex(f.bytes), bytes: f.bytes.length }))),
    },
  };
  const all = [...files, { path: receiptPath(order.path), bytes: new TextEncoder().encode(`${JSON.stringify(receipt, null, 2)}\n`) }];
  await writeFilesAtomically(all);
  return all.map((f) => ({ path: f.path, name: basename(f.path), bytes: f.bytes.length }));
}

/** Where the parameters ask for learned super-resolution; see finerParams. */
async function finerBy(params: Readonly<Record<string, unknown>>, input: ExportInput, context: InferContext | undefined): Promise<FinerExport | null> {
  const factor = Number(params['upscale'] ?? 1);
  if (factor !== 2 && factor !== 3) return null;
  if (params['component'] === 'phase') {
    throw new LacunaError('usage.unsupported', 'Super-resolution makes magnitudes; phase is exported as it is. Leave one of the two out.', { field: 'upscale' });
  }
  if (context === undefined) throw new LacunaError('usage.unsupported', 'Networks cannot be run here, so nothing can be made finer.', { field: 'upscale' });
  return finerExport(input, factor, context);
}

/** `brain.nii.gz` → `brain.nii.gz.lacuna.json`. */
export function receiptPath(path: string): string {
  return `${path}.lacuna.json`;
}

/** The export step whose extension the path has. Throws usage.invalid naming the extensions there are. */
export function exportStepFor(path: string): ExportStep {
  const name = basename(path).toLowerCase();
  const steps = listSteps('export');
  const found = steps.find((step) => step.extensions.some((extension) => name.endsWith(extension)));
  if (found !== undefined) return found;
  const known = steps.flatMap((step) => step.extensions).join(', ');
  throw new LacunaError('usage.invalid', `“${basename(path)}” has no known extension; expected one of ${known}.`, { field: 'output' });
}

function splitPath(path: string, step: ExportStep): { folder: string; stem: string; extension: string } {
  const name = basename(path);
  const extension = step.extensions.filter((e) => name.toLowerCase().endsWith(e)).sort((a, b) => b.length - a.length)[0] ?? '';
  return { folder: dirname(path), stem: name.slice(0, name.length - extension.length), extension: name.slice(name.length - extension.length) };
}
