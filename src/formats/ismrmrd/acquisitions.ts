/** The acquisition table of an ISMRMRD file. Source: ISMRMRD_AcquisitionHeader and the flag list of `ismrmrd.h`, version 1.x. */
import { LacunaError } from '../../errors.ts';
import type { Hdf5File } from '../hdf5/file.ts';
import type { RecordBatch, TypeInfo } from '../hdf5/protocol.ts';

/** Flags as numbered in ismrmrd.h, where bit n − 1 stands for flag n. */
export const FLAG = {
  noise: 19,
  calibration: 20,
  calibrationAndImaging: 21,
  reverse: 22,
  navigation: 23,
  phaseCorrection: 24,
  feedbackHp: 26,
  dummy: 27,
  feedbackRt: 28,
  surfaceCoilCorrection: 29,
  phaseStabilizationReference: 30,
  phaseStabilization: 31,
} as const;

export type Vector = readonly [number, number, number];

export interface Acquisition {
  /** Row of the table. */
  readonly record: number;
  readonly flags: number;
  readonly encoding: number;
  readonly channels: number;
  readonly samples: number;
  readonly discardBefore: number;
  readonly discardAfter: number;
  readonly centreSample: number;
  readonly step1: number;
  readonly step2: number;
  readonly average: number;
  readonly slice: number;
  readonly contrast: number;
  readonly phase: number;
  readonly repetition: number;
  readonly set: number;
  readonly position: Vector;
  readonly readDirection: Vector;
  readonly phaseDirection: Vector;
}

export function hasFlag(acquisition: { readonly flags: number }, flag: number): boolean {
  // All flags used here are below 32.
  return (acquisition.flags & (1 << (flag - 1))) !== 0;
}

const BATCH = 64;
const MAX_RECORDS = 1_000_000;
/** The samples come along with every head; libhdf5 holds one batch of them at a time. */
const MAX_BATCH_BYTES = 512 * 1024 * 1024;

/**
 * All heads. The table's records are read through in batches, since libhdf5 cannot leave the samples out: about 1 GB/s,
 * with one batch in memory.
 */
export async function readAcquisitions(file: Hdf5File, path: string): Promise<Acquisition[]> {
  const info = await file.dataset(path);
  const head = info?.type.members?.find((member) => member.name === 'head');
  const [count, ...rest] = info?.shape ?? [];
  if (head === undefined || count === undefined || rest.some((n) => n !== 1)) {
    throw new LacunaError('input.malformed', `${path} must be a table of acquisitions {head, traj, data}.`, { file: file.name, field: path });
  }
  if (rest.length > 0) throw new LacunaError('input.unsupported', `${path} must have one axis.`, { file: file.name, field: path });
  if (count > MAX_RECORDS) {
    throw new LacunaError('input.too-large', `${path} holds ${count} acquisitions; up to ${MAX_RECORDS} are read.`, { file: file.name, field: path });
  }
  const parse = headParser(head, file.name, path);
  const out: Acquisition[] = [];
  for (let start = 0; start < count; start += BATCH) {
    const batch = await file.records(path, start, Math.min(BATCH, count - start), false, MAX_BATCH_BYTES);
    for (let i = 0; i < batch.sampleLengths.length; i++) {
      const acquisition = parse(batch, i, start + i);
      const promised = 2 * acquisition.channels * acquisition.samples;
      if (batch.sampleLengths[i] !== promised) {
        throw new LacunaError('input.malformed', `Acquisition ${start + i} promises ${acquisition.channels} channels of ${acquisition.samples} samples, but holds ${batch.sampleLengths[i]} numbers instead of ${promised}.`, { file: file.name, field: path });
      }
      out.push(acquisition);
    }
  }
  return out;
}

function headParser(head: TypeInfo, file: string, path: string): (batch: RecordBatch, i: number, record: number) => Acquisition {
  const member = (type: TypeInfo, name: string) => {
    const found = type.members?.find((m) => m.name === name);
    if (found === undefined) throw new LacunaError('input.malformed', `The acquisition head has no "${name}".`, { file, field: path });
    return found;
  };
  const unsigned = (name: string, parent: TypeInfo = head, base = 0) => {
    const { offset, size, kind } = member(parent, name);
    if (kind !== 'integer' || ![2, 4, 8].includes(size)) throw new LacunaError('input.malformed', `"${name}" of the acquisition head is not a number.`, { file, field: path });
    return (view: DataView, at: number) => (size === 2 ? view.getUint16(at + base + offset, true) : view.getUint32(at + base + offset, true));
  };
  const idx = member(head, 'idx');
  const counter = (name: string) => unsigned(name, idx, idx.offset);
  const vector = (name: string) => {
    const { offset, size } = member(head, name);
    if (size !== 12) throw new LacunaError('input.malformed', `"${name}" of the acquisition head is not three floats.`, { file, field: path });
    return (view: DataView, at: number): Vector => [view.getFloat32(at + offset, true), view.getFloat32(at + offset + 4, true), view.getFloat32(at + offset + 8, true)];
  };
  const fields = {
    // Of the 64 bits only the low 32 are used; a little-endian uint32 at the same place reads them.
    flags: unsigned('flags'),
    encoding: unsigned('encoding_space_ref'),
    channels: unsigned('active_channels'),
    samples: unsigned('number_of_samples'),
    discardBefore: unsigned('discard_pre'),
    discardAfter: unsigned('discard_post'),
    centreSample: unsigned('center_sample'),
    step1: counter('kspace_encode_step_1'),
    step2: counter('kspace_encode_step_2'),
    average: counter('average'),
    slice: counter('slice'),
    contrast: counter('contrast'),
    phase: counter('phase'),
    repetition: counter('repetition'),
    set: counter('set'),
    position: vector('position'),
    readDirection: vector('read_dir'),
    phaseDirection: vector('phase_dir'),
  };
  return (batch, i, record) => {
    const at = i * batch.headBytes;
    const view = new DataView(batch.heads.buffer);
    const values = Object.fromEntries(Object.entries(fields).map(([name, read]) => [name, read(view, at)]));
    return { record, ...values } as unknown as Acquisition;
  };
}
