/** `lacuna sweep`: methods against acceleration, as a table or CSV. */
import { LacunaError } from '../../errors.ts';
import { writeFilesAtomically } from '../../formats/write-file.ts';
import { findSeries } from '../../pipeline/open-input.ts';
import { jsonMetrics } from '../../pipeline/receipt.ts';
import { findStep, listSteps } from '../../pipeline/registry.ts';
import type { RunOutcome } from '../../pipeline/run-event.ts';
import type { Flag } from '../arguments.ts';
import type { Command } from '../command.ts';
import { pipelineOf } from '../pipeline-of.ts';
import { words } from '../reading.ts';
import { chooseSteps, Engine, openCliInput, parseSlices } from '../engine.ts';
import { progressLine } from '../progress.ts';
import { INPUT_FLAGS, MACHINE_FLAGS } from '../shared-flags.ts';
import { sampleFlags, sampleParams } from '../sample-input.ts';
import { metricCells, seconds, table } from '../terminal.ts';
import { threadsOf } from '../machine.ts';

const FLAGS: readonly Flag[] = [
  { name: 'accelerations', kind: 'text', value: 'R,R,…', help: 'accelerations to try', default: '2,3,4,6,8' },
  { name: 'methods', kind: 'text', value: 'NAME,NAME,…', help: 'methods to compare, with default parameters; those that cannot take a point are left out of it', default: 'all' },
  { name: 'pattern', kind: 'text', value: 'NAME', help: 'sampling pattern', default: 'random' },
  { name: 'output', kind: 'text', value: 'FILE.csv', help: 'write the table as CSV' },
  ...INPUT_FLAGS,
  ...MACHINE_FLAGS,
];

export const sweepCommand: Command = {
  name: 'sweep',
  summary: 'Score several methods over a range of accelerations',
  usage: 'INPUT --accelerations 2,4,8 --methods zero-filled,sense,l1-wavelet',
  positionals: 1,
  flags: (argv) => [...FLAGS, ...chooseSteps(argv, false).flags.filter((f) => f.name !== 'acceleration'), ...sampleFlags(argv)],
  async run(args, out, argv) {
    const { recording, sample } = await openCliInput(args.positionals[0], sampleParams(argv, args), args);
    const engine = new Engine(threadsOf(args));
    try {
      const series = findSeries(recording, args.text('series'));
      const accelerations = words(args.text('accelerations') ?? '2,3,4,6,8').map((text) => positive(text));
      const methods = args.text('methods') === undefined ? listSteps('method').map((m) => m.name) : words(args.text('methods') ?? '');
      for (const name of methods) findStep('method', name);
      const calls = chooseSteps(argv, false).calls(args);
      const slices = parseSlices(args.text('slices'), series.slices);
      const points: Point[] = [];
      let left: LacunaError | null = null;
      for (const acceleration of accelerations) {
        for (const name of methods) {
          const pattern = { ...calls.pattern, params: { ...calls.pattern.params, acceleration } };
          const document = await pipelineOf({ recording, sample, series, slices, calls: { ...calls, pattern, method: { name, params: {} } }, args });
          try {
            const { outcome } = await engine.run(series, document, (event) => out.progress(`R ${acceleration} ${name}: ${progressLine(event)}`));
            points.push({ acceleration, method: name, outcome });
          } catch (error) {
            // What one method cannot take says nothing of the others.
            if (!(error instanceof LacunaError) || error.code !== 'usage.unsupported') throw error;
            left = error;
            out.warn(`left out: ${name} at R ${acceleration}: ${error.message}`);
          }
        }
      }
      if (points.length === 0 && left !== null) throw left;
      const head = ['R', 'achieved', 'method', 'PSNR dB', 'SSIM', 'NMSE', 'time', 'provider'];
      const rows = points.map(({ acceleration, method, outcome }) => [
        acceleration.toFixed(1),
        outcome.pattern.achieved.toFixed(2),
        method,
        ...metricCells(outcome.metrics),
        seconds(outcome.ms),
        outcome.provider,
      ]);
      out.say(table(head, rows));
      const contract = points.find((p) => p.outcome.metrics !== undefined)?.outcome.metrics?.contract;
      if (contract !== undefined) out.say(contract);
      const csv = args.text('output');
      if (csv !== undefined) await writeFilesAtomically([{ path: csv, bytes: new TextEncoder().encode(csvOf(points)) }]);
      out.result({
        points: points.map(({ acceleration, method, outcome }) => ({
          acceleration,
          achieved: outcome.pattern.achieved,
          method,
          milliseconds: outcome.ms,
          provider: outcome.provider,
          ...(outcome.metrics === undefined ? {} : { metrics: jsonMetrics(outcome.metrics) }),
        })),
      });
      return 0;
    } finally {
      await engine.close();
      await recording.close();
    }
  },
};

interface Point {
  readonly acceleration: number;
  readonly method: string;
  readonly outcome: RunOutcome;
}

/** Plain numbers at full precision; a metric that there is none of is left empty. */
function csvOf(points: readonly Point[]): string {
  const metrics = ['PSNR', 'SSIM', 'NMSE'];
  const head = ['acceleration', 'achieved', 'method', ...metrics.map((name) => name.toLowerCase()), 'milliseconds', 'provider'];
  const rows = points.map(({ acceleration, method, outcome }) => [
    acceleration,
    outcome.pattern.achieved,
    method,
    ...metrics.map((name) => outcome.metrics?.values.find((value) => value.name === name)?.value ?? ''),
    outcome.ms,
    `"${outcome.provider}"`,
  ]);
  return [head, ...rows].map((row) => `${row.join(',')}\n`).join('');
}

function positive(text: string): number {
  const value = Number(text);
  if (value >= 1) return value;
  throw new LacunaError('usage.invalid', `--accelerations expects numbers of at least 1, got “${text}”.`, { field: 'accelerations' });
}
