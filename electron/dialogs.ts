/** Native dialogs, answered by handles. */
import type { BrowserWindow, Dialog, OpenDialogOptions } from 'electron';
import { EXPORT_EXTENSIONS, IMAGE_EXTENSIONS } from './file-types.ts';
import type { HandleIssuer } from './handles.ts';
import type { OpenedHandle } from '../renderer/studio/shell.ts';

export class Dialogs {
  readonly #dialog: Dialog;
  readonly #handles: HandleIssuer;
  readonly #window: () => BrowserWindow | null;
  readonly #onOpened: (path: string) => void;

  constructor(dialog: Dialog, handles: HandleIssuer, window: () => BrowserWindow | null, onOpened: (path: string) => void) {
    this.#dialog = dialog;
    this.#handles = handles;
    this.#window = window;
    this.#onOpened = onOpened;
  }

  /** Empty when cancelled. */
  async open(kind: 'file' | 'folder'): Promise<readonly OpenedHandle[]> {
    const options: OpenDialogOptions =
      kind === 'folder'
        ? { title: 'Open a folder of DICOM images', properties: ['openDirectory'] }
        : {
            title: 'Open a recording',
            properties: ['openFile', 'multiSelections'],
            filters: [{ name: 'Recordings', extensions: IMAGE_EXTENSIONS }, ALL_FILES],
          };
    const window = this.#window();
    const { filePaths } = await (window === null ? this.#dialog.showOpenDialog(options) : this.#dialog.showOpenDialog(window, options));
    for (const path of filePaths) this.#onOpened(path);
    return Promise.all(filePaths.map((path) => this.#handles.issue(path, 'open')));
  }

  /** Null when cancelled. The dialog itself asks before it lets a file be replaced. */
  async save(suggestedName: string): Promise<OpenedHandle | null> {
    const options = {
      title: 'Export',
      defaultPath: suggestedName,
      filters: [{ name: 'Exports', extensions: EXPORT_EXTENSIONS }, ALL_FILES],
    };
    const window = this.#window();
    const { filePath } = await (window === null ? this.#dialog.showSaveDialog(options) : this.#dialog.showSaveDialog(window, options));
    return filePath === '' ? null : this.#handles.issue(filePath, 'save');
  }
}

/** DICOM files often have no extension at all. */
const ALL_FILES = { name: 'All files', extensions: ['*'] };
