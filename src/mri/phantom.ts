/**
 * A head that never lived: axial brain slices drawn from signed distances and seeded noise, so that a studio without
 * any recording has something true to the eye to undersample. Asymmetric, anti-aliased at any matrix size, and the same
 * to the bit for the same parameters. Cortical folds are level sets of a noise field stretched along the depth (folds
 * look like the zero lines of band-limited noise); layers of the scalp and skull vary with direction; deep structures
 * come from tables (phantom-anatomy.ts). Not an atlas, and of no diagnostic meaning.
 */
import { NoisePlane } from '../random/noise-plane.ts';
import { type Anatomy, anatomyAt } from './phantom-anatomy.ts';
import { foldField } from './phantom-folds.ts';
import { directionIndex, type HeadOutline, headOutline } from './phantom-head.ts';
import { chainDistance, coverage, ellipseDistance, length, smoothMin } from './phantom-shapes.ts';
import { type BrainSlice, xOf, yOf } from './phantom-slice.ts';
import { makeSpots, type Spot } from './phantom-spots.ts';
import { SIGNAL, type Tissue } from './phantom-tissue.ts';

/** Thickness of the cortical ribbon, mm. */
const CORTEX = 3;

/** Width of the sharpest edge, mm: what a slice of a few millimetres leaves of it. */
const FINEST = 1.1;
/** Grey turns into white matter over this width, mm. */
const GREY_WHITE = 1.8;

/**
 * Magnitude image, [rows, columns], between 0 and about 1.1; the patient's left is on the right, the front at the
 * top.
 */
export function brainSlice(slice: BrainSlice): Float32Array {
  const { rows, columns, z, seed } = slice;
  const head = prepare(slice);
  const shading = new NoisePlane(seed + 25, 130, z, REACH);
  const out = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const y = yOf(slice, row);
    for (let column = 0; column < columns; column++) {
      const x = xOf(slice, column);
      const i = row * columns + column;
      const value = paintPoint(head, x, y, head.folds[i] as number);
      if (value > 0) out[i] = value * (1 + 0.1 * shading.at(x, y));
    }
  }
  return out;
}

/** Noise is defined to this distance from the middle, mm. */
const REACH = 110;

interface Head {
  readonly signal: { readonly [T in Tissue]: number };
  readonly brush: Brush;
  readonly z: number;
  readonly outline: HeadOutline;
  readonly anatomy: Anatomy;
  readonly folds: Float32Array;
  readonly warpX: NoisePlane;
  readonly warpY: NoisePlane;
  readonly texture: NoisePlane;
  readonly grain: NoisePlane;
  readonly spots: readonly Spot[];
}

function prepare(slice: BrainSlice): Head {
  const { z, seed } = slice;
  const outline = headOutline(z, seed);
  const anatomy = anatomyAt(z);
  return {
    signal: SIGNAL[slice.contrast],
    brush: new Brush(Math.max(slice.rowSpacing, slice.columnSpacing, FINEST)),
    z,
    outline,
    anatomy,
    folds: foldField(slice, outline, anatomy),
    warpX: new NoisePlane(seed + 21, 38, z, REACH),
    warpY: new NoisePlane(seed + 22, 38, z, REACH),
    texture: new NoisePlane(seed + 23, 17, z, REACH),
    grain: new NoisePlane(seed + 24, 4.5, z, REACH),
    spots: makeSpots(seed, z),
  };
}

/** One pixel being painted over, layer by layer. One object for all pixels, so that nothing is allocated on the way. */
class Brush {
  value = 0;
  readonly #blur: number;

  constructor(blur: number) {
    this.#blur = blur;
  }

  /** Covers the part of the pixel that lies inside an edge at `distance` mm (negative inside). */
  inside(distance: number, level: number): void {
    this.cover(coverage(distance, this.#blur), level);
  }

  cover(share: number, level: number): void {
    this.value += share * (level - this.value);
  }
}

/** Signal at one point, 0 outside the head; `fold` is the distance to the nearest sulcus. */
function paintPoint(head: Head, x: number, y: number, fold: number): number {
  const { outline, signal, brush } = head;
  const radius = Math.sqrt(x * x + y * y);
  const i = directionIndex(x, y);
  const outside = radius - (outline.skin[i] as number);
  if (outside > 3) return 0;
  const mottle = head.texture.at(x, y);
  const fine = head.grain.at(x, y);
  brush.value = 0;
  brush.inside(outside, signal.skin * (1 + 0.12 * fine));
  brush.inside(radius - (outline.fat[i] as number), signal.fat * (1 + 0.12 * mottle + 0.16 * fine));
  brush.inside(radius - (outline.muscle[i] as number), signal.muscle * (1 + 0.15 * fine));
  brush.inside(radius - (outline.outerTable[i] as number), signal.bone);
  brush.inside(radius - (outline.marrow[i] as number), signal.marrow * (1 + 0.18 * mottle + 0.16 * fine));
  brush.inside(radius - (outline.innerTable[i] as number), signal.bone);
  const beyondDura = radius - (outline.dura[i] as number);
  if (beyondDura > 3) return brush.value;

  brush.inside(beyondDura, signal.dura);
  brush.inside(beyondDura + 0.9, signal.csf * (1 + 0.05 * mottle));
  const depth = (outline.brain[i] as number) - radius;
  if (depth > -2) paintBrain(head, x + 1.6 * head.warpX.at(x, y), y + 1.6 * head.warpY.at(x, y), depth, fold, mottle, fine);
  paintSinus(head, x, y);
  if (depth > 14) paintSpots(head, x, y);
  return brush.value;
}

/** Cortex, white matter, nuclei and ventricles. */
function paintBrain(head: Head, x: number, y: number, depth: number, fold: number, mottle: number, fine: number): void {
  const { anatomy, signal, brush } = head;
  // Sides differ: the right half (x < 0) is a touch smaller, its ventricle narrower.
  const side = x < 0 ? -x * 1.02 : x * 0.985;
  const back = y + (x < 0 ? -1.2 : 0.8);
  const insula = chainDistance(side, back, anatomy.insula);
  const sylvian = chainDistance(side, back, anatomy.sylvian);
  const convexity = smoothMin(smoothMin(depth, fold, 2), smoothMin(insula, sylvian, 2), 2);
  const pia = Math.min(convexity, fissureDistance(x, y, anatomy));
  brush.inside(-pia, signal.cortex * (1 + 0.03 * mottle + 0.04 * fine));
  const core = pia - CORTEX - 0.4 * mottle;
  if (core < -2) return;
  brush.cover(coverage(-core, GREY_WHITE), signal.white * (1 + 0.025 * mottle + 0.018 * fine));
  if (side > 45) return;

  const striatum = signal.striatum * (1 + 0.04 * fine);
  brush.inside(ellipseDistance(side, back, anatomy.putamen) + 0.5 * fine, striatum);
  brush.inside(ellipseDistance(side, back, anatomy.pallidum), signal.pallidum * (1 + 0.03 * fine));
  brush.inside(ellipseDistance(side, back, anatomy.caudate), striatum);
  brush.inside(ellipseDistance(side, back, anatomy.thalamus) + 0.4 * mottle, signal.thalamus * (1 + 0.06 * fine + 0.04 * mottle));
  brush.inside(chainDistance(side, back, anatomy.claustrum), striatum);
  brush.inside(chainDistance(side, back, anatomy.lateralVentricle) + (x < 0 ? 0.35 : -0.25), signal.csf * (1 + 0.02 * mottle));
  brush.inside(chainDistance(x, y, anatomy.thirdVentricle), signal.csf);
  // The choroid plexus hangs in the atrium of each lateral ventricle.
  if (head.z < 14) brush.inside(length(side - 25.5, back - 32.5) - 2.2 + fine, 0.8 * signal.choroid + 0.2 * signal.csf);
}

/** The cleft between the hemispheres, in front of and behind the callosum; the falx runs in it. */
function fissureDistance(x: number, y: number, anatomy: Anatomy): number {
  const [front, back] = anatomy.fissureEnds;
  const middle = 0.7 * Math.sin(y / 17) + 0.35 * Math.sin(y / 6.1);
  const beyond = Math.max(0, Math.min(y - front, back - y));
  return length(x - middle, beyond) - (0.5 + 0.012 * Math.max(0, Math.abs(y) - 35));
}

function paintSpots({ spots, signal, brush }: Head, x: number, y: number): void {
  for (const spot of spots) {
    const distance = length(x - spot.x, y - spot.y) - spot.radius;
    if (distance < 2) brush.cover(spot.strength * coverage(distance, spot.softness), signal[spot.tissue]);
  }
}

/** Superior sagittal sinus, in front and behind: a triangle in the fold of the dura, its base on the skull. */
function paintSinus({ outline, signal, brush }: Head, x: number, y: number): void {
  if (Math.abs(x) > 9) return;
  const wall = outline.dura[directionIndex(0, y)] as number;
  const inward = wall - Math.abs(y);
  const size = y > 0 ? 6.5 : 3;
  if (inward < -1 || inward > size + 2) return;
  const sinus = Math.max(Math.abs(x) - 0.62 * (size - inward), inward - size, 0.8 - inward);
  brush.inside(sinus - 0.8, signal.dura);
  brush.inside(sinus, signal.blood);
}
