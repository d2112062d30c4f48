/** `npm run demo`: makes a brain recording, samples it at R = 4, recovers it with three methods, prints a table, writes files. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type PipelineDocument, pipelineSchema } from '../pipeline/document.ts';
import { exportResult } from '../pipeline/export-result.ts';
import { findSeries, openInput } from '../pipeline/open-input.ts';
import { NOTICE, PRODUCT } from '../version.ts';
import { Engine } from './engine.ts';
import { progressLine } from './progress.ts';
import { megabytes, metricCells, seconds, table, terminal } from './terminal.ts';

const FOLDER = 'demo-out';
const METHODS = ['zero-filled', 'l1-wavelet', 'unrolled'];
const EXPORTS: readonly (readonly [format: string, extension: string])[] = [
  ['png', '.png'],
  ['dicom', '.dcm'],
  ['nifti', '.nii.gz'],
];

const began = performance.now();
const out = terminal({ json: false, quiet: false });
const engine = new Engine(navigator.hardwareConcurrency);
const sample = { name: 'brain', params: {} };
const recording = await openInput({ kind: 'sample', sample });
const series = findSeries(recording);
const middle = Math.floor(series.slices / 2);
await mkdir(FOLDER, { recursive: true });
out.say(`${recording.name}: ${series.slices} slices, ${series.coils} coils, ${series.rows}×${series.columns}. Slices ${middle - 1} to ${middle + 1}, random lines, R = 4.`);

const rows: string[][] = [];
let contract = '';
const written: string[] = [];
for (const method of METHODS) {
  const document: PipelineDocument = pipelineSchema.parse({
    lacuna: 1,
    input: { name: recording.name, sha256: await recording.sha256(), sample, series: series.id },
    slices: [middle - 1, middle + 2],
    pattern: { name: 'random', params: { acceleration: 4, seed: 1 } },
    method: { name: method, params: {} },
  });
  const { outcome, receipt } = await engine.run(series, document, (event) => out.progress(`${method}: ${progressLine(event)}`));
  contract = outcome.metrics?.contract ?? contract;
  rows.push([method, ...metricCells(outcome.metrics), seconds(outcome.ms / (outcome.volume.shape[0] ?? 1)), outcome.provider]);
  for (const [format, extension] of EXPORTS) {
    const path = join(FOLDER, `brain-${method}${extension}`);
    const files = await exportResult({ receipt, volume: outcome.volume, series, format, params: {}, path });
    written.push(...files.map((f) => `${f.path}  ${megabytes(f.bytes)}`));
  }
}
out.say(table(['method', 'PSNR dB', 'SSIM', 'NMSE', 'time a slice', 'provider'], rows));
out.say(contract);
for (const line of written) out.say(line);
out.say(`${PRODUCT} demo, ${((performance.now() - began) / 1000).toFixed(1)} s. ${NOTICE}`);
await engine.close();
await recording.close();
