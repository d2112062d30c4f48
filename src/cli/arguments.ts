/** Command-line arguments: flags with types and help, strict parsing, generated help text. */
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { LacunaError } from '../errors.ts';

export interface Flag {
  /** Without dashes: `centre-fraction`. */
  readonly name: string;
  readonly kind: 'text' | 'number' | 'switch';
  /** `FILE`, `R`, `N:M`; shown in help. */
  readonly value?: string;
  readonly help: string;
  readonly default?: string;
  readonly repeated?: boolean;
  /** Other spellings, not shown. */
  readonly aliases?: readonly string[];
}

export interface Arguments {
  readonly positionals: readonly string[];
  text(name: string): string | undefined;
  all(name: string): readonly string[];
  number(name: string): number | undefined;
  on(name: string): boolean;
}

export const COMMON_FLAGS: readonly Flag[] = [
  { name: 'json', kind: 'switch', help: 'print one machine-readable JSON object on stdout' },
  { name: 'quiet', kind: 'switch', help: 'no progress on stderr' },
  { name: 'help', kind: 'switch', help: 'show this help' },
];

/** Throws usage.invalid for unknown flags, missing values and numbers that are none. */
export function parseArguments(argv: readonly string[], flags: readonly Flag[]): Arguments {
  const options: ParseArgsOptionsConfig = {};
  const canonical = new Map<string, string>();
  for (const flag of flags) {
    for (const name of [flag.name, ...(flag.aliases ?? [])]) {
      options[name] = { type: flag.kind === 'switch' ? 'boolean' : 'string', multiple: true };
      canonical.set(name, flag.name);
    }
  }
  const parsed = parse(argv, options);
  const values = new Map<string, (string | boolean)[]>();
  for (const [name, given] of Object.entries(parsed.values)) {
    const key = canonical.get(name) ?? name;
    values.set(key, [...(values.get(key) ?? []), ...(given as (string | boolean)[])]);
  }
  for (const flag of flags) {
    const given = values.get(flag.name);
    if (given !== undefined && given.length > 1 && flag.repeated !== true && flag.kind !== 'switch') {
      throw new LacunaError('usage.invalid', `--${flag.name} was given twice.`, { field: flag.name });
    }
  }
  const text = (name: string) => values.get(name)?.at(-1) as string | undefined;
  return {
    positionals: parsed.positionals,
    text,
    all: (name) => (values.get(name) ?? []) as string[],
    number(name) {
      const given = text(name);
      if (given === undefined) return undefined;
      const value = given.trim() === '' ? Number.NaN : Number(given);
      if (Number.isFinite(value)) return value;
      throw new LacunaError('usage.invalid', `--${name} expects a number, got “${given}”.`, { field: name });
    },
    on: (name) => values.get(name)?.at(-1) === true,
  };
}

function parse(argv: readonly string[], options: ParseArgsOptionsConfig) {
  try {
    return parseArgs({ args: joinNegativeNumbers(argv), options, allowPositionals: true, strict: true });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message.split(/\.\s/)[0] : String(cause);
    throw new LacunaError('usage.invalid', `${message}. Try --help.`, { cause });
  }
}

/** `--seed -1` → `--seed=-1`: parseArgs takes the value for a flag otherwise. */
function joinNegativeNumbers(argv: readonly string[]): string[] {
  const out: string[] = [];
  for (const arg of argv) {
    const last = out.at(-1);
    if (/^-\d/.test(arg) && last?.startsWith('--') === true && !last.includes('=')) out[out.length - 1] = `${last}=${arg}`;
    else out.push(arg);
  }
  return out;
}

/** Value of a flag before the full set of flags is known (steps decide which flags there are). */
export function peek(argv: readonly string[], name: string): string | undefined {
  for (let i = argv.length - 1; i >= 0; i--) {
    const arg = argv[i] as string;
    if (arg === `--${name}`) return argv[i + 1];
    if (arg.startsWith(`--${name}=`)) return arg.slice(name.length + 3);
  }
  return undefined;
}

export function flagHelp(flags: readonly Flag[]): string {
  const left = flags.map((f) => `  --${f.name}${f.kind === 'switch' ? '' : ` ${f.value ?? (f.kind === 'number' ? 'N' : 'TEXT')}`}`);
  const width = Math.min(34, Math.max(...left.map((l) => l.length)) + 2);
  return flags
    .map((flag, i) => {
      const head = left[i] as string;
      const fallback = flag.default === undefined ? '' : ` [${flag.default}]`;
      const pad = head.length + 2 > width ? `\n${' '.repeat(width)}` : ' '.repeat(width - head.length);
      return `${head}${pad}${flag.help}${fallback}`;
    })
    .join('\n');
}
