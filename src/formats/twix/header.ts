/** What the protocol says about a measurement, in the units of this program. */
import type { Attribute, ReadoutRamp } from '../../array/recording.ts';
import type { Vector } from './mdh.ts';
import type { Protocol } from './xprotocol.ts';

export interface SliceBox {
  readonly position: Vector;
  readonly normal: Vector;
  /** Radians, about the normal. */
  readonly rotation: number;
  /** mm */
  readonly thickness: number;
  readonly readoutFov: number;
  readonly phaseFov: number;
}

export interface TwixHeader {
  readonly protocolName: string;
  readonly baseResolution: number | null;
  readonly lines: number | null;
  readonly partitions: number;
  readonly oversampling: number | null;
  /** Additional field of view along the lines and partitions, as a fraction. */
  readonly phaseOversampling: number;
  readonly trajectory: number;
  readonly contrasts: number;
  readonly multiband: number;
  readonly slices: readonly SliceBox[];
  readonly ramp: ReadoutRamp | null;
  readonly attributes: readonly Attribute[];
}

const MAX_SLICES = 512;
const MAX_SIDE = 65_536;
export const CARTESIAN = 1;
const TRAJECTORIES: Readonly<Record<number, string>> = { 1: 'Cartesian', 2: 'radial', 4: 'spiral', 8: 'propeller' };

export function trajectoryName(code: number): string {
  return TRAJECTORIES[code] ?? `code ${code}`;
}

export function readHeader(protocol: Protocol, fallbackName: string): TwixHeader {
  const count = (key: string): number | null => {
    const value = protocol.number(key);
    return value !== undefined && Number.isInteger(value) && value >= 1 && value <= MAX_SIDE ? value : null;
  };
  const oversampling = protocol.parameter('flReadoutOSFactor')[0];
  const extra = protocol.number('sKSpace.dPhaseOversamplingForDialog') ?? 0;
  return {
    protocolName: protocol.text('tProtocolName') ?? fallbackName,
    baseResolution: count('sKSpace.lBaseResolution'),
    lines: count('sKSpace.lPhaseEncodingLines'),
    partitions: count('sKSpace.lPartitions') ?? 1,
    oversampling: oversampling !== undefined && oversampling >= 1 && oversampling <= 16 ? oversampling : null,
    phaseOversampling: extra >= 0 && extra <= 10 ? extra : 0,
    trajectory: protocol.number('sKSpace.ucTrajectory') ?? CARTESIAN,
    contrasts: count('lContrasts') ?? 1,
    multiband: count('sSliceAcceleration.lMultiBandFactor') ?? 1,
    slices: readSlices(protocol),
    ramp: readRamp(protocol),
    attributes: describe(protocol, fallbackName),
  };
}

function readSlices(protocol: Protocol): SliceBox[] {
  const out: SliceBox[] = [];
  const size = Math.min(MAX_SLICES, protocol.number('sSliceArray.lSize') ?? 1);
  for (let i = 0; i < size; i++) {
    // Zeros are left out by the writer.
    const number = (key: string): number => protocol.number(`sSliceArray.asSlice[${i}].${key}`) ?? 0;
    const vector = (key: string): Vector => [number(`${key}.dSag`), number(`${key}.dCor`), number(`${key}.dTra`)];
    out.push({
      position: vector('sPosition'),
      normal: vector('sNormal'),
      rotation: number('dInPlaneRot'),
      thickness: number('dThickness'),
      readoutFov: number('dReadoutFOV'),
      phaseFov: number('dPhaseFOV'),
    });
  }
  return out;
}

/** Mode 2 is the trapezoid; 1 is none, 4 a sine. */
function readRamp(protocol: Protocol): ReadoutRamp | null {
  const first = (name: string): number => protocol.parameter(name)[0] ?? 0;
  const ramp = {
    up: first('alRegridRampupTime'),
    flat: first('alRegridFlattopTime'),
    down: first('alRegridRampdownTime'),
    delay: first('alRegridDelaySamplesTime'),
    duration: first('aflRegridADCDuration'),
  };
  const fits = ramp.duration > 0 && Object.values(ramp).every((t) => t >= 0) && ramp.delay + ramp.duration <= ramp.up + ramp.flat + ramp.down;
  return first('alRegridMode') === 2 && fits ? ramp : null;
}

/** The acquisition table, in words for people. */
function describe(protocol: Protocol, fallbackName: string): Attribute[] {
  const out: Attribute[] = [];
  const add = (label: string, value: string | undefined): void => {
    if (value !== undefined && value !== '') out.push({ label, value: value.slice(0, 200) });
  };
  const scaled = (key: string, factor: number, unit: string): string | undefined => {
    const value = protocol.number(key);
    return value === undefined ? undefined : `${Number((value * factor).toPrecision(6))} ${unit}`.trim();
  };
  const all = (key: string, most: number): string | undefined => {
    const values = Array.from({ length: most }, (_, i) => scaled(`${key}[${i}]`, 1e-3, '')).filter((v) => v !== undefined);
    return values.length === 0 ? undefined : `${values.join(', ')} ms`;
  };
  const contrasts = Math.min(32, protocol.number('lContrasts') ?? 1);
  const fraction = (key: string): string | undefined => {
    // A bit each: 1 → 4/8, 2 → 5/8, 4 → 6/8, 8 → 7/8, 16 → off.
    const eighths = { 1: '4/8', 2: '5/8', 4: '6/8', 8: '7/8' }[protocol.number(key) ?? 16];
    return eighths;
  };
  add('Protocol', protocol.text('tProtocolName') ?? fallbackName);
  add('Sequence', protocol.text('tSequenceFileName'));
  add('Scanner', [protocol.parameterText('Manufacturer'), protocol.parameterText('ManufacturersModelName')].filter(Boolean).join(' '));
  add('Software', protocol.text('sProtConsistencyInfo.tMeasuredBaselineString') ?? protocol.text('sProtConsistencyInfo.tBaselineString'));
  const field = protocol.parameter('flMagneticFieldStrength')[0] ?? protocol.number('sProtConsistencyInfo.flNominalB0');
  add('Field strength', field === undefined ? undefined : `${Number(field.toFixed(3))} T`);
  add('Nucleus', protocol.text('sTXSPEC.asNucleusInfo[0].tNucleus'));
  add('Frequency', scaled('sTXSPEC.asNucleusInfo[0].lFrequency', 1e-6, 'MHz'));
  add('TR', scaled('alTR[0]', 1e-3, 'ms'));
  add('TE', all('alTE', contrasts));
  add('TI', protocol.number('sPrepPulses.ucInversion') === 4 ? undefined : scaled('alTI[0]', 1e-3, 'ms'));
  add('Flip angle', scaled('adFlipAngleDegree[0]', 1, '°'));
  add('Dwell time', scaled('sRXSPEC.alDwellTime[0]', 1e-3, 'µs'));
  add('Base resolution', scaled('sKSpace.lBaseResolution', 1, ''));
  add('Phase-encoding lines', scaled('sKSpace.lPhaseEncodingLines', 1, ''));
  add('Phase resolution', scaled('sKSpace.dPhaseResolution', 100, '%'));
  add('Slice resolution', scaled('sKSpace.dSliceResolution', 100, '%'));
  add('Partial Fourier, phase', fraction('sKSpace.ucPhasePartialFourier'));
  add('Partial Fourier, slice', fraction('sKSpace.ucSlicePartialFourier'));
  add('Acceleration', scaled('sPat.lAccelFactPE', 1, ''));
  add('Acceleration, slice', scaled('sPat.lAccelFact3D', 1, ''));
  add('Calibration lines', scaled('sPat.lRefLinesPE', 1, ''));
  const trajectory = protocol.number('sKSpace.ucTrajectory');
  add('Trajectory', trajectory === undefined ? undefined : trajectoryName(trajectory));
  return out;
}
