/**
 * A Recording is what a file holds: one or more series of named-axis arrays with geometry and acquisition
 * parameters. Pixel data are read slice by slice on demand, so a large file is never read whole. The file is never changed.
 */
import type { NdArray } from './nd-array.ts';
import type { AxisChoice, AxisName, Finding, ReadOptions } from './read-options.ts';
import type { Trajectory } from './trajectory.ts';
import type { Millimetres } from './units.ts';

export type { AxisName };

export interface Axis {
  readonly name: AxisName;
  readonly length: number;
  /** Distance between neighbours, where the file says. */
  readonly spacing?: Millimetres;
}

/**
 * Where the slices lie in the patient, in DICOM's LPS coordinates (PS3.3 C.7.6.2), of the *output* image.
 * Voxel (slice s, row r, column c) has its centre at positions[s] + c·columnSpacing·rowDirection + r·rowSpacing·columnDirection.
 */
export interface Geometry {
  /** Unit vector along a row, that is, of increasing column index: first triple of Image Orientation (Patient). */
  readonly rowDirection: readonly [number, number, number];
  /** Unit vector along a column, that is, of increasing row index. */
  readonly columnDirection: readonly [number, number, number];
  /** Distance between rows (first value of Pixel Spacing). */
  readonly rowSpacing: Millimetres;
  readonly columnSpacing: Millimetres;
  readonly sliceThickness: Millimetres;
  /** Centre of the first voxel of each slice of one volume, mm. */
  readonly positions: readonly (readonly [number, number, number])[];
}

/** One line of the acquisition table: already worded for people. */
export interface Attribute {
  readonly label: string;
  readonly value: string;
}

/** DICOM identity that a derived object keeps (patient and study module), keyed by eight hex digits: `00100020`. */
export type DicomIdentity = Readonly<Record<string, { readonly vr: string; readonly Value?: readonly unknown[] }>>;

export interface SourceInstance {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
}

/**
 * One array of a recording. The last two axes are `row`, `column`; k-space has `coil` before them; all axes before
 * those are flattened in C order into the *slice index* that `read` takes.
 *
 * k-space convention (fastMRI): `row` is the readout, `column` the phase-encoding line; centred, orthonormal FFT; zeros where not acquired.
 * Non-Cartesian k-space has a `trajectory`: `row` then counts the samples of a readout and `column` the readouts (spokes).
 */
export interface Series {
  readonly id: string;
  readonly title: string;
  readonly domain: 'kspace' | 'image';
  /** What `read` returns: complex64 for k-space and complex images, float32 for magnitude or phase images. */
  readonly dtype: 'complex64' | 'float32';
  readonly axes: readonly Axis[];
  /** Product of the leading axes: how many slice indices there are. */
  readonly slices: number;
  /** 1 for images. */
  readonly coils: number;
  readonly rows: number;
  readonly columns: number;
  /** Non-Cartesian k-space only. The image is reconstructed on `trajectory.matrix` and cropped to `output`. */
  readonly trajectory?: Trajectory;
  /** Image size after removing readout oversampling and padding (centre crop), as in the file's own reference. */
  readonly output: { readonly rows: number; readonly columns: number };
  /** k-space only: which lines the scanner acquired, one value per column; null = all. */
  readonly acquired?: Uint8Array | null;
  /** k-space undersampled by single points: one value per [row, column]; absent or null where lines say it all. */
  readonly acquiredPoints?: Uint8Array | null;
  readonly geometry?: Geometry;
  readonly attributes: readonly Attribute[];
  /** Suggested display range of an image, where the file states one. */
  readonly window?: { readonly centre: number; readonly width: number };
  readonly identity?: DicomIdentity;
  readonly sources?: readonly SourceInstance[];
  /** [coil, row, column] for k-space, [row, column] for images. Throws input.* errors that name file and field. */
  read(slice: number): Promise<NdArray<'complex64'> | NdArray<'float32'>>;
  /** k-space only: receive noise without signal, [coil, sample], for pre-whitening. */
  readNoise?(): Promise<NdArray<'complex64'>>;
  /**
   * EPI only: navigator readouts of a slice without phase encoding, [coil, row, navigator], already turned round where they were
   * read backwards; `backwards` says which.
   */
  readNavigators?(slice: number): Promise<{ readonly data: NdArray<'complex64'>; readonly backwards: Uint8Array }>;
  /** EPI only: which columns were read backwards (they are turned round in `read`). */
  readonly backwards?: Uint8Array;
  /** EPI only: the readout gradient, where samples were taken on its ramps; `epi-regrid` puts them on the grid. Microseconds. */
  readonly readoutRamp?: ReadoutRamp;
  /** Present where the file does not name the axes. */
  readonly axisChoice?: AxisChoice;
  /** The file's own reference image of that slice (fastMRI `reconstruction_rss`), [output.rows, output.columns], where it has one. */
  readReference?(slice: number): Promise<NdArray<'float32'>>;
  /** Simulated heating only: the temperature rise that was put in, °C, [output.rows, output.columns]. */
  readHeating?(slice: number): Promise<NdArray<'float32'>>;
}

/** A trapezoidal readout gradient, microseconds: its ramps and plateau, and when after its start samples are taken, for how long. */
export interface ReadoutRamp {
  readonly up: number;
  readonly flat: number;
  readonly down: number;
  readonly delay: number;
  readonly duration: number;
}

export interface Recording {
  /**
   * 64 hex digits that name the recording in the library: `sha256()` where that takes no time; of a large file a
   * fingerprint of its size, its modification time and samples of its bytes, so that it opens without being read whole.
   */
  readonly id: string;
  /** File or folder name, without path. */
  readonly name: string;
  readonly bytes: number;
  /** Registry key of the reader: 'fastmri', 'ismrmrd', 'bart', 'twix', 'mat', 'npy', 'npz', 'nifti', 'dicom'. */
  readonly format: string;
  readonly series: readonly Series[];
  /** What the reader noticed and worked around, worded for people. */
  readonly warnings: readonly string[];
  /** What the raw-data doctor has to say; absent where nothing is odd. */
  readonly findings?: readonly Finding[];
  /** How it was asked to be read; absent for the reader's own judgement. */
  readonly read?: ReadOptions;
  /**
   * SHA-256 of the bytes (of the sorted list of the hashes, for several files), hex; what receipts name. Computed when
   * first asked for, also after `close`. Throws input.mismatch where the file was changed after it was opened.
   */
  sha256(): Promise<string>;
  /** Throws input.mismatch where a file has another size or modification time than when it was opened. Absent for what is not on disk. */
  checkUnchanged?(): Promise<void>;
  /** Releases file handles. Reading afterwards throws `io.read`. */
  close(): Promise<void>;
}
