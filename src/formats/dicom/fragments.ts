/** Encapsulated pixel data (PS3.5 annex A.4): a basic offset table, then fragments; one frame may have several. */
import { LacunaError } from '../../errors.ts';
import type { ByteSource } from '../reader.ts';
import { TAG } from './tags.ts';

/** Pieces of the file that hold one frame's compressed stream, in order. */
export type FrameExtent = readonly { readonly offset: number; readonly length: number }[];

const ITEM = 0xfffee000;
const SEQUENCE_DELIMITER = 0xfffee0dd;
const WINDOW = 64 * 1024;
/** Bounds the list's memory where a file is nothing but empty fragments. */
const MAX_ITEMS = 1_000_000;

/** The extents of `frames` frames. Throws input.truncated or input.malformed naming Pixel Data. */
export async function findFrames(source: ByteSource, offset: number, frames: number): Promise<FrameExtent[]> {
  const items = await walkItems(source, offset);
  const [table, ...fragments] = items;
  if (table === undefined) throw malformed('the basic offset table is missing');
  if (fragments.length < frames) {
    throw new LacunaError('input.truncated', `${TAG.PixelData.label} holds ${fragments.length} fragments for ${frames} frames.`, {
      field: TAG.PixelData.label,
    });
  }
  if (fragments.length === frames) return fragments.map((f) => [f]);
  if (frames === 1) return [fragments];
  return splitByTable(await source.read(table.offset, table.length), fragments, frames);
}

async function walkItems(source: ByteSource, start: number): Promise<{ offset: number; length: number }[]> {
  const items: { offset: number; length: number }[] = [];
  const headers = new ItemHeaders(source);
  for (let at = start; at + 8 <= source.size; ) {
    const { tag, length } = await headers.read(at);
    if (tag === SEQUENCE_DELIMITER) return items;
    if (tag !== ITEM) throw malformed(`expected a fragment at byte ${at}, found tag ${tag.toString(16).padStart(8, '0')}`);
    if (at + 8 + length > source.size) {
      const found = source.size - at - 8;
      throw new LacunaError('input.truncated', `${TAG.PixelData.label} ends within a fragment: ${length} bytes expected, ${found} found.`, {
        field: TAG.PixelData.label,
      });
    }
    if (items.length === MAX_ITEMS) throw malformed(`more than ${MAX_ITEMS} fragments`);
    items.push({ offset: at + 8, length });
    at += 8 + length;
  }
  // Some writers leave the delimiter out; what is whole is used.
  return items;
}

/** Item headers through a read-ahead window, so that many small fragments cost few reads. */
class ItemHeaders {
  readonly #source: ByteSource;
  #window = new Uint8Array(0);
  #start = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  async read(at: number): Promise<{ tag: number; length: number }> {
    if (at < this.#start || at + 8 > this.#start + this.#window.length) {
      this.#window = new Uint8Array(await this.#source.read(at, Math.min(WINDOW, this.#source.size - at)));
      this.#start = at;
      if (this.#window.length < 8) throw new LacunaError('io.read', 'The file shrank while it was read.');
    }
    const view = new DataView(this.#window.buffer, this.#window.byteOffset + at - this.#start, 8);
    return { tag: view.getUint16(0, true) * 65536 + view.getUint16(2, true), length: view.getUint32(4, true) };
  }
}

/** The table gives, per frame, the offset of its first fragment's item from the first item behind the table. */
function splitByTable(table: Uint8Array, fragments: readonly { offset: number; length: number }[], frames: number): FrameExtent[] {
  if (table.length < frames * 4) {
    throw malformed(`${fragments.length} fragments for ${frames} frames need a basic offset table, which has ${table.length / 4} entries`);
  }
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const base = (fragments[0] as { offset: number }).offset - 8;
  const indexOf = new Map(fragments.map((f, i) => [f.offset - 8 - base, i]));
  const starts = Array.from({ length: frames }, (_, i) => indexOf.get(view.getUint32(i * 4, true)));
  return starts.map((start, i) => {
    const end = i + 1 < frames ? starts[i + 1] : fragments.length;
    if (start === undefined || end === undefined || end <= start)
      throw malformed(`the basic offset table points nowhere for frame ${i + 1}`);
    return fragments.slice(start, end);
  });
}

const malformed = (what: string): LacunaError =>
  new LacunaError('input.malformed', `${TAG.PixelData.label}: ${what}.`, { field: TAG.PixelData.label });
