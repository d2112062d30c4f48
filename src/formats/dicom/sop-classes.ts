/** What a DICOM object without an image is, so that the refusal can say so (PS3.4 annex B.5). */
import { LacunaError } from '../../errors.ts';
import type { Tags } from './data-set.ts';
import { TAG } from './tags.ts';

const WITHOUT_IMAGE: readonly (readonly [string, string])[] = [
  ['1.2.840.10008.1.3.10', 'a DICOM directory (DICOMDIR); open the folder it lies in'],
  ['1.2.840.10008.5.1.4.1.1.481.3', 'an RT structure set'],
  ['1.2.840.10008.5.1.4.1.1.481.2', 'an RT dose'],
  ['1.2.840.10008.5.1.4.1.1.481.5', 'an RT plan'],
  ['1.2.840.10008.5.1.4.1.1.4.2', 'an MR spectroscopy object'],
  ['1.2.840.10008.5.1.4.1.1.66', 'a raw data, registration, fiducial or surface object'],
  ['1.2.840.10008.5.1.4.1.1.88', 'a structured report'],
  ['1.2.840.10008.5.1.4.1.1.104', 'an encapsulated document'],
  ['1.2.840.10008.5.1.4.1.1.11', 'a presentation state'],
  ['1.2.840.10008.5.1.4.1.1.9', 'a waveform'],
];

/** Throws input.unsupported that names what the object is instead of an image. */
export function refuseWithoutImage(tags: Tags): never {
  for (const tag of [TAG.FloatPixelData, TAG.DoubleFloatPixelData]) {
    if (tags.has(tag)) {
      throw new LacunaError('input.unsupported', `An image of floating-point pixels ${tag.label}, which is not read.`, {
        field: tag.label,
      });
    }
  }
  const uid = tags.text(TAG.SOPClassUID);
  const known = WITHOUT_IMAGE.find(([prefix]) => uid === prefix || uid?.startsWith(`${prefix}.`))?.[1];
  const what = known ?? (uid === undefined ? 'an object of no stated class' : `an object of class ${uid.slice(0, 64)}`);
  throw new LacunaError('input.unsupported', `Holds no image: it is ${what} and has no ${TAG.PixelData.label}.`, {
    field: TAG.PixelData.label,
  });
}
