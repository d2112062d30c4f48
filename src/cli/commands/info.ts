/** `lacuna info`: what a file holds. */
import type { Series } from '../../array/recording.ts';
import { summariseRecording } from '../../host/summaries.ts';
import type { Command } from '../command.ts';
import { openCliInput } from '../engine.ts';
import { megabytes } from '../terminal.ts';

export const infoCommand: Command = {
  name: 'info',
  summary: 'Show what a file or DICOM folder holds',
  usage: 'INPUT',
  positionals: 1,
  notes: 'INPUT is a file, a folder of DICOM images, or sample:brain. Pixel data are not read.',
  flags: () => [],
  async run(args, out) {
    const { recording, sample } = await openCliInput(args.positionals[0]);
    try {
      out.say(`${recording.name}  ${recording.format}  ${megabytes(recording.bytes)}  id ${recording.id.slice(0, 12)}…`);
      for (const series of recording.series) for (const line of seriesLines(series)) out.say(line);
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
  return ['', `${series.id}  ${series.title}`, `  ${series.domain}, ${series.dtype}: ${axes}${crop}`, ...series.attributes.map((a) => `  ${a.label}: ${a.value}`)];
}
