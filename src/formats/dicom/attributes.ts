/** The acquisition table of a series, worded for people. What the file does not say is left out. */
import type { Attribute } from '../../array/recording.ts';
import type { Frame } from './frame.ts';
import type { FrameTags } from './frame-tags.ts';
import { TAG, type Tag } from './tags.ts';

export function attributesOf(frame: Frame): Attribute[] {
  const { tags, instance } = frame;
  const rows: (readonly [string, string | undefined])[] = [
    ['Scanner', [tags.text(TAG.Manufacturer), tags.text(TAG.ManufacturerModelName)].filter((t) => t !== undefined).join(' ')],
    ['Modality', tags.text(TAG.Modality)],
    ['Field strength', amount(tags.number(TAG.MagneticFieldStrength), 'T')],
    ['Protocol', tags.text(TAG.ProtocolName)],
    ['Sequence', tags.text(TAG.PulseSequenceName) ?? tags.text(TAG.SequenceName)],
    ['Scanning sequence', joined(tags, TAG.ScanningSequence)],
    ['Acquisition', tags.text(TAG.MRAcquisitionType)],
    ['Repetition time', amount(tags.number(TAG.RepetitionTime, TAG.MRTimingAndRelatedParametersSequence), 'ms')],
    ['Echo time', amount(frame.echoTime, 'ms')],
    ['Inversion time', amount(tags.number(TAG.InversionTimes, TAG.MRModifierSequence) ?? tags.number(TAG.InversionTime), 'ms')],
    ['Flip angle', amount(tags.number(TAG.FlipAngle, TAG.MRTimingAndRelatedParametersSequence), '°')],
    ['Echo train length', amount(tags.number(TAG.EchoTrainLength, TAG.MRTimingAndRelatedParametersSequence), '')],
    ['Averages', amount(tags.number(TAG.NumberOfAverages, TAG.MRAveragesSequence), '')],
    ['Bandwidth', amount(tags.number(TAG.PixelBandwidth, TAG.MRImagingModifierSequence), 'Hz/pixel')],
    ['Coil', tags.text(TAG.ReceiveCoilName, TAG.MRReceiveCoilSequence)],
    ['Phase encoding', tags.text(TAG.InPlanePhaseEncodingDirection, TAG.MRFOVGeometrySequence)?.toLowerCase()],
    ['Body part', tags.text(TAG.BodyPartExamined)],
    ['Patient position', tags.text(TAG.PatientPosition)],
    ['Image component', frame.radians ? `${frame.component}, rad` : frame.component],
    ['Greyscale', instance.format.inverted ? 'inverted (MONOCHROME1: low values are bright)' : undefined],
    ['Stored as', `${instance.syntax.title}, ${instance.format.bitsStored} bits${instance.format.signed ? ' signed' : ''}`],
    ['Lossy compression', tags.text(TAG.LossyImageCompression) === '01' ? 'has been applied' : undefined],
  ];
  return rows.flatMap(([label, value]) => (value ? [{ label, value }] : []));
}

/** Enough digits to tell values apart, no trailing zeros. */
function amount(value: number | undefined, unit: string): string | undefined {
  if (value === undefined) return undefined;
  const number = String(Number(value.toPrecision(6)));
  return unit === '°' ? `${number}°` : `${number} ${unit}`.trim();
}

const joined = (tags: FrameTags, tag: Tag): string | undefined => tags.texts(tag).join(' ') || undefined;
