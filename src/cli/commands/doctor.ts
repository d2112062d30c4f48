/** `lacuna doctor`: header fields that contradict the data, and what can be done about them. */
import type { Finding } from '../../array/read-options.ts';
import type { Command } from '../command.ts';
import { openCliInput } from '../engine.ts';
import { READING_FLAGS } from '../reading.ts';

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'List header fields that contradict the data, with the fixes there are',
  usage: 'FILE',
  positionals: 1,
  notes: 'Exit code 0 also where something is found. A fix is applied with --fix ID, here to look and in the other commands to use; the receipt names it.',
  flags: () => READING_FLAGS,
  async run(args, out) {
    const { recording } = await openCliInput(args.positionals[0], {}, args);
    try {
      const findings = recording.findings ?? [];
      out.say(findings.length === 0 ? `${recording.name}: nothing contradicts the data.` : `${recording.name}: ${findings.length} finding${findings.length === 1 ? '' : 's'}`);
      for (const finding of findings) for (const line of findingLines(finding)) out.say(line);
      for (const warning of recording.warnings) out.warn(`note: ${warning}`);
      out.result({ name: recording.name, format: recording.format, id: recording.id, findings, warnings: recording.warnings, ...(recording.read === undefined ? {} : { read: recording.read }) });
      return 0;
    } finally {
      await recording.close();
    }
  },
};

function findingLines({ id, severity, field, stated, found, remedy, fix }: Finding): string[] {
  const offer = fix === undefined ? [] : [fix.applied ? `  fix:     ${fix.title} (applied)` : `  fix:     ${fix.title}: --fix ${id}`];
  return ['', `${severity}  ${id}`, `  field:   ${field}`, `  stated:  ${stated}`, `  found:   ${found}`, `  remedy:  ${remedy}`, ...offer];
}
