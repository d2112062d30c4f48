/**
 * Every action of the studio as plain data: what it is called, where the menu shows it, which keys it has by default.
 * One list feeds the browser shell's menu, the desktop shell's native menu, hot keys, the command palette and the help
 * page. What an action does is bound in registry.ts by id; the compiler sees to it that none is forgotten.
 *
 * Keys: `Mod` is Ctrl (⌘ on macOS); names as KeyboardEvent.key, letters in capitals. Default gestures and keys follow
 * what users of Weasis, OHIF and NiiVue have in their fingers.
 */
export type MenuName = 'File' | 'Edit' | 'View' | 'Tools' | 'Run' | 'Go' | 'Help';

export interface ActionDescriptor<Id extends string = string> {
  readonly id: Id;
  readonly title: string;
  /** Absent: palette and keys only. */
  readonly menu?: MenuName;
  /** Starts a new block in its menu. */
  readonly separated?: boolean;
  readonly keys: readonly string[];
  /** Acts while the key is down. */
  readonly held?: boolean;
}

const define = <Id extends string>(list: readonly ActionDescriptor<Id>[]): readonly ActionDescriptor<Id>[] => list;

export const ACTION_DESCRIPTORS = define([
  { id: 'file.open', title: 'Open file…', menu: 'File', keys: ['Mod+O'] },
  { id: 'file.open-folder', title: 'Open folder…', menu: 'File', keys: ['Mod+Shift+O'] },
  { id: 'file.open-sample', title: 'Open the sample brain', menu: 'File', keys: [] },
  { id: 'file.load-pattern', title: 'Load a sampling pattern…', menu: 'File', separated: true, keys: [] },
  { id: 'file.export', title: 'Export…', menu: 'File', separated: true, keys: ['Mod+E'] },

  { id: 'edit.undo', title: 'Undo', menu: 'Edit', keys: ['Mod+Z'] },
  { id: 'edit.redo', title: 'Redo', menu: 'Edit', keys: ['Mod+Shift+Z', 'Mod+Y'] },
  { id: 'edit.copy-image', title: 'Copy the reconstruction as PNG', menu: 'Edit', separated: true, keys: ['Mod+Shift+C'] },
  { id: 'edit.copy-receipt', title: 'Copy the receipt', menu: 'Edit', keys: [] },
  { id: 'edit.settings', title: 'Settings', menu: 'Edit', separated: true, keys: ['Mod+,'] },

  { id: 'view.layout', title: 'Next layout', menu: 'View', keys: ['V'] },
  { id: 'view.volume', title: 'Volume in three planes', menu: 'View', keys: ['X'] },
  { id: 'view.cine', title: 'Cine of the series or a stored result', menu: 'View', keys: ['N'] },
  { id: 'view.fit', title: 'Fit to pane', menu: 'View', keys: ['='] },
  { id: 'view.reset', title: 'Reset view', menu: 'View', keys: ['Space'] },
  { id: 'view.auto-window', title: 'Window from the image', menu: 'View', separated: true, keys: ['A'] },
  { id: 'view.invert', title: 'Invert grey scale', menu: 'View', keys: ['I'] },
  { id: 'view.display', title: 'Next display: magnitude, phase, real, imaginary', menu: 'View', keys: ['D'] },
  { id: 'view.colormap', title: 'Next colour map', menu: 'View', keys: ['G'] },
  { id: 'view.flip', title: 'Flip left–right', menu: 'View', keys: ['F'] },
  { id: 'view.rotate', title: 'Rotate by a quarter turn', menu: 'View', keys: ['R'] },
  { id: 'view.rotate-back', title: 'Rotate back by a quarter turn', menu: 'View', keys: ['Shift+R'] },
  { id: 'view.smooth', title: 'Smooth pixels', menu: 'View', keys: [] },
  { id: 'view.crosshair', title: 'Crosshair', menu: 'View', keys: ['H'] },
  { id: 'view.blink', title: 'Hold to show the reference', menu: 'View', keys: ['Tab', 'B'], held: true },
  { id: 'view.doctor', title: 'Raw-data doctor', menu: 'View', separated: true, keys: ['Y'] },
  { id: 'view.axes', title: 'Name the axes…', menu: 'View', keys: [] },
  { id: 'view.heating', title: 'Simulate heating…', menu: 'View', keys: [] },
  { id: 'view.theme', title: 'Light or dark', menu: 'View', separated: true, keys: [] },

  { id: 'window.preset-1', title: 'Window 1: as opened', keys: ['1'] },
  { id: 'window.preset-2', title: 'Window 2: full range of the reference', keys: ['2'] },
  { id: 'window.preset-3', title: 'Window 3: lower half (dark tissue)', keys: ['3'] },
  { id: 'window.preset-4', title: 'Window 4: lower quarter', keys: ['4'] },
  { id: 'window.preset-5', title: 'Window 5: lower tenth (background, ghosts)', keys: ['5'] },
  { id: 'window.preset-6', title: 'Window 6: upper half (bright tissue)', keys: ['6'] },
  { id: 'window.preset-7', title: 'Window 7: middle half', keys: ['7'] },
  { id: 'window.preset-8', title: 'Window 8: narrower by a fifth', keys: ['8'] },
  { id: 'window.preset-9', title: 'Window 9: wider by a fifth', keys: ['9'] },

  { id: 'tool.window', title: 'Window/level tool', menu: 'Tools', keys: ['W'] },
  { id: 'tool.scroll', title: 'Slice tool', menu: 'Tools', keys: ['S'] },
  { id: 'tool.zoom', title: 'Zoom tool', menu: 'Tools', keys: ['Z'] },
  { id: 'tool.pan', title: 'Pan tool', menu: 'Tools', keys: ['T'] },
  { id: 'tool.measure', title: 'Measure tool', menu: 'Tools', separated: true, keys: ['M'] },
  { id: 'tool.roi', title: 'Region tool', menu: 'Tools', keys: ['O'] },
  { id: 'tool.profile', title: 'Line profile tool', menu: 'Tools', keys: ['L'] },
  { id: 'tool.draw', title: 'Draw k-space lines', menu: 'Tools', separated: true, keys: ['E'] },
  { id: 'tool.brush', title: 'Pick k-space lines and see their part', menu: 'Tools', keys: ['Q'] },

  { id: 'slice.next', title: 'Next slice', menu: 'Go', keys: ['ArrowDown', 'ArrowRight'] },
  { id: 'slice.previous', title: 'Previous slice', menu: 'Go', keys: ['ArrowUp', 'ArrowLeft'] },
  { id: 'slice.first', title: 'First slice', menu: 'Go', keys: ['Home'] },
  { id: 'slice.last', title: 'Last slice', menu: 'Go', keys: ['End'] },
  { id: 'slice.cine', title: 'Play or pause', menu: 'Go', keys: ['C'] },
  { id: 'series.next', title: 'Next series', menu: 'Go', keys: ['PageDown'] },
  { id: 'series.previous', title: 'Previous series', menu: 'Go', keys: ['PageUp'] },

  { id: 'run.volume', title: 'Reconstruct the volume', menu: 'Run', keys: ['Mod+Enter'] },
  { id: 'run.sweep', title: 'Sweep the acceleration', menu: 'Run', keys: ['Mod+Shift+R'] },
  { id: 'run.cancel', title: 'Cancel the running job', menu: 'Run', keys: ['Mod+.'] },
  { id: 'run.pin', title: 'Pin this result', menu: 'Run', separated: true, keys: ['P'] },
  { id: 'compare.swipe', title: 'Swipe against the selected result', menu: 'Run', keys: ['Shift+S'] },
  { id: 'compare.blink', title: 'Blink against the selected result', menu: 'Run', keys: ['Shift+B'] },
  { id: 'compare.difference', title: 'Difference from the selected result', menu: 'Run', keys: ['Shift+D'] },

  { id: 'go.mri', title: 'MRI', menu: 'Go', separated: true, keys: ['Alt+1'] },
  { id: 'go.library', title: 'Library', menu: 'Go', keys: ['Alt+2'] },
  { id: 'go.models', title: 'Models', menu: 'Go', keys: ['Alt+3'] },

  { id: 'palette.open', title: 'Search actions and recordings', menu: 'Help', keys: ['Mod+K'] },
  { id: 'help.open', title: 'Keys and gestures', menu: 'Help', keys: ['?', 'F1'] },
]);

export type ActionId = (typeof ACTION_DESCRIPTORS)[number]['id'];

/** Order of the menus in the bar. */
export const MENU_ORDER: readonly MenuName[] = ['File', 'Edit', 'View', 'Tools', 'Run', 'Go', 'Help'];

/** Mouse gestures, for the help page. */
export const GESTURES: readonly { readonly gesture: string; readonly does: string }[] = [
  { gesture: 'Left drag', does: 'the active tool; window/level at the start (left–right window, up–down level)' },
  { gesture: 'Middle drag, or Space and drag', does: 'pan' },
  { gesture: 'Right drag', does: 'zoom' },
  { gesture: 'Right click', does: 'menu of the pane' },
  { gesture: 'Wheel', does: 'next or previous slice' },
  { gesture: 'Ctrl and wheel', does: 'zoom about the pointer' },
  { gesture: 'Ctrl and drag a box', does: 'window from the values in the box' },
  { gesture: 'Click', does: 'set the crosshair in all panes' },
  { gesture: 'Double click', does: 'fit' },
  { gesture: 'Drop a file or folder', does: 'open it' },
];
