/**
 * The text header of BART's pair of files: sections, each headed by a line that begins with `#`.
 * Source: BART, `src/misc/io.c` and the section "file formats" of its documentation; versions 0.4 to 0.9 write
 * `# Dimensions`, `# Command`, `# Files` and `# Creator`. The values, in `.cfl`, are complex64, little-endian, first axis fastest.
 */
import type { AxisName } from '../../array/read-options.ts';
import { LacunaError } from '../../errors.ts';

export interface BartHeader {
  /** Sixteen, or as many as the header gives, filled up with ones. */
  readonly dims: readonly number[];
  readonly command?: string;
  readonly creator?: string;
  readonly files?: string;
}

export const BART_DIMS = 16;
/** BART's own names of its axes (`src/misc/mri.h`), and what they are called here. */
export const BART_AXES: readonly { readonly bart: string; readonly name: AxisName }[] = [
  { bart: 'READ', name: 'row' },
  { bart: 'PHS1', name: 'column' },
  { bart: 'PHS2', name: 'partition' },
  { bart: 'COIL', name: 'coil' },
  { bart: 'MAPS', name: 'map' },
  { bart: 'TE', name: 'echo' },
  { bart: 'COEFF', name: 'coefficient' },
  { bart: 'COEFF2', name: 'set' },
  { bart: 'ITER', name: 'set' },
  { bart: 'CSHIFT', name: 'segment' },
  { bart: 'TIME', name: 'frame' },
  { bart: 'TIME2', name: 'volume' },
  { bart: 'LEVEL', name: 'set' },
  { bart: 'SLICE', name: 'slice' },
  { bart: 'AVG', name: 'average' },
  { bart: 'BATCH', name: 'batch' },
];

const SIGNATURE = '# Dimensions';
/** BART writes well under a kilobyte; commands of long pipelines some more. */
export const BART_HEADER_BYTES = 65_536;

export function isBartHeader(head: Uint8Array): boolean {
  return [...SIGNATURE].every((letter, i) => head[i] === letter.charCodeAt(0));
}

/** Throws `input.malformed`, naming file and section. */
export function parseBartHeader(bytes: Uint8Array, file: string): BartHeader {
  const sections = new Map<string, string>();
  let section: string | null = null;
  for (const line of new TextDecoder().decode(bytes).split(/\r?\n/)) {
    const heading = /^#\s*(\w+)/.exec(line);
    if (heading !== null) section = heading[1] as string;
    else if (section !== null) sections.set(section, `${sections.get(section) ?? ''} ${line}`.trim());
  }
  const text = (name: string): string | undefined => sections.get(name) || undefined;
  const [command, creator, files] = [text('Command'), text('Creator'), text('Files')];
  return {
    dims: parseDims(sections.get('Dimensions'), file),
    ...(command === undefined ? {} : { command }),
    ...(creator === undefined ? {} : { creator }),
    ...(files === undefined ? {} : { files }),
  };
}

function parseDims(text: string | undefined, file: string): number[] {
  const field = 'Dimensions';
  const fail = (why: string) => new LacunaError('input.malformed', `The BART header ${why}.`, { file, field });
  if (text === undefined) throw fail('has no section "# Dimensions"');
  const words = text.split(/\s+/).filter((word) => word !== '');
  if (words.length === 0 || !words.every((word) => /^\d{1,15}$/.test(word))) throw fail('must list its dimensions as whole numbers');
  if (words.length > BART_DIMS) throw fail(`has ${words.length} dimensions; BART knows ${BART_DIMS}`);
  const dims = words.map(Number);
  if (dims.some((n) => n === 0)) throw fail('has a dimension of length 0');
  while (dims.length < BART_DIMS) dims.push(1);
  if (!Number.isSafeInteger(dims.reduce((product, n) => product * n, 8))) throw fail('promises more values than any file can hold');
  return dims;
}

/** `READ 384 · PHS1 69 · COIL 16`: the dimensions longer than 1. */
export function describeDims(dims: readonly number[]): string {
  const named = dims.flatMap((n, i) => (n > 1 ? [`${BART_AXES[i]?.bart ?? i} ${n}`] : []));
  return named.length === 0 ? 'one value' : named.join(' · ');
}
