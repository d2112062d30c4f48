/** The numeric arrays of a MAT-file of level 5: its variables, and the fields of its structs. */
import { promisify } from 'node:util';
import { constants, inflate, inflateSync } from 'node:zlib';
import { LacunaError } from '../../errors.ts';
import { memorySource } from '../byte-source.ts';
import type { ByteSource } from '../reader.ts';
import { cutOff, type Element, MI, readIntegers, readTag, type Region } from './elements.ts';
import { MAT_HEADER_BYTES } from './header.ts';
import { type MatrixHead, readHead } from './matrix.ts';

export interface Variable {
  /** `kspace`, or `scan.kspace` for a field of a struct. */
  readonly name: string;
  readonly head: MatrixHead;
  readonly region: Region;
}

export interface Found {
  readonly variables: readonly Variable[];
  /** Names and classes of what is not read. */
  readonly skipped: readonly string[];
}

const MAX_VARIABLES = 10_000;
/** Beyond this a file may not unpack to more than its own size: a few kilobytes can declare gigabytes. */
const FREE_BYTES = 192 * 1024 * 1024;
/** Enough of a compressed variable to know what it is. */
const PEEK_BYTES = 4096;

export async function findVariables(source: ByteSource, littleEndian: boolean): Promise<Found> {
  const file = source.name;
  const region: Region = { source, littleEndian, file };
  const variables: Variable[] = [];
  const skipped: string[] = [];
  const budget = { bytes: source.size + FREE_BYTES };
  for (let offset = MAT_HEADER_BYTES, n = 0; offset < source.size; n++) {
    if (n >= MAX_VARIABLES) throw new LacunaError('input.too-large', `More than ${MAX_VARIABLES} variables are beyond the limit.`, { file, field: 'variables' });
    const field = `variable ${n + 1}`;
    const element = await readTag(region, offset, source.size, field);
    offset = element.end;
    if (element.type !== MI.matrix && element.type !== MI.compressed) {
      throw new LacunaError('input.malformed', `An element of type ${element.type} stands where a variable should.`, { file, field });
    }
    const opened = element.type === MI.compressed ? await unpack(region, element, budget, field) : { region, matrix: element };
    if ('skipped' in opened) {
      skipped.push(opened.skipped);
      continue;
    }
    const head = await readHead(opened.region, opened.matrix);
    await collect(opened.region, head, head.name, variables, skipped, 0);
  }
  return { variables, skipped };
}

async function collect(region: Region, head: MatrixHead, name: string, variables: Variable[], skipped: string[], depth: number): Promise<void> {
  const count = head.sizes.reduce((product, n) => product * n, 1);
  if (head.numeric && count > 0) variables.push({ name, head, region });
  else if (head.className === 'struct' && count === 1 && depth === 0) await collectFields(region, head, name, variables, skipped);
  else skipped.push(`${name || '(without a name)'} (${head.className}${count === 0 ? ', empty' : ''})`);
}

/** A struct of one element: name length, names, then one array a field. */
async function collectFields(region: Region, head: MatrixHead, name: string, variables: Variable[], skipped: string[]): Promise<void> {
  const { source, file } = region;
  const field = `the fields of ${name}`;
  const lengths = await readTag(region, head.offset, head.end, field);
  const [length = 0] = await readIntegers(region, lengths, field);
  const names = await readTag(region, lengths.end, head.end, field);
  if (length < 1 || length > 256 || names.bytes % length !== 0 || names.bytes > 1024 * 1024) {
    throw new LacunaError('input.malformed', `The list of ${field} is damaged.`, { file, field: name });
  }
  const text = await source.read(names.offset, names.bytes);
  let offset = names.end;
  for (let at = 0; at < text.length; at += length) {
    const own = new TextDecoder().decode(text.subarray(at, at + length)).replace(/\0.*$/s, '');
    const matrix = await readTag(region, offset, head.end, `${name}.${own}`);
    if (matrix.type !== MI.matrix) throw new LacunaError('input.malformed', `${name}.${own} is no array.`, { file, field: name });
    offset = matrix.end;
    await collect(region, await readHead(region, matrix), `${name}.${own}`, variables, skipped, 1);
  }
}

const inflated = promisify(inflate) as unknown as (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Uint8Array>;

/** A compressed variable in memory; what holds no numbers is only looked at. */
async function unpack(region: Region, element: Element, budget: { bytes: number }, field: string): Promise<{ region: Region; matrix: Element } | { skipped: string }> {
  const { source, file, littleEndian } = region;
  const damaged = (cause?: unknown) => new LacunaError('input.malformed', `The compressed ${field} is damaged.`, { file, field, cause });
  const start = await source.read(element.offset, Math.min(PEEK_BYTES, element.bytes));
  let peek: Uint8Array;
  try {
    peek = inflateSync(start, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (cause) {
    throw damaged(cause);
  }
  if (peek.length < 8) throw damaged();
  const view = new DataView(peek.buffer, peek.byteOffset, 8);
  const [type, bytes] = [view.getUint32(0, littleEndian), view.getUint32(4, littleEndian)];
  if (type !== MI.matrix) throw damaged();
  const about = await peekHead(region, peek, bytes);
  if (about !== null && !about.numeric && about.className !== 'struct') return { skipped: `${about.name} (${about.className})` };
  if (bytes + 8 > budget.bytes) {
    throw new LacunaError('input.too-large', `The compressed ${field} unpacks to ${bytes} bytes, more than a file of ${source.size} bytes is allowed.`, { file, field });
  }
  budget.bytes -= bytes + 8;
  let whole: Uint8Array;
  try {
    // Eight bytes of padding may follow.
    whole = await inflated(await source.read(element.offset, element.bytes), { maxOutputLength: bytes + 16 });
  } catch (cause) {
    throw damaged(cause);
  }
  if (whole.length < bytes + 8) throw cutOff(file, field);
  const memory: Region = { source: memorySource(file, whole), littleEndian, file };
  return { region: memory, matrix: { type, offset: 8, bytes, end: 8 + bytes } };
}

/** What the first bytes say the variable is; null where they do not reach that far. */
async function peekHead(region: Region, peek: Uint8Array, bytes: number): Promise<MatrixHead | null> {
  const memory: Region = { ...region, source: memorySource(region.file, peek) };
  return readHead(memory, { type: MI.matrix, offset: 8, bytes, end: 8 + bytes }).catch(() => null);
}
