/** Files and folders out of a drop or a file dialog. */
export interface FolderFile {
  readonly path: string;
  readonly file: File;
}
export type Dropped =
  | { readonly kind: 'file'; readonly name: string; readonly file: File }
  | {
      readonly kind: 'folder';
      readonly name: string;
      /** Stands for the folder itself, where the browser gives one: the desktop shell finds its path by it. */
      readonly file: File | null;
      /** Walks the folder; throws when there are more than `MOST_FILES`. */
      files(): Promise<readonly FolderFile[]>;
    };

/** More than a study has; a dropped home folder is refused before it is walked to the end. */
export const MOST_FILES = 20_000;

/** What was dropped. Call it synchronously from the handler: the entries are gone when the event is over. */
export function dropped(transfer: DataTransfer): readonly Dropped[] {
  return Array.from(transfer.items).filter((item) => item.kind === 'file').map((item): Dropped | null => {
    const entry = item.webkitGetAsEntry();
    const file = item.getAsFile();
    if (entry?.isDirectory === true) {
      const files = async (): Promise<readonly FolderFile[]> => {
        const found: FolderFile[] = [];
        await walk(entry as FileSystemDirectoryEntry, '', found);
        return found;
      };
      return { kind: 'folder', name: entry.name, file, files };
    }
    return file === null ? null : { kind: 'file', name: file.name, file };
  }).filter((one) => one !== null);
}

/** Formats that keep header and values apart: extension of the values → of the header. */
const PAIRS: Readonly<Record<string, string>> = { cfl: 'hdr' };

/** Files that only make sense together become one folder named after the values; all else stays as it is. */
export function paired(all: readonly Dropped[]): readonly Dropped[] {
  const taken = new Set<Dropped>();
  const joined = all.map((one) => {
    const [stem, extension] = splitName(one.name);
    const header = PAIRS[extension];
    const other = one.kind === 'file' && header !== undefined ? all.find((each) => each.kind === 'file' && each.name.toLowerCase() === `${stem}.${header}`.toLowerCase()) : undefined;
    if (one.kind !== 'file' || other?.kind !== 'file') return one;
    taken.add(other);
    const inside = [one, other].map(({ name, file }) => ({ path: name, file }));
    return { kind: 'folder' as const, name: one.name, file: one.file, files: () => Promise.resolve(inside) };
  });
  return joined.filter((one) => !taken.has(one));
}

function splitName(name: string): readonly [stem: string, extension: string] {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? [name, ''] : [name.slice(0, dot), name.slice(dot + 1).toLowerCase()];
}

async function walk(folder: FileSystemDirectoryEntry, prefix: string, into: FolderFile[]): Promise<void> {
  const reader = folder.createReader();
  for (;;) {
    // Gives at most 100 entries a call, and an empty list at the end.
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return;
    for (const entry of batch) {
      if (into.length >= MOST_FILES) throw new Error(`The folder ${folder.name} holds more than ${MOST_FILES} files; open a smaller one.`);
      const path = `${prefix}${entry.name}`;
      if (entry.isDirectory) await walk(entry as FileSystemDirectoryEntry, `${path}/`, into);
      else {
        const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
        into.push({ path, file });
      }
    }
  }
}

/** Files of a folder chosen with `<input webkitdirectory>`. */
export function folderOf(files: readonly File[]): Dropped | null {
  const first = files[0];
  if (first === undefined) return null;
  const name = first.webkitRelativePath.split('/')[0] ?? 'folder';
  const inside = files.map((file) => ({ path: file.webkitRelativePath.split('/').slice(1).join('/') || file.name, file }));
  return { kind: 'folder', name, file: null, files: () => Promise.resolve(inside) };
}

/** Inputs whose dialog is open. Nothing else holds them: without this the browser may collect one before it has answered. */
const asking = new Set<HTMLInputElement>();

/** Asks the browser for files; empty when cancelled. */
export function chooseFiles(options: { readonly folder?: boolean; readonly accept?: string } = {}): Promise<readonly File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    if (options.accept !== undefined) input.accept = options.accept;
    if (options.folder === true) input.webkitdirectory = true;
    else input.multiple = options.accept === undefined;
    const answer = (files: readonly File[]): void => {
      asking.delete(input);
      resolve(files);
    };
    input.addEventListener('change', () => answer(Array.from(input.files ?? [])));
    input.addEventListener('cancel', () => answer([]));
    asking.add(input);
    input.click();
  });
}
