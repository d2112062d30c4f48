/** How the MRI workspace shows things: layout, linked views, colour, tool. No data. */
import type { ColormapName, ComplexDisplay, PaneTool, ProfileLine, Roi } from '../../viewers/image/types.ts';
import { PHASE_FADE } from '../../viewers/image/display-value.ts';
import { ViewLink } from '../../viewers/image/view-link.svelte.ts';
import { type PaneChoice, type Preset, START_SLOTS, type SlotLayout, type Slots, hasSlots, parseSlots } from './panes.ts';
import { presetWindow } from './preset-window.ts';
import { Cine } from './playback/cine.svelte.ts';
import type { Params } from './recipe.ts';
import { Turns } from './turns.ts';

export type Layout = SlotLayout | 'wall' | 'volume' | 'cine';
export const LAYOUTS: readonly { readonly value: Layout; readonly label: string; readonly help: string }[] = [
  { value: 'quad', label: '2×2', help: 'k-space, reconstruction, reference, error' },
  { value: 'single', label: 'One', help: 'The reconstruction alone' },
  { value: 'pair', label: 'Pair', help: 'Reconstruction and reference' },
  { value: 'wall', label: 'Wall', help: 'All pinned results side by side' },
  { value: 'volume', label: 'Volume', help: 'Three planes and a rendering of the series or a stored result (X)' },
  { value: 'cine', label: 'Cine', help: 'Plays slices, frames or echoes of the series or a stored result (N)' },
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
/** `scroll`, `draw` and `brush` are the studio's own: the panes know the rest. Draw and brush act on the k-space pane alone. */
export type Tool = PaneTool | 'scroll' | 'draw' | 'brush';
export type CompareMode = 'swipe' | 'blink' | 'difference';
export const GAINS: readonly number[] = [1, 2, 4, 8, 16];

/** Chosen samples of k-space, ends included. */
export interface KspaceSelection {
  readonly first: number;
  readonly last: number;
  readonly firstRow: number;
  readonly lastRow: number;
}

const STORE = 'lacuna.mri.panes.';

export class MriView {
  /** Shared by reconstruction, reference, error and the comparison wall. */
  readonly link = new ViewLink();
  /** k-space has its own zoom and window: its pixels are not the image's. */
  readonly kspaceLink = new ViewLink();
  /** Views that reconstruct go one after the other. */
  readonly turns = new Turns();
  layout = $state<Layout>('quad');
  /** What the panes of each layout show; remembered for recordings of a kind. */
  slots = $state.raw<Slots>(START_SLOTS);
  /** Parameters of view steps, by name. */
  viewParams = $state.raw<Readonly<Record<string, Params>>>({});
  /** Samples whose part in the image is shown. */
  selection = $state.raw<KspaceSelection | null>(null);
  brushWidth = $state(1);
  /** Stored results on the wall, by id. */
  wallResults = $state.raw<readonly string[]>([]);
  #kind = '';
  /** Where the volume and cine layouts go back to. */
  #before: Layout = 'quad';
  display = $state<ComplexDisplay>('magnitude');
  colormap = $state<ColormapName>('grey');
  tool = $state<Tool>('window');
  gain = $state(8);
  inverted = $state(false);
  roi = $state.raw<Roi | null>(null);
  profile = $state.raw<ProfileLine | null>(null);
  compare = $state<CompareMode>('swipe');
  playing = $state(false);
  readonly cine = new Cine();
  /** Counts wishes to copy the reconstruction pane; the pane's owner acts on a change. */
  copyRequests = $state(0);
  /** Full scale of the reference; presets and the error's range come from it. */
  range = $state(1);

  nextLayout(): void {
    this.layout = next(LAYOUTS, this.layout);
  }
  /** Shows the layout, or goes back to the one before it. */
  toggleLayout(layout: 'volume' | 'cine'): void {
    if (this.layout === layout) this.layout = this.#before;
    else {
      if (this.layout !== 'volume' && this.layout !== 'cine') this.#before = this.layout;
      this.layout = layout;
    }
  }
  nextDisplay(): void {
    this.display = next(DISPLAYS, this.display);
  }
  nextColormap(): void {
    this.colormap = next(COLORMAPS, this.colormap);
  }

  /** Brings back what was shown for recordings of this kind; views that are gone fall back to the start. */
  recall(kind: string, views: readonly string[], start: Slots): void {
    if (kind === this.#kind) return;
    this.#kind = kind;
    this.slots = parseSlots(stored()?.getItem(STORE + kind) ?? null, views, start);
  }

  setPane(layout: SlotLayout, slot: number, choice: PaneChoice): void {
    this.#keep({ ...this.slots, [layout]: this.slots[layout].map((old, i) => (i === slot ? choice : old)) });
  }

  applyPreset(preset: Preset): void {
    this.layout = 'quad';
    this.#keep({ ...this.slots, quad: preset.panes });
  }

  /** Shows the k-space pane if no pane does: drawing and brushing happen there. */
  requireKspace(): void {
    if (hasSlots(this.layout) && this.slots[this.layout].includes('kspace')) return;
    this.layout = 'quad';
    if (!this.slots.quad.includes('kspace')) this.setPane('quad', 0, 'kspace');
  }

  #keep(slots: Slots): void {
    this.slots = slots;
    stored()?.setItem(STORE + this.#kind, JSON.stringify(slots));
  }

  requestCopy(): void {
    this.copyRequests++;
  }

  /** Another image with other pixels: regions and lines drawn on the old one mean nothing on it. */
  forgetMarks(): void {
    this.roi = null;
    this.profile = null;
    this.selection = null;
    this.link.crosshair = null;
    this.kspaceLink.crosshair = null;
    this.playing = false;
  }

  /** Presets 2–9; 1 is the window the series opened with, which the session keeps. */
  preset(number: number): void {
    this.link.window = presetWindow(number, this.range, this.link.window);
  }
}

/** The browser may forbid it; then nothing is remembered. */
function stored(): Storage | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

function next<V>(options: readonly { readonly value: V }[], now: V): V {
  const at = options.findIndex((option) => option.value === now);
  return (options[(at + 1) % options.length] as { readonly value: V }).value;
}
