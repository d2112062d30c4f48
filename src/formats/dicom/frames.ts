/** One file to its frames: per-frame attributes found, mosaics taken apart. */
import { type Frame, frameOf } from './frame.ts';
import { frameTags } from './frame-tags.ts';
import type { Instance } from './instance.ts';
import { mosaicTiles } from './mosaic.ts';

/** All frames in stored order. `warn` receives what was worked around. */
export function framesOf(instance: Instance, warn: (text: string) => void): Frame[] {
  const { enhanced, frames } = frameTags(instance.tags, instance.format.frames);
  // The position at the top of an object of many frames without functional groups is that of none of them in particular.
  const positioned = enhanced || instance.format.frames === 1;
  const single = frames.map((tags, index) => frameOf(instance, tags, index, positioned));
  return single.flatMap((frame) => mosaicTiles(frame, warn) ?? [frame]);
}
