/**
 * A derived MR image, one classic MR Image Storage object a slice (PS3.3 A.4), Explicit VR Little Endian. No clock and no
 * chance go in: the same input gives the same bytes.
 */
import type { DicomIdentity, Geometry, SourceInstance } from '../../../array/recording.ts';
import { NOTICE, PRODUCT, VERSION } from '../../../version.ts';
import { EXPLICIT_LITTLE } from '../transfer-syntax.ts';
import { bytes, type DataElement, decimal, encode, sequence, text, unsignedShort, words } from './element.ts';
import { Kept } from './kept.ts';
import { quantise, type Quantised } from './quantise.ts';
import { derivedUid } from './uid.ts';

export interface DerivedImage {
  /** [slice, row, column] */
  readonly shape: readonly [number, number, number];
  readonly values: Float32Array;
  readonly component: 'magnitude' | 'phase';
  /** For each slice, its index in the source series. */
  readonly slices: readonly number[];
  readonly title: string;
  readonly derivation: string;
  readonly receipt: string;
  /** Decides all new UIDs. */
  readonly seed: string;
  readonly learned: boolean;
  readonly geometry?: Geometry;
  readonly identity?: DicomIdentity;
  /** One a slice of the source series. */
  readonly sources?: readonly SourceInstance[];
}

const MR_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.4';
const WARNING = 'NOT FOR DIAGNOSTIC USE';

/** Files in slice order. Throws usage.unsupported where a value is not finite. */
export function writeDerivedMr(image: DerivedImage): Uint8Array[] {
  const quantised = quantise(image.values);
  const kept = new Kept(image.identity);
  // Another choice of slices is scaled anew, so it is another series of other objects.
  const scope = `${image.component} ${image.shape.join('x')} ${image.slices.join(',')}`;
  const series = [...patient(kept), ...study(image, kept), ...seriesAndEquipment(image, kept, scope), ...acquisition(kept)];
  return image.slices.map((_, s) => {
    const instance = derivedUid(image.seed, `instance ${scope} ${s}`);
    const elements = [
      ...series,
      ...derivation(image, s),
      ...plane(image, s),
      ...pixels(image, quantised, kept, s),
      text(0x00080018, 'UI', instance),
    ];
    return part10(encode(elements), instance);
  });
}

/** PS3.10 section 7.1. */
function part10(dataSet: Uint8Array, instance: string): Uint8Array {
  const group = encode([
    bytes(0x00020001, Uint8Array.of(0, 1)),
    text(0x00020002, 'UI', MR_IMAGE_STORAGE),
    text(0x00020003, 'UI', instance),
    text(0x00020010, 'UI', EXPLICIT_LITTLE),
    text(0x00020012, 'UI', derivedUid(PRODUCT, 'implementation class')),
    text(0x00020013, 'SH', `LACUNA_${VERSION}`),
  ]);
  const out = new Uint8Array(132 + 12 + group.length + dataSet.length);
  out.set([0x44, 0x49, 0x43, 0x4d, 0x02, 0x00, 0x00, 0x00, 0x55, 0x4c, 0x04, 0x00], 128);
  new DataView(out.buffer).setUint32(140, group.length, true);
  out.set(group, 144);
  out.set(dataSet, 144 + group.length);
  return out;
}

/** Patient and Patient Study modules (C.7.1.1, C.7.2.2). A source that names nobody gives a placeholder. */
function patient(kept: Kept): DataElement[] {
  const deidentified = kept.first(0x00120062) === 'YES';
  return [
    text(0x00080005, 'CS', 'ISO_IR 192'),
    kept.required(0x00100010, 'PN', ['Lacuna^Anonymous']),
    kept.required(0x00100020, 'LO', ['ANONYMOUS']),
    ...kept.optional(0x00100021, 'LO'),
    kept.required(0x00100030, 'DA'),
    kept.terms(0x00100040, ['M', 'F', 'O'], []),
    ...kept.optional(0x00101010, 'AS'),
    ...kept.optional(0x00101030, 'DS'),
    ...(deidentified ? [text(0x00120062, 'CS', 'YES'), kept.required(0x00120063, 'LO', ['As the source object'])] : []),
  ];
}

/** General Study, Frame of Reference (C.7.2.1, C.7.4.1). */
function study(image: DerivedImage, kept: Kept): DataElement[] {
  return [
    kept.required(0x0020000d, 'UI', [derivedUid(image.seed, 'study')]),
    kept.required(0x00080020, 'DA'),
    kept.required(0x00080030, 'TM'),
    kept.required(0x00080050, 'SH'),
    kept.required(0x00080090, 'PN'),
    kept.required(0x00200010, 'SH', ['1']),
    ...kept.optional(0x00081030, 'LO'),
    kept.required(0x00200052, 'UI', [derivedUid(image.seed, 'frame of reference')]),
    kept.required(0x00201040, 'LO'),
  ];
}

/** General Series, General Equipment, Contributing Equipment (C.7.3.1, C.7.5.1, C.12.1). */
function seriesAndEquipment(image: DerivedImage, kept: Kept, scope: string): DataElement[] {
  const number = kept.number(0x00200011);
  const acquiredBy = kept.first(0x00080070);
  const scanner = [
    code(0x0040a170, '109101', 'DCM', 'Acquisition Equipment'),
    text(0x00080070, 'LO', acquiredBy),
    text(0x00081090, 'LO', kept.first(0x00081090)),
  ];
  const processor = [
    code(0x0040a170, '109102', 'DCM', 'Processing Equipment'),
    text(0x00080070, 'LO', PRODUCT),
    text(0x00081090, 'LO', PRODUCT),
    text(0x00181020, 'LO', VERSION),
    text(0x0018a003, 'ST', image.derivation),
  ];
  return [
    text(0x00080060, 'CS', 'MR'),
    text(0x0020000e, 'UI', derivedUid(image.seed, `series ${scope}`)),
    // Behind the source's own number, where viewers look for what was made from it.
    text(0x00200011, 'IS', String(Number.isSafeInteger(number) && number >= 0 && number < 1e6 ? number * 1000 + 1 : 1001)),
    text(0x0008103e, 'LO', `${image.title.slice(0, 64 - WARNING.length - 1)} ${WARNING}`),
    // Laterality is asked for, if only empty, where the body part is not said (type 2C).
    ...(kept.optional(0x00180015, 'CS').length > 0 ? kept.optional(0x00180015, 'CS') : [kept.terms(0x00200060, ['R', 'L'], [])]),
    kept.terms(0x00185100, PATIENT_POSITIONS, []),
    text(0x00080070, 'LO', PRODUCT),
    text(0x00081090, 'LO', PRODUCT),
    text(0x00181020, 'LO', VERSION),
    sequence(0x0018a001, acquiredBy === '' ? [processor] : [scanner, processor]),
  ];
}

const PATIENT_POSITIONS = [
  'HFS',
  'HFP',
  'FFS',
  'FFP',
  'HFDR',
  'HFDL',
  'FFDR',
  'FFDL',
  'LFP',
  'LFS',
  'RFP',
  'RFS',
  'AFDR',
  'AFDL',
  'PFDR',
  'PFDL',
];

/** MR Image module (C.8.3.1): only terms that it defines; "research mode" where the source says nothing. */
function acquisition(kept: Kept): DataElement[] {
  const inversion = kept.values(0x00180020).includes('IR');
  const echoTime = kept.first(0x00180081) === '' ? kept.number(0x00189082) : kept.number(0x00180081);
  return [
    kept.terms(0x00180020, ['SE', 'IR', 'GR', 'EP', 'RM'], ['RM']),
    kept.terms(0x00180021, ['SK', 'MTC', 'SS', 'TRSS', 'SP', 'MP', 'OSP', 'TOF', 'NONE'], ['NONE']),
    // Gating options would call for a trigger time, which identity does not carry.
    kept.terms(0x00180022, ['FC', 'PFF', 'PFP', 'SP', 'FS'], []),
    kept.terms(0x00180023, ['2D', '3D'], []),
    kept.required(0x00180080, 'DS'),
    decimal(0x00180081, echoTime),
    ...(inversion ? [kept.required(0x00180082, 'DS')] : []),
    kept.required(0x00180091, 'IS'),
    ...kept.optional(0x00180084, 'DS'),
    ...kept.optional(0x00180085, 'SH'),
    ...kept.optional(0x00180087, 'DS'),
    ...kept.optional(0x00181314, 'DS'),
    ...kept.optional(0x00080022, 'DA'),
    ...kept.optional(0x00080032, 'TM'),
  ];
}

/** How it came about (C.7.6.1.1.3, C.12.4): in words, as a code, with its sources, with its receipt. */
function derivation(image: DerivedImage, s: number): DataElement[] {
  const what = image.learned
    ? (['RECON-LEARNED', 'Reconstruction from undersampled k-space by a learned network'] as const)
    : (['RECON', 'Reconstruction from undersampled k-space'] as const);
  const sources = sourcesOf(image, s);
  return [
    text(0x00080008, 'CS', 'DERIVED', 'SECONDARY', image.component === 'phase' ? 'PHASE MAP' : 'OTHER'),
    text(0x00080016, 'UI', MR_IMAGE_STORAGE),
    text(0x00082111, 'ST', image.derivation),
    code(0x00089215, what[0], '99LACUNA', what[1]),
    text(0x00204000, 'LT', `${NOTICE} ${WARNING}.`),
    // Private block for what no attribute has room for.
    text(0x00090010, 'LO', 'LACUNA STUDIO'),
    text(0x00091001, 'UT', image.receipt),
    ...(sources.length === 0
      ? []
      : [
          sequence(
            0x00082112,
            sources.map((source) => [
              text(0x00081150, 'UI', source.sopClassUid),
              text(0x00081155, 'UI', source.sopInstanceUid),
              code(0x0040a170, '121322', 'DCM', 'Source image for image processing operation'),
            ]),
          ),
        ]),
  ];
}

/** The instance the slice came from; all of them where that is not known. */
function sourcesOf(image: DerivedImage, s: number): SourceInstance[] {
  const all = image.sources ?? [];
  const own = all[image.slices[s] ?? -1];
  const wanted = own === undefined ? all : [own];
  return [...new Map(wanted.map((source) => [source.sopInstanceUid, source])).values()];
}

/** Image Plane module (C.7.6.2). Without geometry: axial, 1 mm, from the origin, and a comment would be no more certain. */
function plane(image: DerivedImage, s: number): DataElement[] {
  const { geometry } = image;
  const source = image.slices[s] ?? s;
  const count = geometry?.positions.length ?? 0;
  const position = geometry?.positions[source % Math.max(1, count)] ?? [0, 0, source];
  return [
    text(0x00200013, 'IS', String(source + 1)),
    decimal(0x00180050, geometry?.sliceThickness ?? 1),
    decimal(0x00280030, geometry?.rowSpacing ?? 1, geometry?.columnSpacing ?? 1),
    decimal(0x00200037, ...(geometry?.rowDirection ?? [1, 0, 0]), ...(geometry?.columnDirection ?? [0, 1, 0])),
    decimal(0x00200032, ...position),
  ];
}

/** Image Pixel, VOI LUT and rescale (C.7.6.3, C.11.2, C.11.1). */
function pixels(image: DerivedImage, { stored, slope, intercept, window }: Quantised, kept: Kept, s: number): DataElement[] {
  const [, rows, columns] = image.shape;
  const lossy = kept.first(0x00282110) === '01';
  return [
    unsignedShort(0x00280002, 1),
    text(0x00280004, 'CS', 'MONOCHROME2'),
    unsignedShort(0x00280010, rows),
    unsignedShort(0x00280011, columns),
    unsignedShort(0x00280100, 16),
    unsignedShort(0x00280101, 16),
    unsignedShort(0x00280102, 15),
    unsignedShort(0x00280103, 0),
    text(0x00280300, 'CS', 'NO'),
    text(0x00280301, 'CS', 'NO'),
    decimal(0x00281050, window.centre),
    decimal(0x00281051, window.width),
    // LINEAR, the default, forbids widths below 1, which data on a small scale need (C.11.2.1.3.2).
    text(0x00281056, 'CS', 'LINEAR_EXACT'),
    decimal(0x00281052, intercept),
    decimal(0x00281053, slope),
    text(0x00281054, 'LO', 'US'),
    // Once lossy, always lossy (C.7.6.1.1.5).
    ...(lossy ? [text(0x00282110, 'CS', '01'), ...kept.optional(0x00282112, 'DS'), ...kept.optional(0x00282114, 'CS')] : []),
    words(0x7fe00010, stored.subarray(s * rows * columns, (s + 1) * rows * columns)),
  ];
}

/** A sequence with one coded concept (PS3.3 section 8). */
function code(tag: number, value: string, scheme: string, meaning: string): DataElement {
  return sequence(tag, [[text(0x00080100, 'SH', value), text(0x00080102, 'SH', scheme), text(0x00080104, 'LO', meaning)]]);
}
