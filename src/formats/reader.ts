/** What every file format gives the registry: a look at the first bytes, and a way to open. */
import type { ReadOptions } from '../array/read-options.ts';
import type { Recording } from '../array/recording.ts';

/** A file that can be read piecewise: on disk through a file handle, or in memory. */
export interface ByteSource {
  readonly name: string;
  readonly size: number;
  /** Exactly `length` bytes from `offset`; fewer only where the file ends before. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Real path where the source is a file on disk (h5wasm and friends need one). */
  readonly path?: string;
  /** When the file on disk was last written, milliseconds since 1970; absent for bytes in memory. */
  readonly modified?: number;
  close(): Promise<void>;
}

/** A recording as a reader gives it: the registry adds what concerns the identity of the bytes. */
export type ReadRecording = Omit<Recording, 'sha256' | 'checkUnchanged'>;

export interface FormatReader {
  readonly format: string;
  readonly title: string;
  readonly extensions: readonly string[];
  /** Certain (magic bytes / content), possible (extension only) or no. `head` = first 512 bytes or the whole smaller file. */
  sniff(head: Uint8Array, name: string): 'certain' | 'possible' | 'no';
  /**
   * One file, or several that belong together (DICOM folder). The recording takes ownership of the sources and closes them.
   * The caller gives the `id`. Throws input.* errors that name file and field.
   */
  open(
    sources: readonly ByteSource[],
    info: { readonly id: string; readonly name: string; readonly bytes: number },
    /** What a person decided about the file; a reader ignores what it has no use for, and refuses what does not fit. */
    options?: ReadOptions,
  ): Promise<ReadRecording>;
}
