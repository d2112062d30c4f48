/** What a pane of the centre can show, and which ones stand side by side. Pure. */
import type { SeriesSummary, StepDescription } from '../../../src/host/contract.ts';

/** Panes that the live preview feeds; a view step is `view:name`. */
export const BUILT_IN = ['kspace', 'reconstruction', 'zero-filled', 'reference', 'error'] as const;
export type BuiltIn = (typeof BUILT_IN)[number];
export type PaneChoice = BuiltIn | `view:${string}`;

export const BUILT_IN_TITLES: Readonly<Record<BuiltIn, string>> = {
  kspace: 'k-space and pattern', reconstruction: 'Reconstruction', 'zero-filled': 'Zero-filled', reference: 'Reference', error: 'Error',
};

/** Layouts with panes to choose; the others fill themselves. */
export type SlotLayout = 'quad' | 'single' | 'pair';
export const hasSlots = (layout: string): layout is SlotLayout => layout === 'quad' || layout === 'single' || layout === 'pair';
export type Slots = Readonly<Record<SlotLayout, readonly PaneChoice[]>>;

export const START_SLOTS: Slots = {
  quad: ['kspace', 'reconstruction', 'reference', 'error'],
  single: ['reconstruction'],
  pair: ['reconstruction', 'reference'],
};

/** Name of the view step that a choice stands for. */
export function viewOf(choice: PaneChoice): string | null {
  return choice.startsWith('view:') ? choice.slice('view:'.length) : null;
}

/** A view that shows what selected samples contribute: it says so by the parameters it takes. */
export function takesSelection(step: Pick<StepDescription, 'params'>): boolean {
  return step.params.properties['first'] !== undefined && step.params.properties['last'] !== undefined;
}

export interface Preset {
  readonly id: string;
  readonly title: string;
  readonly panes: readonly PaneChoice[];
}

type Want = BuiltIn | RegExp;
/** Views are wanted by what they are called; a want that no view answers drops out, and a preset without views with it. */
const WANTS: readonly { readonly id: string; readonly title: string; readonly panes: readonly Want[]; readonly moves?: boolean }[] = [
  { id: 'compare', title: 'Compare', panes: ['kspace', 'reconstruction', 'reference', 'error'] },
  { id: 'raw', title: 'Raw data', panes: ['kspace', /k-?space/i, /coil.images?/i, 'reconstruction'] },
  { id: 'coils', title: 'Coils', panes: ['reconstruction', /coil.images?/i, /maps?/i, 'zero-filled'] },
  { id: 'sampling', title: 'Sampling', panes: ['kspace', 'reconstruction', /psf|spread/i, 'error'] },
  { id: 'lines', title: 'Lines and their part', panes: ['kspace', 'reconstruction', /contribution/i, 'zero-filled'] },
  { id: 'temperature', title: 'Temperature', moves: true, panes: ['kspace', 'reconstruction', /^temperature$/i, /thermal.dose/i] },
  { id: 'noise', title: 'Noise', panes: ['reconstruction', /residual/i, /g.?factor/i, /uncertain/i] },
];

/** What takes the place of panes that need a reference, where there is none. */
const INSTEAD: Readonly<Partial<Record<BuiltIn, Want>>> = { reference: 'zero-filled', error: /residual/i };

/** Presets that the views at hand can fill; four panes each. Without a reference, none that would stay empty for want of it; of a series that does not move, none that follows time. */
export function presetsOf(views: readonly Pick<StepDescription, 'name' | 'title'>[], reference = true, moving = true): readonly Preset[] {
  const spares = [...(reference ? [] : (['zero-filled'] as const)), ...START_SLOTS.quad];
  return WANTS.filter(({ moves = false }) => moving || !moves).flatMap(({ id, title, panes: all }) => {
    const wants = all.map((want) => (reference || typeof want !== 'string' ? want : (INSTEAD[want] ?? want)));
    const found = wants.map((want): PaneChoice | null => {
      if (typeof want === 'string') return want;
      const view = views.find(({ name, title: called }) => want.test(name) || want.test(called));
      return view === undefined ? null : `view:${view.name}`;
    });
    const wantsViews = all.some((want) => typeof want !== 'string');
    if (wantsViews && !found.some((choice) => choice !== null && viewOf(choice) !== null)) return [];
    const panes = found.filter((choice): choice is PaneChoice => choice !== null);
    for (const spare of spares) if (panes.length < START_SLOTS.quad.length && !panes.includes(spare)) panes.push(spare);
    return [{ id, title, panes }];
  });
}

/** Recordings of a kind share their panes: what one chose for radial scans says nothing of image files. */
export function recordingKind(series: Pick<SeriesSummary, 'domain' | 'trajectory' | 'fullySampled' | 'coils'>): string {
  if (series.domain === 'image') return 'image';
  const sampling = series.trajectory !== undefined ? 'trajectory' : series.fullySampled ? 'full' : 'undersampled';
  return `kspace-${sampling}-${series.coils > 1 ? 'coils' : 'coil'}`;
}

/** Without a reference the panes that need one would stay empty. */
export function startSlots(series: Pick<SeriesSummary, 'fullySampled'>, views: readonly string[]): Slots {
  if (series.fullySampled) return START_SLOTS;
  const coils = views.find((name) => /coil.images?/i.test(name));
  return { ...START_SLOTS, quad: ['kspace', 'reconstruction', 'zero-filled', coils === undefined ? 'reference' : `view:${coils}`], pair: ['kspace', 'reconstruction'] };
}

/** Remembered text → slots; whatever does not fit any more falls back to the start. */
export function parseSlots(text: string | null, knownViews: readonly string[], start: Slots = START_SLOTS): Slots {
  if (text === null) return start;
  try {
    const saved = JSON.parse(text) as Partial<Record<SlotLayout, unknown>>;
    const list = (layout: SlotLayout): readonly PaneChoice[] => {
      const choices = saved[layout];
      return start[layout].map((first, i) => {
        const choice: unknown = Array.isArray(choices) ? choices[i] : null;
        return isChoice(choice, knownViews) ? choice : first;
      });
    };
    return { quad: list('quad'), single: list('single'), pair: list('pair') };
  } catch {
    return start;
  }
}

function isChoice(value: unknown, knownViews: readonly string[]): value is PaneChoice {
  if (typeof value !== 'string') return false;
  return (BUILT_IN as readonly string[]).includes(value) || (value.startsWith('view:') && knownViews.includes(value.slice('view:'.length)));
}
