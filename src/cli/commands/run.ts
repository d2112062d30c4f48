/** `lacuna run`: repeats a receipt and says whether the bits are the same. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Recording } from '../../array/recording.ts';
import { LacunaError } from '../../errors.ts';
import { exportResult } from '../../pipeline/export-result.ts';
import { findSeries, openInput } from '../../pipeline/open-input.ts';
import { parseReceipt, type Receipt } from '../../pipeline/receipt.ts';
import type { Flag } from '../arguments.ts';
import type { Command } from '../command.ts';
import { Engine } from '../engine.ts';
import { progressLine } from '../progress.ts';
import { metricCells, seconds } from '../terminal.ts';
import { threadsOf } from '../machine.ts';

const FLAGS: readonly Flag[] = [
  { name: 'input', kind: 'text', value: 'FILE', help: 'where the recording is now', default: 'beside the receipt, or here' },
  { name: 'output', kind: 'text', value: 'FILE', help: 'write the exported files again, under this name' },
  { name: 'threads', kind: 'number', value: 'N', help: 'processor threads', default: 'as in the receipt' },
];

export const runCommand: Command = {
  name: 'run',
  summary: 'Repeat a receipt and check that the result has the same bits',
  usage: 'RECEIPT.lacuna.json',
  positionals: 1,
  notes: 'Exit code 0 when the bits are the same, 4 when they differ, 3 when the input is not the recording that the receipt names.',
  flags: () => FLAGS,
  async run(args, out) {
    const path = args.positionals[0];
    if (path === undefined) throw new LacunaError('usage.invalid', 'Name a receipt (*.lacuna.json).', { field: 'receipt' });
    const receipt = await readReceipt(path);
    const { pipeline } = receipt;
    const recording = await findInput(receipt, args.text('input'), dirname(resolve(path)));
    const engine = new Engine(threadsOf(args, receipt.environment.threads));
    try {
      const found = await recording.sha256();
      // A document copied from the screen before a large file was hashed names the recording by its id.
      if (pipeline.input.sha256 !== found && pipeline.input.sha256 !== recording.id) {
        throw new LacunaError('input.mismatch', `This is not the recording of the receipt: expected SHA-256 ${pipeline.input.sha256}, found ${found}.`, { file: recording.name });
      }
      const series = findSeries(recording, pipeline.input.series);
      const { outcome, receipt: again } = await engine.run(series, { ...pipeline, input: { ...pipeline.input, sha256: found } }, (event) => out.progress(progressLine(event)));
      await recording.checkUnchanged?.();
      const identical = again.output.sha256 === receipt.output.sha256;
      const files = await writeAgain(receipt, again, outcome.volume, await engine.prepared(series, pipeline), args.text('output'), engine.learned);
      const sameFiles = files.every((f) => f.identical);
      const [psnr, ssim, nmse] = metricCells(outcome.metrics);
      out.say(`${pipeline.method.name}: PSNR ${psnr} dB, SSIM ${ssim}, NMSE ${nmse}, ${seconds(outcome.ms)}, ${outcome.provider}`);
      out.say(identical ? 'The result has the same bits as the receipt.' : `The result differs: expected ${receipt.output.sha256}, got ${again.output.sha256}.`);
      for (const file of files) out.say(`wrote ${file.path}${file.identical ? ', same bytes' : ', different bytes'}`);
      out.result({ identical, expected: receipt.output.sha256, found: again.output.sha256, files, receipt: again });
      return identical && sameFiles ? 0 : 4;
    } finally {
      await engine.close();
      await recording.close();
    }
  },
};

async function readReceipt(path: string): Promise<Receipt> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new LacunaError('io.read', `${basename(path)} cannot be read.`, { file: basename(path), cause });
  }
  return parseReceipt(text, basename(path));
}

async function findInput(receipt: Receipt, given: string | undefined, folder: string): Promise<Recording> {
  const { input } = receipt.pipeline;
  const open = (path: string) => openInput({ kind: 'path', path, ...(input.read === undefined ? {} : { read: input.read }) });
  if (given !== undefined) return open(given);
  if (input.sample !== undefined) return openInput({ kind: 'sample', sample: input.sample });
  const name = basename(input.name);
  const found = [join(folder, name), resolve(name)].find((candidate) => existsSync(candidate));
  if (found !== undefined) return open(found);
  throw new LacunaError('io.read', `The recording ${name} is neither beside the receipt nor here; say where with --input.`, { file: name });
}

/** Writes the export of the receipt under `output` and compares each file with the hash in the receipt. */
async function writeAgain(
  receipt: Receipt,
  again: Receipt,
  volume: Parameters<typeof exportResult>[0]['volume'],
  series: Parameters<typeof exportResult>[0]['series'],
  output: string | undefined,
  learned: Engine['learned'],
): Promise<{ path: string; identical: boolean }[]> {
  if (output === undefined) return [];
  const order = receipt.export;
  if (order === undefined) throw new LacunaError('usage.unsupported', 'This receipt names no exported file.', { field: 'output' });
  const written = await exportResult({
    receipt: again,
    volume,
    series,
    format: order.format,
    params: order.params,
    ...(order.slices === undefined ? {} : { slices: order.slices }),
    path: output,
    learned,
  });
  const receiptFile = written.at(-1);
  const now = parseReceipt(await readFile(receiptFile?.path ?? '', 'utf8'), basename(output)).export?.files ?? [];
  return written.slice(0, -1).map((file, i) => ({ path: file.path, identical: now[i]?.sha256 === order.files[i]?.sha256 }));
}
