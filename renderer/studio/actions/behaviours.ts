/** What each action does, and when it can. The type asks for every id of descriptors.ts. */
import type { CompareMode, Tool } from '../../workspaces/mri/view.svelte.ts';
import type { Studio, Workspace } from '../studio.svelte.ts';
import type { ActionId } from './descriptors.ts';

export interface Behaviour {
  /** Absent: always. */
  readonly when?: (studio: Studio) => boolean;
  /** For switches: drawn with a tick. */
  readonly checked?: (studio: Studio) => boolean;
  readonly run: (studio: Studio) => void;
  /** The key of a held action was let go. */
  readonly release?: (studio: Studio) => void;
}

const opened = (studio: Studio): boolean => studio.workspace === 'mri' && studio.mri.recording !== null;
const shown = (studio: Studio): boolean => opened(studio) && studio.mri.shown !== null;
/** The recipe is complete, so something can be run. */
const runnable = (studio: Studio): boolean => opened(studio) && !studio.mri.needsPatternFile;
const manySlices = (studio: Studio): boolean => opened(studio) && (studio.mri.series?.slices ?? 1) > 1;
const manySeries = (studio: Studio): boolean => opened(studio) && (studio.mri.recording?.series.length ?? 1) > 1;

const tool = (name: Tool): Behaviour => ({
  when: opened,
  checked: (studio) => studio.mri.view.tool === name,
  run: (studio) => studio.mri.chooseTool(name),
});
const go = (workspace: Workspace): Behaviour => ({
  checked: (studio) => studio.workspace === workspace,
  run: (studio) => {
    studio.workspace = workspace;
  },
});
const preset = (number: number): Behaviour => ({ when: opened, run: (studio) => studio.mri.view.preset(number) });
const compare = (mode: CompareMode): Behaviour => ({
  when: (studio) => shown(studio) && studio.mri.strip.others.length > 0,
  checked: (studio) => studio.mri.strip.selected !== null && studio.mri.view.compare === mode,
  run: ({ mri }) => {
    mri.view.compare = mode;
    const last = mri.strip.others.at(-1);
    if (mri.strip.selected === null && last !== undefined) mri.strip.select(last.id);
  },
});
const slice = (move: (studio: Studio) => void): Behaviour => ({ when: manySlices, run: move });

export const BEHAVIOURS: Readonly<Record<ActionId, Behaviour>> = {
  'file.open': { run: (studio) => void studio.chooseAndOpen('file') },
  'file.open-folder': { run: (studio) => void studio.chooseAndOpen('folder') },
  'file.open-sample': {
    when: (studio) => studio.catalogue.stepsOf('sample').length > 0,
    run: (studio) => {
      const samples = studio.catalogue.stepsOf('sample');
      const sample = samples.find((step) => step.name.includes('brain')) ?? samples[0];
      if (sample !== undefined) void studio.openSample(sample.name);
    },
  },
  'file.load-pattern': { when: opened, run: (studio) => void studio.choosePattern() },
  'file.export': {
    when: (studio) => shown(studio) && runnable(studio),
    run: (studio) => {
      studio.exporting = { kind: 'current' };
    },
  },

  'edit.undo': { when: (studio) => opened(studio) && studio.mri.canUndo, run: (studio) => studio.mri.undo() },
  'edit.redo': { when: (studio) => opened(studio) && studio.mri.canRedo, run: (studio) => studio.mri.redo() },
  'edit.copy-image': { when: shown, run: (studio) => studio.mri.view.requestCopy() },
  'edit.copy-receipt': { when: shown, run: (studio) => void studio.copyReceipt() },
  'edit.settings': go('settings'),

  'view.layout': { when: opened, run: (studio) => studio.mri.view.nextLayout() },
  'view.volume': {
    when: opened,
    checked: (studio) => studio.mri.view.layout === 'volume',
    run: ({ mri }) => mri.view.toggleLayout('volume'),
  },
  'view.cine': {
    when: opened,
    checked: (studio) => studio.mri.view.layout === 'cine',
    run: ({ mri }) => mri.view.toggleLayout('cine'),
  },
  'view.fit': {
    when: opened,
    run: ({ mri }) => {
      mri.view.link.fit();
      mri.view.kspaceLink.fit();
    },
  },
  'view.reset': {
    when: opened,
    run: ({ mri }) => mri.resetView(),
  },
  'view.auto-window': { when: shown, run: (studio) => studio.mri.autoWindow() },
  'view.invert': {
    when: opened,
    checked: (studio) => studio.mri.view.inverted,
    run: ({ mri }) => {
      mri.view.inverted = !mri.view.inverted;
    },
  },
  'view.display': { when: opened, run: (studio) => studio.mri.view.nextDisplay() },
  'view.colormap': { when: opened, run: (studio) => studio.mri.view.nextColormap() },
  'view.flip': {
    when: opened,
    checked: (studio) => studio.mri.view.link.flipHorizontal,
    run: ({ mri }) => mri.view.link.mirror(),
  },
  'view.rotate': { when: opened, run: ({ mri }) => mri.view.link.rotate(1) },
  'view.rotate-back': { when: opened, run: ({ mri }) => mri.view.link.rotate(-1) },
  'view.smooth': {
    when: opened,
    checked: (studio) => studio.mri.view.link.interpolate,
    run: ({ mri }) => {
      mri.view.link.interpolate = !mri.view.link.interpolate;
    },
  },
  'view.crosshair': {
    when: opened,
    checked: (studio) => studio.mri.view.link.crosshairVisible,
    run: ({ mri }) => {
      mri.view.link.crosshairVisible = !mri.view.link.crosshairVisible;
      mri.view.kspaceLink.crosshairVisible = mri.view.link.crosshairVisible;
    },
  },
  'view.blink': {
    when: (studio) => shown(studio) && (studio.mri.reference !== null || studio.mri.strip.selected !== null),
    run: ({ mri }) => {
      mri.view.link.blink = true;
    },
    release: ({ mri }) => {
      mri.view.link.blink = false;
    },
  },
  'view.doctor': { ...go('doctor'), when: (studio) => studio.mri.recording !== null },
  // The studio's own samples are no files that could be read another way.
  'view.heating': {
    when: (studio) => studio.mri.recording !== null && studio.mri.recording.sample === undefined,
    run: ({ rawData }) => {
      rawData.heating = true;
    },
  },
  'view.axes': {
    when: (studio) => studio.mri.series?.axisChoice !== undefined,
    run: ({ rawData }) => {
      rawData.naming = true;
    },
  },
  'view.theme': { run: (studio) => studio.toggleTheme() },

  'window.preset-1': {
    when: opened,
    run: ({ mri }) => mri.homeWindow(),
  },
  'window.preset-2': preset(2),
  'window.preset-3': preset(3),
  'window.preset-4': preset(4),
  'window.preset-5': preset(5),
  'window.preset-6': preset(6),
  'window.preset-7': preset(7),
  'window.preset-8': preset(8),
  'window.preset-9': preset(9),

  'tool.window': tool('window'),
  'tool.scroll': { ...tool('scroll'), when: manySlices },
  'tool.zoom': tool('zoom'),
  'tool.pan': tool('pan'),
  'tool.measure': tool('measure'),
  'tool.roi': tool('roi'),
  'tool.profile': tool('profile'),
  'tool.draw': tool('draw'),
  'tool.brush': tool('brush'),

  'slice.next': slice(({ mri }) => mri.stepSlice(1)),
  'slice.previous': slice(({ mri }) => mri.stepSlice(-1)),
  'slice.first': slice(({ mri }) => mri.setSlice(0)),
  'slice.last': slice(({ mri }) => mri.setSlice(Infinity)),
  'slice.cine': {
    when: manySlices,
    checked: (studio) => studio.mri.view.playing,
    run: ({ mri }) => {
      mri.view.playing = !mri.view.playing;
    },
  },
  'series.next': { when: manySeries, run: (studio) => studio.mri.stepSeries(1) },
  'series.previous': { when: manySeries, run: (studio) => studio.mri.stepSeries(-1) },

  'run.volume': { when: runnable, run: (studio) => void studio.reconstructVolume() },
  'run.sweep': { when: (studio) => runnable(studio) && studio.mri.noReference === null, run: (studio) => void studio.attempt(studio.mri.runSweep()) },
  'run.cancel': {
    when: (studio) => studio.jobs.running.length > 0 || studio.mri.sweep.running,
    run: (studio) => {
      studio.mri.sweep.cancel();
      const last = studio.jobs.running.at(-1);
      if (last !== undefined) void studio.attempt(studio.jobs.cancel(last.key));
    },
  },
  'run.pin': { when: shown, run: (studio) => void studio.mri.strip.pin() },
  'compare.swipe': compare('swipe'),
  'compare.blink': compare('blink'),
  'compare.difference': compare('difference'),

  'go.mri': go('mri'),
  'go.library': go('library'),
  'go.models': go('models'),

  'palette.open': {
    run: (studio) => {
      studio.paletteOpen = true;
    },
  },
  'help.open': go('help'),
};
