/** The acquisition table of an ISMRMRD file. Source: ISMRMRD_AcquisitionHeader of `ismrmrd.h`, version 1.x. */
import { LacunaError } from '../../errors.ts';
import type { Hdf5File } from '../hdf5/file.ts';
import type { RecordBatch, TypeInfo } from '../hdf5/protocol.ts';
import { type Flags, isCompressed } from './flags.ts';

export type Vector = readonly [number, number, number];

export interface Acquisition extends Flags {
  /** Row of the table. */
  readonly record: number;
  /** Sum of the squared magnitudes of all samples of all channels. */
  readonly energy: number;
  readonly encoding: number;
  readonly channels: number;
  readonly samples: number;
  readonly discardBefore: number;
  readonly discardAfter: number;
  /** 0 where the writer does not say. */
  readonly centreSample: number;
  /** Numbers for each sample in `traj`; 0 for none. */
  readonly trajectoryDimensions: number;
  /** Time between samples, microseconds; 0 where the writer does not say. */
  readonly dwell: number;
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
  readonly sliceDirection: Vector;
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
      if (isCompressed(acquisition)) {
        throw new LacunaError('input.unsupported', `Acquisition ${start + i} is compressed (flags 53 to 56); convert the file to one without compression.`, { file: file.name, field: path });
      }
      const promised = 2 * acquisition.channels * acquisition.samples;
      if (batch.sampleLengths[i] !== promised) {
        throw new LacunaError('input.malformed', `Acquisition ${start + i} promises ${acquisition.channels} channels of ${acquisition.samples} samples, but holds ${batch.sampleLengths[i]} numbers instead of ${promised}.`, { file: file.name, field: path });
      }
      const points = acquisition.samples * acquisition.trajectoryDimensions;
      if (batch.trajectoryLengths[i] !== points) {
        throw new LacunaError('input.malformed', `Acquisition ${start + i} promises a trajectory of ${points} numbers, but holds ${batch.trajectoryLengths[i]}.`, { file: file.name, field: path });
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
  // The numbers are in memory as little-endian, so the upper half of 64 bits comes four bytes later.
  const upperHalf = (name: string) => {
    const { offset, size } = member(head, name);
    return (view: DataView, at: number) => (size === 8 ? view.getUint32(at + offset + 4, true) : 0);
  };
  const float = (name: string) => {
    const { offset, size, kind } = member(head, name);
    if (kind !== 'float' || size !== 4) throw new LacunaError('input.malformed', `"${name}" of the acquisition head is not a float.`, { file, field: path });
    return (view: DataView, at: number) => view.getFloat32(at + offset, true);
  };
  const idx = member(head, 'idx');
  const counter = (name: string) => unsigned(name, idx, idx.offset);
  const vector = (name: string) => {
    const { offset, size } = member(head, name);
    if (size !== 12) throw new LacunaError('input.malformed', `"${name}" of the acquisition head is not three floats.`, { file, field: path });
    return (view: DataView, at: number): Vector => [view.getFloat32(at + offset, true), view.getFloat32(at + offset + 4, true), view.getFloat32(at + offset + 8, true)];
  };
  const fields = {
    flags: unsigned('flags'),
    highFlags: upperHalf('flags'),
    encoding: unsigned('encoding_space_ref'),
    channels: unsigned('active_channels'),
    samples: unsigned('number_of_samples'),
    discardBefore: unsigned('discard_pre'),
    discardAfter: unsigned('discard_post'),
    centreSample: unsigned('center_sample'),
    trajectoryDimensions: unsigned('trajectory_dimensions'),
    dwell: float('sample_time_us'),
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
    sliceDirection: vector('slice_dir'),
  };
  return (batch, i, record) => {
    const at = i * batch.headBytes;
    const view = new DataView(batch.heads.buffer);
    const values = Object.fromEntries(Object.entries(fields).map(([name, read]) => [name, read(view, at)]));
    return { record, energy: batch.energies[i], ...values } as unknown as Acquisition;
  };
}
