/** What the command palette finds: actions, recordings, steps, results. */
import type { StepKind } from '../../src/pipeline/step.ts';
import { showBinding } from './actions/keys.ts';
import { ACTIONS, isEnabled, keysOf, runAction } from './actions/registry.ts';
import type { Studio } from './studio.svelte.ts';

export interface PaletteEntry {
  readonly id: string;
  readonly title: string;
  /** `Action`, `Recording`, `Method`, … */
  readonly kind: string;
  readonly hint: string;
  readonly run: () => void;
}

const CHOOSABLE: readonly (readonly ['pattern' | 'method', string])[] = [['pattern', 'Pattern'], ['method', 'Method']];

export function paletteEntries(studio: Studio, mac: boolean): readonly PaletteEntry[] {
  const { keymap } = studio.settings.value;
  const actions = ACTIONS.filter((action) => action.id !== 'palette.open' && action.held !== true && isEnabled(action, studio)).map(
    (action): PaletteEntry => ({
      id: action.id,
      title: action.title,
      kind: action.menu ?? 'View',
      hint: keysOf(action.id, keymap).slice(0, 1).map((key) => showBinding(key, mac)).join(''),
      run: () => void runAction(action.id, studio),
    }),
  );
  const steps = studio.mri.recording === null
    ? []
    : CHOOSABLE.flatMap(([kind, word]) => studio.catalogue.stepsOf(kind satisfies StepKind).map((step): PaletteEntry => ({
        id: `${kind}/${step.name}`,
        title: step.title,
        kind: word,
        hint: step.help,
        run: () => {
          studio.workspace = 'mri';
          studio.mri.chooseStep(kind, step.name);
        },
      })));
  const samples = studio.catalogue.stepsOf('sample').map((step): PaletteEntry => ({
    id: `sample/${step.name}`, title: step.title, kind: 'Sample', hint: step.help, run: () => void studio.openSample(step.name),
  }));
  const recordings = studio.catalogue.recordings.map((recording): PaletteEntry => ({
    id: recording.id, title: recording.name, kind: 'Recording', hint: recording.format, run: () => studio.show(recording),
  }));
  const results = studio.catalogue.results.map((result): PaletteEntry => ({
    id: result.id, title: `${result.title} of ${result.recordingName}`, kind: 'Result', hint: '', run: () => void studio.openResult(result),
  }));
  return [...actions, ...steps, ...recordings, ...samples, ...results];
}
