/** `lacuna info`: what a file holds. */
import type { Series } from '../../array/recording.ts';
import { isFullySampled } from '../../pipeline/slice-cache.ts';
import { suggestedPreparation } from '../../pipeline/prepare.ts';
import { summariseRecording } from '../../host/summaries.ts';
import type { Command } from '../command.ts';
import { openCliInput } from '../engine.ts';
import { READING_FLAGS } from '../reading.ts';
import { megabytes } from '../terminal.ts';

export const infoCommand: Command = {
  name: 'info',
  summary: 'Show what a file or DICOM folder holds',
  usage: 'INPUT',
  positionals: 1,
  notes: 'INPUT is a file, a folder of DICOM images, or sample:brain. Pixel data are not read. Findings of the raw-data doctor: lacuna doctor INPUT.',
  flags: () => READING_FLAGS,
  async run(args, out) {
    const { recording, sample } = await openCliInput(args.positionals[0], {}, args);
    try {
      out.say(`${recording.name}  ${recording.format}  ${megabytes(recording.bytes)}  id ${recording.id.slice(0, 12)}…`);
      for (const series of recording.series) for (const line of seriesLines(series)) out.say(line);
      const findings = recording.findings?.length ?? 0;
      if (findings > 0) out.say(`\n${findings} finding${findings === 1 ? '' : 's'} of the raw-data doctor: lacuna doctor ${recording.name}`);
      for (const warning of recording.warnings) out.warn(`note: ${warning}`);
      out.result(summariseRecording(recording, new Date().toISOString(), sample));
      return 0;
    } finally {
      await recording.close();
    }
  },
};

function seriesLines(series: Series): string[] {
  const axes = series.axes.map((a) => `${a.name} ${a.length}${a.spacing === undefined ? '' : ` × ${Number(a.spacing.toFixed(3))} mm`}`).join(', ');
  const crop = series.output.rows === series.rows && series.output.columns === series.columns ? '' : `, delivered as ${series.output.rows}×${series.output.columns}`;
  return ['', `${series.id}  ${series.title}`, `  ${series.domain}, ${series.dtype}: ${axes}${crop}`, ...rawDataLines(series), ...series.attributes.map((a) => `  ${a.label}: ${a.value}`)];
}

/** What a k-space series has besides its samples. */
function rawDataLines(series: Series): string[] {
  if (series.domain !== 'kspace') return [];
  const { trajectory, readNoise, readNavigators, axisChoice } = series;
  const suggested = suggestedPreparation(series).map(({ name }) => name);
  const has = [...(readNoise === undefined ? [] : ['noise scan']), ...(readNavigators === undefined ? [] : ['navigators'])];
  return [
    ...(trajectory === undefined ? [] : [`  Trajectory: ${trajectory.kind}, image matrix ${trajectory.matrix.rows}×${trajectory.matrix.columns}`]),
    ...(isFullySampled(series) ? [] : ['  Undersampled by the scanner: no reference to compare with']),
    ...(has.length === 0 ? [] : [`  Besides: ${has.join(', ')}`]),
    ...(suggested.length === 0 ? [] : [`  Suggested preparation: ${suggested.join(', ')}`]),
    ...(axisChoice === undefined ? [] : [`  Axes are assumed: ${axisChoice.axes.join(',')} as ${axisChoice.domain}; --axes and --domain say otherwise`]),
  ];
}
