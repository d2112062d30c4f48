/** `lacuna`: everything the studio does, from the command line. Exit codes: 0 done, 2 usage, 3 bad input, 4 failed. */
import { type ErrorCode, LacunaError, serializeError, toLacunaError } from '../errors.ts';
import { NOTICE, PRODUCT, VERSION } from '../version.ts';
import { COMMON_FLAGS, flagHelp, parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { benchCommand } from './commands/bench.ts';
import { compareCommand } from './commands/compare.ts';
import { doctorCommand } from './commands/doctor.ts';
import { infoCommand } from './commands/info.ts';
import { modelsCommand } from './commands/models.ts';
import { reconstructCommand } from './commands/reconstruct.ts';
import { runCommand } from './commands/run.ts';
import { sampleCommand } from './commands/sample.ts';
import { serveCommand } from './commands/serve.ts';
import { sweepCommand } from './commands/sweep.ts';
import { viewCommand } from './commands/view.ts';
import { terminal } from './terminal.ts';

const COMMANDS: readonly Command[] = [
  infoCommand,
  doctorCommand,
  sampleCommand,
  reconstructCommand,
  viewCommand,
  compareCommand,
  sweepCommand,
  runCommand,
  serveCommand,
  modelsCommand,
  benchCommand,
];

export async function main(argv: readonly string[]): Promise<number> {
  // A reader that has seen enough (`lacuna info x | head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 4));
  const [name, ...rest] = argv;
  const out = terminal({ json: rest.includes('--json'), quiet: rest.includes('--quiet') });
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(`${overview()}\n`);
    return name === undefined ? 2 : 0;
  }
  if (name === '--version') {
    process.stdout.write(`${VERSION}\n`);
    return 0;
  }
  const command = COMMANDS.find((c) => c.name === name);
  if (command === undefined) {
    process.stderr.write(`lacuna: there is no command “${name}”. Try lacuna --help.\n`);
    return 2;
  }
  try {
    const flags = [...command.flags(rest), ...COMMON_FLAGS];
    if (rest.includes('--help') || rest.includes('-h')) {
      process.stdout.write(`${commandHelp(command, flagHelp(flags))}\n`);
      return 0;
    }
    const args = parseArguments(rest, flags);
    refuseExtra(command, args.positionals);
    return await command.run(args, out, rest);
  } catch (thrown) {
    const error = toLacunaError(thrown);
    out.warn(`lacuna ${name}: ${sentence(error)}`);
    if (error.code === 'internal' && error.cause instanceof Error) out.warn(error.cause.stack ?? '');
    out.result({ error: serializeError(error) });
    return exitCode(error.code);
  }
}

/** `lacuna info *.dcm` must not quietly look at the first file alone. */
function refuseExtra({ positionals: most }: Command, given: readonly string[]): void {
  if (most === undefined || given.length <= most) return;
  const takes = most === 0 ? 'no names' : most === 1 ? 'one name' : `${most} names`;
  const hint = given.some((path) => /\.(dcm|ima)$/i.test(path)) ? ' For DICOM images name their folder.' : '';
  throw new LacunaError('usage.invalid', `This takes ${takes} besides its flags; “${given[most]}” is one too many.${hint}`);
}

function exitCode(code: ErrorCode): number {
  if (code.startsWith('usage.')) return 2;
  if (code.startsWith('input.') || code === 'io.read') return 3;
  return 4;
}

function sentence(error: LacunaError): string {
  const where = [error.file, error.field].filter((part) => part !== undefined && !error.message.includes(part)).join(', ');
  return where === '' ? error.message : `${where}: ${error.message}`;
}

function overview(): string {
  const width = Math.max(...COMMANDS.map((c) => c.name.length)) + 2;
  const lines = COMMANDS.map((c) => `  ${c.name.padEnd(width)}${c.summary}`);
  return [`${PRODUCT} ${VERSION}. ${NOTICE}`, '', 'lacuna COMMAND [--help]', '', ...lines, '', 'Exit codes: 0 done, 2 usage, 3 bad input, 4 failed.'].join('\n');
}

function commandHelp(command: Command, flags: string): string {
  const notes = command.notes === undefined ? [] : ['', command.notes];
  return [`lacuna ${command.name} ${command.usage}`, '', `${command.summary}.`, '', flags, ...notes].join('\n');
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
