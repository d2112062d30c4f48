/**
 * Between image coordinates and CSS px of a pane. Pure: the shader is fed with the same numbers.
 * The image is mirrored left–right first, where asked, then turned: screen = origin + turn(scale · point).
 */
import type { ImagePoint, OrientationLabels, Pixel } from './types.ts';

/** Quarter turns clockwise on the screen, after the flip. */
export type Rotation = 0 | 1 | 2 | 3;

/** How the image lies on the screen, whatever its zoom. */
export interface Placement {
  readonly flipHorizontal: boolean;
  readonly rotation: Rotation;
}

export interface ViewInput extends Placement {
  /** CSS px. */
  readonly width: number;
  readonly height: number;
  readonly rows: number;
  readonly columns: number;
  readonly pixelAspect: number;
  readonly zoom: number;
  readonly panRow: number;
  readonly panColumn: number;
}

export interface ScreenPoint {
  readonly x: number;
  readonly y: number;
}

export interface ViewTransform extends ViewInput {
  /** CSS px per column and per row, before the turn; `scaleX` is negative when flipped. */
  readonly scaleX: number;
  readonly scaleY: number;
  /** Screen position of image point (0, 0). */
  readonly originX: number;
  readonly originY: number;
}

/** px kept free around a fitted image. */
export const FIT_MARGIN = 8;

const COSINE = [1, 0, -1, 0] as const;
const SINE = [0, 1, 0, -1] as const;

/** Cosine and sine of the turn; exact. */
export function turnOf(rotation: Rotation): readonly [cosine: number, sine: number] {
  return [COSINE[rotation], SINE[rotation]];
}

/** One quarter turn more, clockwise or back. */
export function turned(rotation: Rotation, direction: 1 | -1): Rotation {
  return ((rotation + 4 + direction) % 4) as Rotation;
}

// y points down on the screen, so this matrix turns clockwise.
function turn(rotation: Rotation, x: number, y: number): ScreenPoint {
  const [c, s] = turnOf(rotation);
  return { x: c * x - s * y, y: s * x + c * y };
}

function unturn(rotation: Rotation, x: number, y: number): ScreenPoint {
  const [c, s] = turnOf(rotation);
  return { x: c * x + s * y, y: c * y - s * x };
}

export function viewTransform(input: ViewInput): ViewTransform {
  const { width, height, rows, columns, pixelAspect, zoom, panRow, panColumn, flipHorizontal, rotation } = input;
  const across = Math.max(1, columns);
  const down = Math.max(1, rows * pixelAspect);
  const [wide, tall] = rotation % 2 === 0 ? [across, down] : [down, across];
  const fit = Math.min(Math.max(1, width - 2 * FIT_MARGIN) / wide, Math.max(1, height - 2 * FIT_MARGIN) / tall);
  const scaleX = fit * zoom * (flipHorizontal ? -1 : 1);
  const scaleY = fit * zoom * pixelAspect;
  const middle = turn(rotation, (columns / 2 + panColumn) * scaleX, (rows / 2 + panRow) * scaleY);
  return { ...input, scaleX, scaleY, originX: width / 2 - middle.x, originY: height / 2 - middle.y };
}

export function toScreen(view: ViewTransform, point: ImagePoint): ScreenPoint {
  const { x, y } = turn(view.rotation, point.column * view.scaleX, point.row * view.scaleY);
  return { x: view.originX + x, y: view.originY + y };
}

export function toImage(view: ViewTransform, x: number, y: number): ImagePoint {
  return toImageStep(view, x - view.originX, y - view.originY);
}

/** How far one moves in the image with a move of (`dx`, `dy`) on the screen. */
export function toImageStep(view: ViewTransform, dx: number, dy: number): ImagePoint {
  const { x, y } = unturn(view.rotation, dx, dy);
  return { row: y / view.scaleY, column: x / view.scaleX };
}

/** The step in whole pixels that goes `right` and `down` on the screen. */
export function screenStep({ rotation, flipHorizontal }: Placement, right: number, down: number): Pixel {
  const { x, y } = unturn(rotation, right, down);
  return { row: y, column: flipHorizontal ? -x : x };
}

/** The pixel that covers the point, or null outside the image. */
export function pixelAt(view: ViewTransform, x: number, y: number): Pixel | null {
  const point = toImage(view, x, y);
  const row = Math.floor(point.row);
  const column = Math.floor(point.column);
  return row >= 0 && row < view.rows && column >= 0 && column < view.columns ? { row, column } : null;
}

/** `transform` of an SVG path whose x are columns and y rows: the same place on screen as toScreen gives. */
export function pathTransform({ rotation, scaleX, scaleY, originX, originY }: ViewTransform): string {
  const [c, s] = turnOf(rotation);
  return `matrix(${[c * scaleX, s * scaleX, -s * scaleY, c * scaleY, originX, originY].join(' ')})`;
}

/** Letters of the image as stored → letters at the edges of the screen. */
export function placedLabels(labels: OrientationLabels, { flipHorizontal, rotation }: Placement): OrientationLabels {
  const { left, right, top, bottom } = flipHorizontal ? { ...labels, left: labels.right, right: labels.left } : labels;
  // Clockwise from the left edge; a quarter turn moves each one edge on.
  const edges = [left, top, right, bottom] as const;
  const at = (edge: number): string => edges[(edge + 4 - rotation) % 4] as string;
  return { left: at(0), top: at(1), right: at(2), bottom: at(3) };
}
