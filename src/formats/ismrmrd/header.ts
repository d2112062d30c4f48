/** The ISMRMRD header (also fastMRI's `ismrmrd_header`): what of it the readers use. Source: schema/ismrmrd.xsd of ISMRMRD 1.x. */
import type { Attribute } from '../../array/recording.ts';
import { findElement, numberAt, parseXml, textAt, type XmlElement } from './xml.ts';

export interface Space {
  readonly matrix: readonly [number, number, number];
  /** Millimetres; null where the header does not say. */
  readonly fieldOfView: readonly [number, number, number] | null;
}

export interface Limit {
  readonly minimum: number;
  readonly maximum: number;
  /** Null where the header does not say. */
  readonly centre: number | null;
}

export interface Encoding {
  readonly encoded: Space | null;
  readonly recon: Space | null;
  /** In lower case, letters alone: cartesian, epi, radial, goldenangle, spiral, other. */
  readonly trajectory: string;
  /** kspace_encoding_step_1: which column is the centre of k-space. */
  readonly step1: Limit | null;
  /** kspace_encoding_step_2, of three-dimensional measurements. */
  readonly step2: Limit | null;
  /** `embedded`, `interleaved`, `separate`, `external`, `other`; null where the header does not say. */
  readonly calibrationMode: string | null;
  /** Numbers of trajectoryDescription, by name: `rampUpTime`, `flatTopTime`, `etlNumber` … */
  readonly trajectoryParameters: ReadonlyMap<string, number>;
}

export interface IsmrmrdHeader {
  readonly encodings: readonly Encoding[];
  readonly receiverChannels: number | null;
  /** Noise bandwidth of the receiver ÷ 1/dwell time; null where the header does not say. */
  readonly noiseBandwidth: number | null;
  readonly attributes: readonly Attribute[];
}

/** Throws `input.malformed` naming `field`. */
export function parseIsmrmrdHeader(xml: string, file: string, field: string): IsmrmrdHeader {
  const root = parseXml(xml, file, field);
  const encodings = root.children.filter((child) => child.name === 'encoding').slice(0, 16);
  const system = findElement(root, 'acquisitionSystemInformation');
  return {
    encodings: encodings.map(parseEncoding),
    receiverChannels: numberAt(system, 'receiverChannels') ?? null,
    noiseBandwidth: numberAt(system, 'relativeReceiverNoiseBandwidth') ?? null,
    attributes: describe(root),
  };
}

function parseEncoding(element: XmlElement): Encoding {
  return {
    encoded: parseSpace(findElement(element, 'encodedSpace')),
    recon: parseSpace(findElement(element, 'reconSpace')),
    trajectory: (textAt(element, 'trajectory') ?? 'cartesian').toLowerCase().replace(/[^a-z]/g, ''),
    step1: parseLimit(findElement(element, 'encodingLimits', 'kspace_encoding_step_1')),
    step2: parseLimit(findElement(element, 'encodingLimits', 'kspace_encoding_step_2')),
    calibrationMode: textAt(element, 'parallelImaging', 'calibrationMode')?.toLowerCase() ?? null,
    trajectoryParameters: parseParameters(findElement(element, 'trajectoryDescription')),
  };
}

/** `userParameterLong` and `userParameterDouble`: name and value; what is no number is passed over. */
function parseParameters(element: XmlElement | undefined): ReadonlyMap<string, number> {
  const out = new Map<string, number>();
  for (const child of element?.children ?? []) {
    const [name, value] = [textAt(child, 'name'), numberAt(child, 'value')];
    if (name !== undefined && value !== undefined) out.set(name, value);
  }
  return out;
}

function parseSpace(element: XmlElement | undefined): Space | null {
  const triple = (name: string) => ['x', 'y', 'z'].map((axis) => numberAt(element, name, axis) ?? 0) as [number, number, number];
  const [x, y, z] = triple('matrixSize');
  // Writers of two-dimensional measurements leave the third at 0.
  const matrix = [x, y, Math.max(1, z)] as const;
  const fieldOfView = triple('fieldOfView_mm');
  if (!matrix.every((n) => Number.isInteger(n) && n >= 1 && n <= 65_536)) return null;
  return { matrix, fieldOfView: fieldOfView.every((n) => n > 0) ? fieldOfView : null };
}

function parseLimit(element: XmlElement | undefined): Limit | null {
  const minimum = numberAt(element, 'minimum');
  const maximum = numberAt(element, 'maximum');
  const centre = numberAt(element, 'center');
  if (minimum === undefined || maximum === undefined) return null;
  return { minimum, maximum, centre: centre ?? null };
}

/** The acquisition table, in words for people. */
function describe(root: XmlElement): Attribute[] {
  const out: Attribute[] = [];
  const add = (label: string, value: string | undefined) => {
    if (value !== undefined) out.push({ label, value: value.slice(0, 200) });
  };
  const system = findElement(root, 'acquisitionSystemInformation');
  const sequence = findElement(root, 'sequenceParameters');
  const encoding = findElement(root, 'encoding');
  const number = (from: XmlElement | undefined, name: string, unit: string, digits = 2) => {
    const value = numberAt(from, name);
    return value === undefined ? undefined : `${Number(value.toFixed(digits))} ${unit}`.trim();
  };
  const space = (name: string) => {
    const s = parseSpace(findElement(encoding, name));
    if (s === null) return undefined;
    const fov = s.fieldOfView === null ? '' : `, ${s.fieldOfView.map((n) => Number(n.toFixed(2))).join(' × ')} mm`;
    return `${s.matrix.join(' × ')}${fov}`;
  };
  add('Protocol', textAt(root, 'measurementInformation', 'protocolName'));
  add('Scanner', [textAt(system, 'systemVendor'), textAt(system, 'systemModel')].filter(Boolean).join(' ') || undefined);
  add('Field strength', number(system, 'systemFieldStrength_T', 'T'));
  add('Receiver channels', number(system, 'receiverChannels', ''));
  add('Sequence', textAt(sequence, 'sequence_type'));
  add('TR', number(sequence, 'TR', 'ms'));
  add('TE', number(sequence, 'TE', 'ms'));
  add('TI', number(sequence, 'TI', 'ms'));
  add('Flip angle', number(sequence, 'flipAngle_deg', '°'));
  add('Echo spacing', number(sequence, 'echo_spacing', 'ms'));
  add('Encoded matrix', space('encodedSpace'));
  add('Image matrix', space('reconSpace'));
  add('Acceleration', number(findElement(encoding, 'parallelImaging', 'accelerationFactor'), 'kspace_encoding_step_1', ''));
  add('Trajectory', textAt(encoding, 'trajectory'));
  return out;
}
