/** The port to whatever draws volumes: the studio knows only this, so that another version or library is one more adapter. */

export type VolumeLayout = 'multiplanar' | 'axial' | 'coronal' | 'sagittal' | 'render';
export type VolumeColormap = 'grey' | 'viridis' | 'inferno' | 'cividis';

/** Patient coordinates, mm, right–anterior–superior as NIfTI has them. */
export type Place = readonly [number, number, number];

export interface Crosshair {
  readonly place: Place;
  /** Column, row, slice. */
  readonly voxel: readonly [number, number, number];
  readonly value: number;
}

export interface VolumeFacts {
  /** Columns, rows, slices. */
  readonly size: readonly [number, number, number];
  readonly frames: number;
  /** Display range to start with: 2nd to 98th percentile. */
  readonly range: readonly [number, number];
  /** Least and greatest value. */
  readonly extent: readonly [number, number];
  /** Whether the file says how the volume lies in the patient: without that, letters at the edges would be made up. */
  readonly oriented: boolean;
}

export interface VolumeView {
  /** Shows a NIfTI file in memory in place of the one before. Rejects where it cannot be read. */
  load(nifti: ArrayBuffer): Promise<VolumeFacts>;
  setLayout(layout: VolumeLayout): void;
  /** Values from `low` to `high` run over the colour map. */
  setRange(low: number, high: number): void;
  setColormap(colormap: VolumeColormap): void;
  /** Whether the patient's left is on the right of the screen. */
  setRadiological(radiological: boolean): void;
  /** Volumes with a fourth dimension; from 0. */
  setFrame(frame: number): void;
  /** Moves the crosshair to a place of the patient, mm. */
  setCrosshair(place: Place): void;
  /** Moves the crosshair by whole voxels along column, row, slice of the patient's axes. */
  moveCrosshair(right: number, anterior: number, superior: number): void;
  /** Frees the graphics context. Nothing may be called afterwards. */
  dispose(): void;
}

export interface VolumeEvents {
  oncrosshair(crosshair: Crosshair): void;
  /** A drag with the right button changed the window. */
  onrange(low: number, high: number): void;
}

/** Draws into `canvas`. Rejects with the reason where there is no WebGL 2. */
export type OpenVolumeView = (canvas: HTMLCanvasElement, events: VolumeEvents) => Promise<VolumeView>;
