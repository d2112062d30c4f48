/**
 * Between row-major interleaved images and *row blocks*: block (g, j) holds column j of rows 4g … 4g+3 as a lane block.
 * Storage index i stands for image index (i + ⌊n/2⌋) mod n in both directions, so that centred transforms need no rotation.
 */
import { BLOCK } from './butterflies';
import { gatherRows, scatterRows } from './lines';

@unmanaged class Pack {
  /** Row-major images, `rows`·`columns` complex numbers each. */
  image: usize;
  /** Row blocks: `step` bytes a group of four rows (columns rounded up to a multiple of four), `stride` bytes an image. */
  blocks: usize;
  step: usize;
  stride: usize;
  rows: i32;
  columns: i32;
  /** One row of zeros for packing, one to throw away for unpacking. */
  spare: usize;
}

@inline function rowAddress(it: Pack, plane: usize, i: i32): usize {
  if (i >= it.rows) return it.spare;
  const row = (i + (it.rows >> 1)) % it.rows;
  return plane + ((<usize>row * <usize>it.columns) << 3);
}

/** Task = image · groups + g. */
export function pack(job: usize, task: i32, inward: bool): void {
  const it = changetype<Pack>(job);
  const groups = (it.rows + 3) >> 2;
  const plane = task / groups, i = (task % groups) << 2;
  const image = it.image + ((<usize>plane * <usize>it.rows * <usize>it.columns) << 3);
  let blocks = it.blocks + <usize>plane * it.stride + <usize>(task % groups) * it.step;
  const a = rowAddress(it, image, i), b = rowAddress(it, image, i + 1), c = rowAddress(it, image, i + 2), d = rowAddress(it, image, i + 3);
  const shift = it.columns >> 1, head = it.columns - shift, turn = <usize>shift << 3;
  if (inward) gatherRows(a + turn, b + turn, c + turn, d + turn, head, blocks, 0);
  else scatterRows(blocks, head, a + turn, b + turn, c + turn, d + turn, 0, 1);
  blocks += <usize>head * BLOCK;
  if (inward) gatherRows(a, b, c, d, shift, blocks, 0);
  else scatterRows(blocks, shift, a, b, c, d, 0, 1);
}
