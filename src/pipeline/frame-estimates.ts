/** Views that follow time look at many frames: each is measured and reconstructed once, and remembered for the other panes. */
import type { MriEstimate, MriMeasurement } from '../mri/measurement.ts';
import { canonicalJson } from './canonical-json.ts';
import type { PipelineDocument } from './document.ts';
import { measure } from './measure.ts';
import type { FramePatterns } from './run-frames.ts';
import type { SliceCache } from './slice-cache.ts';
import type { FrameSampling } from './step.ts';

const PREFIX = 'frame-estimate:';
/** Bytes of images that are kept, the latest ones: a series of 64 frames of 320×320. */
const MOST_BYTES = 2 ** 26;

/** What was measured of that frame. Throws what reading and the pattern throw. */
export async function frameMeasurement({ slice, sampling }: FrameSampling, slices: SliceCache, patterns: FramePatterns): Promise<MriMeasurement> {
  const pattern = sampling === 'full' ? await patterns.full() : await patterns.of(slice);
  return measure(await slices.kspace(slice), pattern, slices.series);
}

interface Wanted {
  readonly document: PipelineDocument;
  readonly frame: FrameSampling;
  readonly mapsOf: FrameSampling | null;
}

interface Remembered {
  readonly slices: SliceCache;
  readonly estimate: MriEstimate;
}

/** The estimate of `make`, or the one that it gave before for the same frame, maps and document. */
export async function rememberedFrame({ document, frame, mapsOf }: Wanted, slices: SliceCache, cache: Map<string, unknown>, make: () => Promise<MriEstimate>): Promise<MriEstimate> {
  const { input, acquire, prepare, pattern, mask, method, provider } = document;
  const key = `${PREFIX}${canonicalJson({ input, acquire, prepare, pattern, mask, method, provider, frame, mapsOf })}`;
  const known = cache.get(key) as Remembered | undefined;
  // The residual is a function over large arrays, and is for the frame on screen.
  const { residual: _left, ...estimate } = known?.slices === slices ? known.estimate : await make();
  cache.delete(key);
  cache.set(key, { slices, estimate } satisfies Remembered);
  const kept = [...cache.keys()].filter((name) => name.startsWith(PREFIX));
  const most = Math.max(1, Math.floor(MOST_BYTES / estimate.image.data.byteLength));
  for (const name of kept.slice(0, -most)) cache.delete(name);
  return estimate;
}
