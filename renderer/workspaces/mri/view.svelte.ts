/** How the MRI workspace shows things: layout, linked views, colour, tool. No data. */
import type { ColormapName, ComplexDisplay, PaneTool, ProfileLine, Roi } from '../../viewers/image/types.ts';
import { PHASE_FADE } from '../../viewers/image/display-value.ts';
import { ViewLink } from '../../viewers/image/view-link.svelte.ts';
import { presetWindow } from './preset-window.ts';

export type Layout = 'quad' | 'single' | 'pair' | 'wall';
export const LAYOUTS: readonly { readonly value: Layout; readonly label: string; readonly help: string }[] = [
  { value: 'quad', label: '2×2', help: 'k-space, reconstruction, reference, error' },
  { value: 'single', label: 'One', help: 'The reconstruction alone' },
  { value: 'pair', label: 'Pair', help: 'Reconstruction and reference' },
  { value: 'wall', label: 'Wall', help: 'All pinned results side by side' },
];
export const DISPLAYS: readonly { readonly value: ComplexDisplay; readonly label: string; readonly help: string }[] = [
  { value: 'magnitude', label: 'Magnitude', help: 'Length of the complex value' },
  {
    value: 'phase', label: 'Phase',
    help: `Angle of the complex value, −π to π; dark where the magnitude is below ${100 * PHASE_FADE.full} % of the brightest tissue and the angle is mostly noise, black below ${100 * PHASE_FADE.black} %`,
  },
  { value: 'real', label: 'Real', help: 'Real part of the complex value' },
  { value: 'imaginary', label: 'Imaginary', help: 'Imaginary part of the complex value' },
];
export const COLORMAPS: readonly { readonly value: ColormapName; readonly label: string }[] = [
  { value: 'grey', label: 'Grey' },
  { value: 'viridis', label: 'Viridis' },
  { value: 'inferno', label: 'Inferno' },
  { value: 'cividis', label: 'Cividis' },
];
/** `scroll` is the studio's own: the panes know the rest. */
export type Tool = PaneTool | 'scroll';
export type CompareMode = 'swipe' | 'blink' | 'difference';
export const GAINS: readonly number[] = [1, 2, 4, 8, 16];

export class MriView {
  /** Shared by reconstruction, reference, error and the comparison wall. */
  readonly link = new ViewLink();
  /** k-space has its own zoom and window: its pixels are not the image's. */
  readonly kspaceLink = new ViewLink();
  layout = $state<Layout>('quad');
  display = $state<ComplexDisplay>('magnitude');
  colormap = $state<ColormapName>('grey');
  tool = $state<Tool>('window');
  gain = $state(8);
  inverted = $state(false);
  roi = $state.raw<Roi | null>(null);
  profile = $state.raw<ProfileLine | null>(null);
  compare = $state<CompareMode>('swipe');
  playing = $state(false);
  /** Counts wishes to copy the reconstruction pane; the pane's owner acts on a change. */
  copyRequests = $state(0);
  /** Full scale of the reference; presets and the error's range come from it. */
  range = $state(1);

  nextLayout(): void {
    this.layout = next(LAYOUTS, this.layout);
  }
  nextDisplay(): void {
    this.display = next(DISPLAYS, this.display);
  }
  nextColormap(): void {
    this.colormap = next(COLORMAPS, this.colormap);
  }

  requestCopy(): void {
    this.copyRequests++;
  }

  /** Another image with other pixels: regions and lines drawn on the old one mean nothing on it. */
  forgetMarks(): void {
    this.roi = null;
    this.profile = null;
    this.link.crosshair = null;
    this.kspaceLink.crosshair = null;
    this.playing = false;
  }

  /** Presets 2–9; 1 is the window the series opened with, which the session keeps. */
  preset(number: number): void {
    this.link.window = presetWindow(number, this.range, this.link.window);
  }
}

function next<V>(options: readonly { readonly value: V }[], now: V): V {
  const at = options.findIndex((option) => option.value === now);
  return (options[(at + 1) % options.length] as { readonly value: V }).value;
}
