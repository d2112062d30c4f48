/**
 * The whole of what the page sees of the desktop. Sandboxed: nothing but Electron's own module can be required here, so
 * the channel names are repeated from ipc.ts (a test compares them).
 */
import type { LacunaShell, OpenedHandle } from '../renderer/studio/shell.ts' with { 'resolution-mode': 'import' };

const { contextBridge, ipcRenderer, webUtils } = require('electron') as typeof import('electron', { with: {
  'resolution-mode': 'require',
}});

/** The page's listener never receives the event object, which would give it `sender`. */
function subscribe<T>(channel: string, listener: (payload: T) => void): () => void {
  const forward = (_event: unknown, payload: T): void => listener(payload);
  ipcRenderer.on(channel, forward);
  return () => void ipcRenderer.off(channel, forward);
}

const shell: Required<LacunaShell> = {
  onMenuAction: (listener) => subscribe<string>('lacuna:menu', listener),
  onOpenHandles: (listener) => {
    const stop = subscribe<readonly OpenedHandle[]>('lacuna:open', listener);
    void ipcRenderer.invoke('lacuna:ready');
    return stop;
  },
  openDialog: (kind) => ipcRenderer.invoke('lacuna:open-dialog', kind) as Promise<readonly OpenedHandle[]>,
  handleForDroppedFile: async (file) => {
    // Empty for a File that the page made itself: it has no path, and none can be claimed for it.
    const path = webUtils.getPathForFile(file);
    return path === '' ? null : ((await ipcRenderer.invoke('lacuna:dropped', path)) as OpenedHandle | null);
  },
  saveDialog: (suggestedName) => ipcRenderer.invoke('lacuna:save-dialog', suggestedName) as Promise<OpenedHandle | null>,
  showExports: () => ipcRenderer.invoke('lacuna:show-exports') as Promise<void>,
};

contextBridge.exposeInMainWorld('lacunaShell', shell);
