/** Complex images of heated frames: an image whose water turns by the phase of ΔT and whose whole turns by the drift of the field. */
import { zeros, type NdArray } from '../../array/nd-array.ts';
import { driftMap, type Heating, heatingMap } from './heating.ts';
import { radiansPerDegree } from './prf.ts';

export interface HeatedScan extends Heating {
  /** Tesla. */
  readonly fieldStrength: number;
  /** Hz in the last frame. */
  readonly drift: number;
}

/** e^{iφ} of a frame, interleaved [row, column], for tissue that is water. `echoTime` in seconds. */
export function heatedTurn(scan: HeatedScan, rows: number, columns: number, frame: number, echoTime: number): NdArray<'complex64'> {
  return turnOf(scan, rows, columns, frame, echoTime, true);
}

/** water·e^{i(φ_heat + φ_drift)} + (1 − water)·e^{iφ_drift}, times `image` [row, column]. */
export function heatedImage(image: NdArray<'complex64'>, water: NdArray<'float32'>, scan: HeatedScan, frame: number, echoTime: number): NdArray<'complex64'> {
  const [rows, columns] = image.shape as [number, number];
  const hot = turnOf(scan, rows, columns, frame, echoTime, true).data;
  const still = turnOf(scan, rows, columns, frame, echoTime, false).data;
  const out = zeros('complex64', image.shape);
  for (let i = 0; i < water.data.length; i++) {
    const w = water.data[i] as number;
    const re = w * (hot[2 * i] as number) + (1 - w) * (still[2 * i] as number);
    const im = w * (hot[2 * i + 1] as number) + (1 - w) * (still[2 * i + 1] as number);
    const [x, y] = [image.data[2 * i] as number, image.data[2 * i + 1] as number];
    out.data[2 * i] = x * re - y * im;
    out.data[2 * i + 1] = x * im + y * re;
  }
  return out;
}

function turnOf(scan: HeatedScan, rows: number, columns: number, frame: number, echoTime: number, heated: boolean): NdArray<'complex64'> {
  const perDegree = heated ? radiansPerDegree({ fieldStrength: scan.fieldStrength, echoTime, phaseSign: 1 }) : 0;
  const rise = heatingMap(scan, rows, columns, frame).data;
  const drift = driftMap(scan.drift, rows, columns, frame, scan.frames);
  const out = zeros('complex64', [rows, columns]);
  for (let i = 0; i < rise.length; i++) {
    const angle = perDegree * (rise[i] as number) + 2 * Math.PI * echoTime * (drift[i] as number);
    out.data[2 * i] = Math.cos(angle);
    out.data[2 * i + 1] = Math.sin(angle);
  }
  return out;
}
