/** What a measurement's frame says against its content: lengths, end marks, flags. */
import type { Finding } from '../../array/read-options.ts';
import type { Sorted } from './arrange.ts';
import type { Measurement } from './container.ts';
import type { TwixHeader } from './header.ts';
import { BIT, hasBit, type Scan } from './mdh.ts';
import type { ScanIndex } from './scan-index.ts';

export function examineFrame(measurement: Measurement, index: ScanIndex, size: number, suffix: string): Finding[] {
  const out: Finding[] = [];
  const { offset, stated, end } = measurement;
  const scans = index.scans.length;
  if (stated === 0) {
    out.push({
      id: `measurement-length${suffix}`,
      severity: 'info',
      field: 'measurement list, length',
      stated: 'The list of measurements says that this one has 0 bytes.',
      found: `It holds ${scans} readouts up to ${index.ended ? 'its end mark' : 'the end of the file'}.`,
      remedy: 'It was read up to there.',
    });
  }
  if (index.truncated || offset + stated > size) {
    out.push({
      id: `truncated${suffix}`,
      severity: 'warning',
      field: 'MDH',
      stated: stated > 0 ? `The measurement has ${stated} bytes from byte ${offset}.` : 'The last header promises more samples.',
      found: `The file ends at byte ${size}; ${scans} readouts are complete.`,
      remedy: 'The complete readouts were read; lines that are missing stay empty.',
    });
  } else if (!index.ended) {
    out.push({
      id: `end-mark${suffix}`,
      severity: 'warning',
      field: 'MDH_ACQEND',
      stated: 'A measurement ends with a readout that is marked as the end.',
      found: `There is none before byte ${end}; ${scans} readouts were found.`,
      remedy: 'All of them were read: the scan may have been stopped early.',
    });
  }
  return out;
}

export function examineFlags({ imaging }: Sorted, header: TwixHeader, suffix: string): Finding[] {
  const out: Finding[] = [];
  if (imaging.every((scan: Scan) => hasBit(scan, BIT.reflect))) {
    out.push({
      id: `all-lines-reflected${suffix}`,
      severity: 'info',
      field: 'MDH_REFLECT',
      stated: 'Every line is marked as read backwards.',
      found: 'None was read forward, so there is nothing to tell the two apart.',
      remedy: 'All lines were turned round, as the mark says; this mirrors the image along the readout.',
    });
  }
  if (header.multiband > 1) {
    out.push({
      id: `multiband${suffix}`,
      severity: 'error',
      field: 'sSliceAcceleration.lMultiBandFactor',
      stated: `${header.multiband} slices were excited at once.`,
      found: 'Their signals lie on top of one another in each readout.',
      remedy: 'Nothing was done: slices are not told apart, and each image shows several.',
    });
  }
  return out;
}
