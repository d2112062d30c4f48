/** The view state that linked panes share: zoom, pan, crosshair, window. A pane with a ViewLink of its own is unlinked. */
import type { ImagePoint, Pixel, ValueWindow } from './types.ts';
import { turned } from './view-transform.ts';
import type { Rotation } from './view-transform.ts';

export const ZOOM_RANGE = { minimum: 0.1, maximum: 64 } as const;

export interface ViewLinkOptions {
  readonly window?: ValueWindow;
  /** False keeps the level rising as the pointer goes up. */
  readonly invertLevelDrag?: boolean;
}

export class ViewLink {
  /** Relative to fit: 1 shows the whole image, whatever its size. */
  zoom = $state(1);
  /** Image point at the middle of the pane, counted from the middle of the image, in pixels. */
  panRow = $state(0);
  panColumn = $state(0);
  crosshair = $state.raw<Pixel | null>(null);
  /** Pixel under the pointer, in whichever pane it is. */
  hover = $state.raw<Pixel | null>(null);
  window = $state.raw<ValueWindow>({ centre: 0.5, width: 1 });
  /** Mirrors the image as stored, before it is turned. */
  flipHorizontal = $state(false);
  rotation = $state<Rotation>(0);
  /** Bilinear instead of nearest. */
  interpolate = $state(false);
  crosshairVisible = $state(true);
  /** True shows each pane's reference image. */
  blink = $state(false);
  invertLevelDrag = $state(false);
  /** What `reset` returns to. Set it from the file's window, or from the first image. */
  #home: ValueWindow;

  constructor(options: ViewLinkOptions = {}) {
    this.#home = options.window ?? { centre: 0.5, width: 1 };
    this.window = this.#home;
    this.invertLevelDrag = options.invertLevelDrag ?? false;
  }

  /** Whole image in the pane. */
  fit(): void {
    this.zoom = 1;
    this.panRow = 0;
    this.panColumn = 0;
  }

  /** Multiplies the zoom, keeping `anchor` (counted from the middle of the image, in pixels) where it is on screen. */
  zoomAt(factor: number, anchor: ImagePoint = { row: this.panRow, column: this.panColumn }): void {
    const zoom = Math.min(ZOOM_RANGE.maximum, Math.max(ZOOM_RANGE.minimum, this.zoom * factor));
    const ratio = this.zoom / zoom;
    this.panRow = anchor.row - (anchor.row - this.panRow) * ratio;
    this.panColumn = anchor.column - (anchor.column - this.panColumn) * ratio;
    this.zoom = zoom;
  }

  /** A quarter turn of what is seen: 1 clockwise, −1 back. */
  rotate(direction: 1 | -1): void {
    this.rotation = turned(this.rotation, direction);
  }

  /** Left and right of what is seen change places: mirroring after a turn is mirroring before the turn the other way. */
  mirror(): void {
    this.flipHorizontal = !this.flipHorizontal;
    this.rotation = ((4 - this.rotation) % 4) as Rotation;
  }

  /** Makes `window` the one `reset` returns to, and shows it. */
  setHomeWindow(window: ValueWindow): void {
    this.#home = window;
    this.window = window;
  }

  /** Fit, home window, no flip, no turn, no crosshair. */
  reset(): void {
    this.fit();
    this.window = this.#home;
    this.flipHorizontal = false;
    this.rotation = 0;
    this.crosshair = null;
  }
}
