/** State of one pane: what it shows, what a gesture does to it, what its labels say. */
import { displayValue, displayValues, imageSize, phaseFloor } from './display-value.ts';
import type { Mapping } from './display-value.ts';
import type { DragKind, DragPosition, GestureHandlers } from './gestures.ts';
import { zoomFactor } from './gestures.ts';
import type { DrawRequest } from './image-renderer.ts';
import { lineLength, lineProfile } from './line-profile.ts';
import { coordinateLabel, rangeLabel, scaleBar, valueLabel, zoomLabel } from './pane-labels.ts';
import { roiStatistics } from './roi-statistics.ts';
import type { ColormapName, ImagePaneProps, ImagePoint, PaneImage, Pixel, ProfileLine, Roi, ValueWindow } from './types.ts';
import { pixelAt, toImage, toImageStep, viewTransform } from './view-transform.ts';
import type { ViewTransform } from './view-transform.ts';
import { autoWindow, dragGain, dragWindow } from './window-level.ts';

/** The component's props; the bindable ones can be set. */
export interface PaneInputs {
  readonly props: Omit<ImagePaneProps, 'gain' | 'roi' | 'profile' | 'ownWindow'>;
  gain: number;
  roi: Roi | null;
  profile: ProfileLine | null;
  ownWindow: ValueWindow | null;
}

export class ImagePaneState implements GestureHandlers {
  readonly #in: PaneInputs;
  width = $state(0);
  height = $state(0);
  hovered = $state(false);
  #space = $state(false);
  /** Which image the blink timer shows. */
  blinkPhase = $state(false);
  swipe = $state(0.5);
  /** Rectangle of an auto-window drag, image coordinates. */
  box = $state.raw<Roi | null>(null);
  /** Line of the measure tool. */
  measure = $state.raw<ProfileLine | null>(null);
  /** Read out after a keyboard move. */
  announcement = $state('');

  constructor(inputs: PaneInputs) {
    this.#in = inputs;
  }

  /** Tab, link.blink or the blink mode shows another image in place of the pane's own. */
  readonly substitute = $derived.by(() => {
    const { reference, compare, link } = this.#in.props;
    if (link.blink && reference) return reference;
    return compare?.mode === 'blink' && this.blinkPhase ? compare : null;
  });
  readonly shown: PaneImage | null = $derived.by(() => this.substitute?.image ?? this.#in.props.image);
  readonly difference: PaneImage | null = $derived.by(() => {
    const { compare } = this.#in.props;
    return compare?.mode === 'difference' && this.substitute === null ? compare.image : null;
  });
  readonly size = $derived.by(() => (this.shown === null ? { rows: 1, columns: 1 } : imageSize(this.shown)));

  readonly view: ViewTransform = $derived.by(() => {
    const { link, spacing, pixelAspect } = this.#in.props;
    const { zoom, panRow, panColumn, flipHorizontal, rotation } = link;
    const aspect = pixelAspect ?? (spacing ? spacing.row / spacing.column : 1);
    return viewTransform({
      width: this.width, height: this.height, ...this.size, pixelAspect: aspect, zoom, panRow, panColumn, flipHorizontal, rotation,
    });
  });

  readonly display = $derived.by(() => this.#in.props.display ?? 'magnitude');
  readonly isSigned = $derived.by(() => this.difference !== null || (this.#in.props.signed === true && this.substitute === null));
  readonly mapping: Mapping = $derived.by(() => {
    const { signedRange = 1, inverted = false } = this.#in.props;
    if (this.isSigned) return { kind: 'signed', fullScale: signedRange / this.#in.gain };
    if (this.shown?.dtype === 'complex64' && this.display === 'phase') return { kind: 'phase' };
    return { kind: 'window', window: this.#window, inverted };
  });
  readonly colormap: ColormapName = $derived.by(() => {
    if (this.mapping.kind === 'signed') return 'diverging';
    const { colormap = 'grey' } = this.#in.props;
    return this.mapping.kind === 'phase' && colormap === 'grey' ? 'phase' : colormap;
  });

  readonly request: DrawRequest | null = $derived.by(() => {
    const image = this.shown;
    if (image === null || this.width === 0 || this.height === 0) return null;
    const { compare, overlayMask, overlayKind = 'lines', link } = this.#in.props;
    const mode = this.substitute === null && compare && compare.mode !== 'blink' ? compare.mode : null;
    const { rows, columns } = this.size;
    const fits = overlayMask?.length === (overlayKind === 'lines' ? columns : rows * columns);
    return {
      image,
      view: this.view,
      display: this.display,
      mapping: this.mapping,
      colormap: this.colormap,
      interpolate: link.interpolate,
      phaseFloor: this.mapping.kind === 'phase' ? phaseFloor(image) : 0,
      compare: mode === null || !compare ? null : { image: compare.image, mode, swipeX: this.swipe * this.width },
      mask: overlayMask && fits ? { data: overlayMask, kind: overlayKind } : null,
    };
  });

  readonly readPixel: Pixel | null = $derived.by(() => {
    const pixel = this.#in.props.link.hover ?? this.#in.props.link.crosshair;
    const { rows, columns } = this.size;
    return pixel !== null && pixel.row < rows && pixel.column < columns ? pixel : null;
  });
  readonly rangeText = $derived.by(() => (this.shown === null ? '' : rangeLabel(this.mapping)));
  readonly zoomText = $derived.by(() => (this.shown === null ? '' : zoomLabel(this.view)));
  readonly valueText = $derived.by(() => {
    const image = this.shown;
    const pixel = this.readPixel;
    if (image === null || pixel === null) return '';
    const { rows, columns } = this.size;
    const where = coordinateLabel(pixel, rows, columns, this.#in.props.coordinates ?? 'image');
    const index = pixel.row * columns + pixel.column;
    return `${where}  ${valueLabel(image, pixel, this.difference, this.valueAt(index))}${this.#in.props.unit ? ` ${this.#in.props.unit}` : ''}`;
  });
  readonly bar = $derived.by(() => (this.shown === null ? null : scaleBar(this.view, this.#in.props.spacing?.column)));
  readonly measureText = $derived.by(() => {
    if (this.measure === null) return '';
    const { spacing } = this.#in.props;
    return `${lineLength(this.measure, spacing ?? null).toFixed(1)} ${spacing ? 'mm' : 'px'}`;
  });

  readonly roiResult = $derived.by(() => {
    const { roi } = this.#in;
    if (!roi || this.shown === null) return null;
    return roiStatistics(roi, this.size.rows, this.size.columns, (i) => this.valueAt(i));
  });
  readonly profileResult = $derived.by(() => {
    const { profile } = this.#in;
    const { spacing } = this.#in.props;
    if (!profile || this.shown === null) return null;
    return lineProfile(profile, this.size.rows, this.size.columns, (i) => this.valueAt(i), spacing ?? null);
  });

  /** What pixel `index` (C order) is shown as; in difference mode the difference, with the second image centred on the first. */
  valueAt(index: number): number {
    if (this.shown === null) return Number.NaN;
    const value = displayValue(this.shown, index, this.display);
    if (this.difference === null) return value;
    const other = imageSize(this.difference);
    const { rows, columns } = this.size;
    const row = Math.floor(index / columns) + Math.floor((other.rows - rows) / 2);
    const column = (index % columns) + Math.floor((other.columns - columns) / 2);
    if (row < 0 || column < 0 || row >= other.rows || column >= other.columns) return Number.NaN;
    return value - displayValue(this.difference, row * other.columns + column, this.display);
  }

  get #window(): ValueWindow {
    return this.#in.ownWindow ?? this.#in.props.link.window;
  }
  set #window(window: ValueWindow) {
    if (this.#in.ownWindow === null) this.#in.props.link.window = window;
    else this.#in.ownWindow = window;
  }

  setSpace(held: boolean): void {
    this.#space = held;
  }

  /** Window from the 0.5th to the 99.5th percentile, of the whole image or of a region of it. */
  autoWindow(region: Roi | null = null): void {
    if (this.shown === null || this.mapping.kind !== 'window') return;
    const values = displayValues(this.shown, this.display);
    if (region === null) {
      this.#window = autoWindow(values);
      return;
    }
    const inside: number[] = [];
    const { rows, columns } = this.size;
    roiStatistics(region, rows, columns, (i) => {
      inside.push(values[i] as number);
      return values[i] as number;
    });
    if (inside.length > 1) this.#window = autoWindow(inside);
  }

  /** Moves the crosshair; the value there is announced. */
  moveCrosshair(rows: number, columns: number): void {
    if (this.shown === null) return;
    const { link } = this.#in.props;
    const size = this.size;
    const from = link.crosshair ?? { row: Math.floor(size.rows / 2), column: Math.floor(size.columns / 2) };
    const clamp = (n: number, end: number): number => Math.min(end - 1, Math.max(0, n));
    link.hover = null;
    link.crosshair = { row: clamp(from.row + rows, size.rows), column: clamp(from.column + columns, size.columns) };
    this.announcement = this.valueText;
  }

  /** Takes region, profile and measured line away; false when there was none. */
  clearShapes(): boolean {
    if (this.#in.roi === null && this.#in.profile === null && this.measure === null) return false;
    this.#in.roi = null;
    this.#in.profile = null;
    this.measure = null;
    return true;
  }

  // GestureHandlers

  tool(): NonNullable<ImagePaneProps['tool']> {
    return this.#in.props.tool ?? 'window';
  }

  spaceHeld(): boolean {
    return this.#space;
  }

  drag(kind: DragKind, phase: 'start' | 'move' | 'end' | 'cancel', at: DragPosition): void {
    if (kind === 'window') this.#dragWindow(at);
    else if (kind === 'pan') this.pan(at.dx, at.dy);
    else if (kind === 'zoom') this.zoom(zoomFactor(-at.dy), at.startX, at.startY);
    else this.#dragShape(kind, phase, at);
  }

  #dragWindow(at: DragPosition): void {
    const { link } = this.#in.props;
    const invert = link.invertLevelDrag;
    if (this.mapping.kind === 'signed') this.#in.gain = dragGain(this.#in.gain, at.dx, at.dy, invert);
    else if (this.mapping.kind === 'window') this.#window = dragWindow(this.#window, at.dx, at.dy, invert);
  }

  #dragShape(kind: DragKind, phase: 'start' | 'move' | 'end' | 'cancel', at: DragPosition): void {
    const from = this.#inside(toImage(this.view, at.startX, at.startY));
    const to = this.#inside(toImage(this.view, at.x, at.y));
    if (kind === 'profile') this.#in.profile = { from, to };
    else if (kind === 'measure') this.measure = { from, to };
    else if (kind === 'roi') this.#in.roi = { shape: this.#in.props.roiShape ?? 'ellipse', from, to };
    else {
      this.box = phase === 'end' || phase === 'cancel' ? null : { shape: 'rectangle', from, to };
      if (phase === 'end') this.autoWindow({ shape: 'rectangle', from, to });
    }
  }

  #inside(point: ImagePoint): ImagePoint {
    const { rows, columns } = this.size;
    return { row: Math.min(rows, Math.max(0, point.row)), column: Math.min(columns, Math.max(0, point.column)) };
  }

  click(x: number, y: number): void {
    const pixel = this.shown === null ? null : pixelAt(this.view, x, y);
    if (pixel !== null) this.#in.props.link.crosshair = pixel;
  }

  menu(clientX: number, clientY: number): void {
    this.#in.props.onmenu?.(clientX, clientY);
  }

  zoom(factor: number, x: number, y: number): void {
    const { row, column } = toImage(this.view, x, y);
    this.#in.props.link.zoomAt(factor, { row: row - this.size.rows / 2, column: column - this.size.columns / 2 });
  }

  pan(dx: number, dy: number): void {
    const { link } = this.#in.props;
    const step = toImageStep(this.view, dx, dy);
    link.panColumn -= step.column;
    link.panRow -= step.row;
  }

  slice(step: -1 | 1): boolean {
    this.#in.props.onslice?.(step);
    return this.#in.props.onslice !== undefined;
  }

  hover(x: number, y: number): void {
    this.hovered = true;
    this.#in.props.link.hover = this.shown === null ? null : pixelAt(this.view, x, y);
  }

  leave(): void {
    this.hovered = false;
    this.#space = false;
    this.#in.props.link.hover = null;
  }

  fit(): void {
    this.#in.props.link.fit();
  }

  setSwipe(position: number): void {
    this.swipe = Math.min(1, Math.max(0, position));
    this.#in.props.onswipe?.(this.swipe);
  }
}
