/** What an image pane shows and reports. Image coordinates: pixel (row r, column c) covers [r, r+1) × [c, c+1). */
import type { NdArray } from '../../../src/array/nd-array.ts';
import type { Snippet } from 'svelte';
import type { ViewLink } from './view-link.svelte.ts';
import type { ViewTransform } from './view-transform.ts';

/** Two-dimensional, [row, column]. */
export type PaneImage = NdArray<'float32'> | NdArray<'complex64'>;

/** Colour of the dot before the title: amber, cyan, magenta, none. */
export type PaneRole = 'measured' | 'recovered' | 'error' | 'reference';
/** Which real number a complex pixel is shown as. A float32 image is shown as it is, whatever the display. */
export type ComplexDisplay = 'magnitude' | 'phase' | 'real' | 'imaginary';
/** What the left button does. `measure` draws a line and reports its length. */
export type PaneTool = 'window' | 'pan' | 'zoom' | 'roi' | 'profile' | 'measure';
export type ColormapName = 'grey' | 'viridis' | 'inferno' | 'cividis' | 'diverging' | 'phase';

/** A pixel index, integer. */
export interface Pixel {
  readonly row: number;
  readonly column: number;
}
/** A point in image coordinates, fractional. */
export interface ImagePoint {
  readonly row: number;
  readonly column: number;
}
/** Values from centre − width/2 to centre + width/2 run over the colour map. In units of the image's values. */
export interface ValueWindow {
  readonly centre: number;
  readonly width: number;
}

export interface ImageRef {
  readonly image: PaneImage;
  /** Says which image this is, in a few words: `Reference`, `L1-wavelet 4×`. */
  readonly label: string;
}
export interface Comparison extends ImageRef {
  /** swipe: pane's image left of the line, this one right of it. difference: pane's image − this one, signed colours. */
  readonly mode: 'swipe' | 'blink' | 'difference';
  /** Swipe line from the left edge, 0–1. Default 0.5. */
  readonly position?: number;
}

/** `kspace` counts `kx`, `ky` from the centre sample; `offset` counts `Δx`, `Δy` from the middle pixel. */
export type Coordinates = 'image' | 'kspace' | 'offset';

/** Corners in image coordinates; `ellipse` is the one inscribed in them. */
export interface Roi {
  readonly shape: 'rectangle' | 'ellipse';
  readonly from: ImagePoint;
  readonly to: ImagePoint;
}
export interface RoiStatistics {
  readonly pixels: number;
  readonly mean: number;
  /** Sample standard deviation (n − 1); 0 for one pixel. */
  readonly deviation: number;
  readonly minimum: number;
  readonly maximum: number;
}

export interface ProfileLine {
  readonly from: ImagePoint;
  readonly to: ImagePoint;
}
export interface LineProfile {
  /** Distance from `from`: mm where the spacing is known, else pixels. */
  readonly positions: Float32Array;
  readonly values: Float32Array;
  readonly unit: 'mm' | 'px';
  readonly length: number;
}

/** Fully sampled block of k-space, [start, end). */
export interface KspaceCentre {
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
}

/** Letters at the edges, from the geometry: `{ left: 'R', right: 'L', top: 'A', bottom: 'P' }`. */
export interface OrientationLabels {
  readonly left: string;
  readonly right: string;
  readonly top: string;
  readonly bottom: string;
}

/** mm between neighbouring rows and columns. */
export interface PixelSpacing {
  readonly row: number;
  readonly column: number;
}

/** What `copyImage` made of the pane. */
export interface CopiedImage {
  readonly blob: Blob;
  /** False: the clipboard refused, and the blob should be offered as a download. */
  readonly toClipboard: boolean;
}

export interface ImagePaneProps {
  image: PaneImage | null;
  /** Shared by panes = linked. */
  link: ViewLink;
  title: string;
  role?: PaneRole;
  note?: string;
  display?: ComplexDisplay;
  colormap?: ColormapName;
  /** Colour map backwards: white where it was black. Windowed display only; phase and signed colours keep their meaning. */
  inverted?: boolean;
  /** Diverging colours about a fixed zero: full scale is ±signedRange/gain. W/L drags change the gain, not the window. */
  signed?: boolean;
  /** Bindable. */
  gain?: number;
  /** Default 1. Give the reference's maximum, so that the scale stays put while methods change. */
  signedRange?: number;
  /** Height of a pixel ÷ its width. Default 1, or from `spacing`. */
  pixelAspect?: number;
  spacing?: PixelSpacing | null;
  /** Axis names of the read-out. Default `x` and `y`. */
  coordinates?: Coordinates;
  compare?: Comparison | null;
  /** Shown instead of the image while Tab is held over the pane (or `link.blink` is true). */
  reference?: ImageRef | null;
  overlayMask?: Uint8Array | null;
  overlayKind?: 'lines' | 'points';
  overlayCentre?: KspaceCentre | null;
  /** SVG path data in image coordinates (x = column, y = row), drawn over the picture in the colour of what is measured. */
  overlayPath?: string | null;
  /** Lies over the picture, under the labels; gets where the image is on screen. */
  overlay?: Snippet<[view: ViewTransform]>;
  /** Takes the place of the title: a chooser of what the pane shows. */
  header?: Snippet;
  /** Bindable. A window of the pane's own, where its values have another unit than those of its link. */
  ownWindow?: ValueWindow | null;
  /** Of the values, for the read-outs. */
  unit?: string;
  /** Bindable. Drawn with the roi tool. */
  roi?: Roi | null;
  /** Shape the roi tool draws. */
  roiShape?: Roi['shape'];
  /** Bindable. Drawn with the profile tool. */
  profile?: ProfileLine | null;
  tool?: PaneTool;
  /** A result for this pane is being computed. */
  busy?: boolean;
  /** What is shown belongs to earlier settings. */
  stale?: boolean;
  /** Replaces the picture while `image` is null: why there is nothing. */
  emptyText?: string;
  orientationLabels?: OrientationLabels | null;
  onslice?: (step: -1 | 1) => void;
  onroi?: (roi: Roi, statistics: RoiStatistics) => void;
  onprofile?: (line: ProfileLine, profile: LineProfile) => void;
  oncopied?: (copied: CopiedImage) => void;
  /** The swipe line was dragged. */
  onswipe?: (position: number) => void;
  /** Right button pressed and released without a drag, CSS px in the viewport. */
  onmenu?: (x: number, y: number) => void;
}

/** What `bind:this` gives. */
export interface ImagePaneHandle {
  /** PNG of what the pane shows, at screen resolution; `labels` burns the corner labels in. */
  copyImage(options?: { labels?: boolean }): Promise<CopiedImage>;
  /** Window from the 0.5th to the 99.5th percentile of what is shown. */
  autoWindow(): void;
  focus(): void;
}
