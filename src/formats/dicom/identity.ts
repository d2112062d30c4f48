/** What an object derived from this one keeps: patient, study, frame of reference and acquisition, as DICOM JSON (PS3.18 annex F). */
import type { DicomIdentity } from '../../array/recording.ts';
import type { Frame } from './frame.ts';
import { TAG, type Tag } from './tags.ts';

const KEPT: readonly (readonly [tag: Tag, group?: Tag])[] = [
  [TAG.ImageType],
  [TAG.StudyDate],
  [TAG.StudyTime],
  [TAG.AcquisitionDate],
  [TAG.AcquisitionTime],
  [TAG.AccessionNumber],
  [TAG.Manufacturer],
  [TAG.ManufacturerModelName],
  [TAG.ReferringPhysicianName],
  [TAG.StudyDescription],
  [TAG.SeriesDescription],
  [TAG.PatientName],
  [TAG.PatientID],
  [TAG.IssuerOfPatientID],
  [TAG.PatientBirthDate],
  [TAG.PatientSex],
  [TAG.PatientAge],
  [TAG.PatientWeight],
  [TAG.PatientIdentityRemoved],
  [TAG.DeidentificationMethod],
  [TAG.BodyPartExamined],
  [TAG.ScanningSequence],
  [TAG.SequenceVariant],
  [TAG.ScanOptions],
  [TAG.MRAcquisitionType],
  [TAG.SequenceName],
  [TAG.RepetitionTime, TAG.MRTimingAndRelatedParametersSequence],
  [TAG.EchoTime],
  [TAG.EffectiveEchoTime, TAG.MREchoSequence],
  [TAG.InversionTime],
  [TAG.ImagingFrequency],
  [TAG.ImagedNucleus],
  [TAG.MagneticFieldStrength],
  [TAG.EchoTrainLength, TAG.MRTimingAndRelatedParametersSequence],
  [TAG.FlipAngle, TAG.MRTimingAndRelatedParametersSequence],
  [TAG.PatientPosition],
  [TAG.StudyInstanceUID],
  [TAG.SeriesInstanceUID],
  [TAG.StudyID],
  [TAG.SeriesNumber],
  [TAG.FrameOfReferenceUID],
  [TAG.Laterality],
  [TAG.PositionReferenceIndicator],
  [TAG.LossyImageCompression],
  [TAG.LossyImageCompressionRatio],
  [TAG.LossyImageCompressionMethod],
];

const BINARY_VR = new Set(['US', 'SS', 'UL', 'SL', 'FL', 'FD']);

export function identityOf(frame: Frame): DicomIdentity {
  const identity: Record<string, { vr: string; Value?: unknown[] }> = {};
  for (const [tag, group] of KEPT) {
    const set = frame.tags.of(tag, group);
    if (!set.has(tag)) continue;
    const values = BINARY_VR.has(tag.vr) ? set.numbers(tag) : set.texts(tag);
    const value = tag.vr === 'PN' ? values.map((name) => ({ Alphabetic: name })) : values;
    identity[tag.key.slice(1).toUpperCase()] = value.length === 0 || values[0] === '' ? { vr: tag.vr } : { vr: tag.vr, Value: value };
  }
  // JPEG baseline and extended lose by definition, whatever the object says about itself.
  if (frame.instance.syntax.codec === 'jpeg-8') identity['00282110'] = { vr: 'CS', Value: ['01'] };
  return identity;
}
