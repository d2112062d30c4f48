/** `lacuna reconstruct`: sample a recording, recover it, score it, write it with its receipt. */
import { exportResult, exportStepFor } from '../../pipeline/export-result.ts';
import { findSeries } from '../../pipeline/open-input.ts';
import type { ExportStep } from '../../pipeline/step.ts';
import type { Arguments, Flag } from '../arguments.ts';
import type { Command } from '../command.ts';
import { chooseSteps, Engine, openCliInput, parseSlices } from '../engine.ts';
import { pipelineOf } from '../pipeline-of.ts';
import { progressLine } from '../progress.ts';
import { threadsOf } from '../machine.ts';
import { DEFAULT_PATTERN, INPUT_FLAGS, MACHINE_FLAGS } from '../shared-flags.ts';
import { sampleFlags, sampleParams } from '../sample-input.ts';
import { callFromFlags, stepFlags } from '../step-flags.ts';
import { megabytes, metricCells, seconds, table } from '../terminal.ts';

const FLAGS: readonly Flag[] = [
  { name: 'pattern', kind: 'text', value: 'NAME|FILE', help: 'sampling pattern, or a .npy, .csv or .json file with one value per line or point', default: DEFAULT_PATTERN },
  { name: 'method', kind: 'text', value: 'NAME', help: 'reconstruction method', default: 'zero-filled' },
  { name: 'output', kind: 'text', value: 'FILE', help: 'write .npy, .nii, .nii.gz, .dcm, .h5 or .png; may be repeated', repeated: true },
  ...INPUT_FLAGS,
  ...MACHINE_FLAGS,
];

export const reconstructCommand: Command = {
  name: 'reconstruct',
  summary: 'Undersample a recording, reconstruct it, score it and write it',
  usage: 'INPUT --pattern random --acceleration 4 --method sense --output out.dcm',
  positionals: 1,
  notes:
    'With --output x.npy the result is float32 magnitude [slice, row, column] on the scale of the data, cropped like the reference.\n' +
    'Beside every output stands its receipt, FILE.lacuna.json, which `lacuna run` repeats to the same bits on CPU.\n' +
    'Flags of the pattern, the method and the outputs follow from the ones that are named; ask for --help together with --pattern and --method.',
  flags: (argv) => [...FLAGS, ...chooseSteps(argv, true).flags, ...sampleFlags(argv), ...exportFlags(argv)],
  async run(args, out, argv) {
    const { recording, sample } = await openCliInput(args.positionals[0], sampleParams(argv, args), args);
    const engine = new Engine(threadsOf(args));
    try {
      for (const warning of recording.warnings) out.warn(`note: ${warning}`);
      const series = findSeries(recording, args.text('series'));
      const slices = parseSlices(args.text('slices'), series.slices);
      const document = await pipelineOf({ recording, sample, series, slices, calls: chooseSteps(argv, true).calls(args), args });
      const outputs = args.all('output');
      for (const path of outputs) exportStepFor(path);
      const { outcome, receipt } = await engine.run(series, document, (event) => out.progress(progressLine(event)));
      // What has been read is what the receipt names.
      await recording.checkUnchanged?.();
      const files = [];
      for (const path of outputs) {
        const step = exportStepFor(path);
        files.push(...(await exportResult({ receipt, volume: outcome.volume, series: await engine.prepared(series, document), format: step.name, params: exportParams(step, argv, args), path, learned: engine.learned })));
      }
      const { pattern: kept } = receipt;
      out.say(`${kept.kind} kept ${kept.kept} of ${kept.total}: R ${kept.nominal.toFixed(2)} nominal, ${kept.achieved.toFixed(2)} achieved`);
      out.say(table(['method', 'PSNR dB', 'SSIM', 'NMSE', 'time', 'provider'], [[document.method.name, ...metricCells(outcome.metrics), seconds(outcome.ms), outcome.provider]]));
      if (outcome.metrics !== undefined) out.say(outcome.metrics.contract);
      for (const note of outcome.notes) out.say(note);
      for (const file of files) out.say(`wrote ${file.path}  ${megabytes(file.bytes)}`);
      out.result({ receipt, files });
      return 0;
    } finally {
      await engine.close();
      await recording.close();
    }
  },
};

function exportSteps(argv: readonly string[]): readonly ExportStep[] {
  const paths = argv.flatMap((arg, i) => (arg === '--output' ? [argv[i + 1] ?? ''] : arg.startsWith('--output=') ? [arg.slice(9)] : []));
  return [...new Set(paths.filter((p) => p !== '').map(exportStepFor))];
}

function exportFlags(argv: readonly string[]): readonly Flag[] {
  return exportSteps(argv).flatMap((step) => stepFlags([step]).map((flag) => ({ ...flag, name: `${step.name}-${flag.name}`, aliases: [] })));
}

function exportParams(step: ExportStep, argv: readonly string[], args: Arguments) {
  if (!exportSteps(argv).includes(step)) return {};
  const flags = stepFlags([step]).map((flag) => ({ ...flag, name: `${step.name}-${flag.name}` }));
  return callFromFlags(step, flags, args).params;
}
