/** What the desktop shell's preload puts on `window`. In the browser shell it is absent, and the page does without. */
export interface OpenedHandle {
  readonly handle: string;
  readonly name: string;
}

export interface LacunaShell {
  /** Native menu → action id (studio/actions/descriptors.ts). Returns what stops listening. */
  onMenuAction(listener: (id: string) => void): () => void;
  /** Files opened from outside: command line, file association, recent documents. */
  onOpenHandles?(listener: (handles: readonly OpenedHandle[]) => void): () => void;
  /** Native open dialog; empty when cancelled. */
  openDialog?(kind: 'file' | 'folder'): Promise<readonly OpenedHandle[]>;
  /** Handle of a dropped file or folder, so that it is read in place instead of being copied through HTTP. */
  handleForDroppedFile?(file: File): Promise<OpenedHandle | null>;
  /** Native save dialog; null when cancelled. */
  saveDialog?(suggestedName: string): Promise<OpenedHandle | null>;
  /** Shows the exported files in the system's file manager. */
  showExports?(): Promise<void>;
}

declare global {
  interface Window {
    readonly lacunaShell?: LacunaShell;
  }
}

export const isMac = (): boolean => /Mac|iPhone|iPad/.test(navigator.userAgent);
