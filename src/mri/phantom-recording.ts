/** The brain phantom as a recording: multi-coil k-space, made slice by slice when it is read. */
import { ndArray } from '../array/nd-array.ts';
import type { Geometry, Recording, Series } from '../array/recording.ts';
import { mm } from '../array/units.ts';
import { LacunaError } from '../errors.ts';
import { brainSlice } from './phantom.ts';
import { type Contrast, SIGNAL } from './phantom-tissue.ts';
import { describeScan, type SimulatedScan, simulateSeries } from './simulate-series.ts';

/** Raised whenever the same parameters would give other numbers: it enters the recording's hash. */
const VERSION = 1;

export interface BrainScan extends SimulatedScan {
  /** The step that makes it; part of the name and the hash. */
  readonly name: string;
  readonly contrast: Contrast;
  readonly slices: number;
  readonly rows: number;
  readonly columns: number;
  /** Length of the field of view along a column (anterior to posterior), mm; pixels are square. */
  readonly fieldOfView: number;
}

/** Heights of the first and last of several slices, mm above the foramina of Monro; a single slice shows the nuclei. */
const LOWEST = 2;
const HIGHEST = 44;
const ONLY = 6;

/**
 * One k-space series. SNR is that of white matter: its nominal signal over the noise's standard deviation in the real
 * or the imaginary part of the optimally combined, fully sampled image. Its hash is that of the parameters and of
 * the phantom's version, since they decide every bit.
 */
export async function brainRecording(scan: BrainScan): Promise<Recording> {
  const { name, contrast, slices, rows, columns, coils } = scan;
  const image = brainImages(scan);
  const simulated = simulateSeries(image, scan, SIGNAL[contrast].white);
  const hash = await hashOf(scan);
  let open = true;
  const series: Series = {
    ...simulated,
    id: 'kspace',
    title: `Brain phantom ${CONTRAST_TITLES[contrast]}, ${coils} ${coils === 1 ? 'coil' : 'coils'} (simulated)`,
    attributes: describe(scan),
    read(slice) {
      if (!open) return Promise.reject(new LacunaError('io.read', 'The recording has been closed.', { file: name }));
      return simulated.read(slice);
    },
  };
  return {
    id: hash,
    sha256: () => Promise.resolve(hash),
    name: `${name}-${contrast}`,
    bytes: slices * coils * rows * columns * 8,
    format: 'sample',
    series: [series],
    warnings: [],
    close() {
      open = false;
      return Promise.resolve();
    },
  };
}

const CONTRAST_TITLES: { readonly [C in Contrast]: string } = { t1: 'T1', t2: 'T2', flair: 'FLAIR' };

/** The noise-free magnitude images, of which the scan is simulated. */
export function brainImages(scan: BrainScan): Series {
  const { contrast, slices, rows, columns, seed } = scan;
  const spacing = scan.fieldOfView / rows;
  const heights = Array.from({ length: slices }, (_, s) => heightOf(s, slices));
  const gap = slices > 1 ? (HIGHEST - LOWEST) / (slices - 1) : 5;
  return {
    id: 'image',
    title: 'Brain phantom',
    domain: 'image',
    dtype: 'float32',
    axes: [
      { name: 'slice', length: slices, spacing: mm(gap) },
      { name: 'row', length: rows, spacing: mm(spacing) },
      { name: 'column', length: columns, spacing: mm(spacing) },
    ],
    slices,
    coils: 1,
    rows,
    columns,
    output: { rows, columns },
    geometry: geometryOf(scan, spacing, gap, heights),
    attributes: [],
    async read(slice) {
      const z = heights[slice];
      if (z === undefined) {
        throw new LacunaError('usage.invalid', `Slice ${slice} does not exist; expected 0 to ${slices - 1}.`, { field: 'slice' });
      }
      const image = brainSlice({ rows, columns, rowSpacing: spacing, columnSpacing: spacing, z, contrast, seed });
      return ndArray('float32', [rows, columns], image);
    },
  };
}

function heightOf(slice: number, slices: number): number {
  return slices === 1 ? ONLY : LOWEST + ((HIGHEST - LOWEST) * slice) / (slices - 1);
}

/**
 * Axial, supine, head first: columns run to the patient's left (+x in LPS), rows to the back (+y), slices upwards
 * (+z).
 */
function geometryOf({ rows, columns }: BrainScan, spacing: number, gap: number, heights: readonly number[]): Geometry {
  const left = -Math.floor(columns / 2) * spacing;
  const front = -Math.floor(rows / 2) * spacing;
  return {
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    rowSpacing: mm(spacing),
    columnSpacing: mm(spacing),
    sliceThickness: mm(Math.min(gap, 5)),
    positions: heights.map((z) => [left, front, z] as const),
  };
}

function describe(scan: BrainScan): Series['attributes'] {
  const spacing = (scan.fieldOfView / scan.rows).toFixed(2);
  return [
    { label: 'Subject', value: 'None: a drawn phantom, made by the studio' },
    { label: 'Contrast', value: CONTRAST_TITLES[scan.contrast] },
    { label: 'Pixel', value: `${spacing} × ${spacing} mm` },
    { label: 'Acquisition', value: describeScan(scan) },
  ];
}

async function hashOf(scan: BrainScan): Promise<string> {
  const { name, contrast, slices, rows, columns, fieldOfView, coils, phase, snr, seed } = scan;
  const canonical = JSON.stringify(['lacuna sample', VERSION, name, contrast, slices, rows, columns, fieldOfView, coils, phase, snr, seed]);
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(canonical));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
