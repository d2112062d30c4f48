/** Raw data of Siemens scanners ("TWIX", `meas_….dat`): VB files with one measurement, VD and VE files with several. */
import type { Finding, ReadOptions } from '../../array/read-options.ts';
import type { Axis, Series } from '../../array/recording.ts';
import { LacunaError, toLacunaError } from '../../errors.ts';
import { checkSlice } from '../fastmri/open.ts';
import type { ByteSource, FormatReader, ReadRecording } from '../reader.ts';
import { type Arrangement, arrange, type Group, isCalibrationOnly, type Sorted, sortScans } from './arrange.ts';
import { isTwix, listMeasurements, type Measurement, readMeasurementHeader } from './container.ts';
import { dealReadouts } from './dealt-adcs.ts';
import { examineFlags, examineFrame } from './doctor.ts';
import { geometryOf } from './geometry.ts';
import { CARTESIAN, readHeader, trajectoryName, type TwixHeader } from './header.ts';
import { type Matrix, matrixOf } from './matrix.ts';
import type { Scan, ScanLayout } from './mdh.ts';
import { readLines, readNavigators, readNoise, readPartition, type Samples } from './samples.ts';
import { indexScans, type ScanIndex } from './scan-index.ts';
import { parseProtocol } from './xprotocol.ts';

export const twixReader: FormatReader = {
  format: 'twix',
  title: 'Siemens raw data',
  extensions: ['.dat'],

  sniff(head) {
    return isTwix(head) === null ? 'no' : 'certain';
  },

  async open(sources, info, options) {
    const [source] = sources as [ByteSource];
    const close = async (): Promise<void> => {
      for (const each of sources) await each.close();
    };
    try {
      return { ...info, format: 'twix', ...(await openMeasurements(source, options)), ...(options === undefined ? {} : { read: options }), close };
    } catch (error) {
      await close();
      throw toLacunaError(error).withFile(info.name);
    }
  },
};

interface Noise {
  readonly from: Samples;
  readonly scans: readonly Scan[];
}

async function openMeasurements(source: ByteSource, options: ReadOptions = {}): Promise<Pick<ReadRecording, 'series' | 'warnings' | 'findings'>> {
  const warnings: string[] = [];
  const findings: Finding[] = [];
  const series: Series[] = [];
  const noise: Noise[] = [];
  const failures: LacunaError[] = [];
  for (const measurement of await listMeasurements(source)) {
    try {
      const opened = await openMeasurement(source, measurement, new Set(options.fixes), noise, warnings);
      findings.push(...opened.findings);
      if (opened.series !== null) series.unshift(opened.series);
    } catch (error) {
      const failure = toLacunaError(error);
      if (!failure.code.startsWith('input.')) throw failure;
      failures.push(failure);
      warnings.push(`Measurement ${measurement.index + 1} was left out: ${failure.message}`);
    }
  }
  if (series.length === 0) {
    throw failures.at(-1) ?? new LacunaError('input.unsupported', 'The file holds no readouts of an image (only noise, adjustments or nothing).', { file: source.name, field: 'MDH' });
  }
  return { series, warnings, ...(findings.length === 0 ? {} : { findings }) };
}

/** `noise` collects the noise scans of the measurements so far; the last that suits serves. */
async function openMeasurement(source: ByteSource, measurement: Measurement, fixes: ReadonlySet<string>, noise: Noise[], warnings: string[]): Promise<{ series: Series | null; findings: Finding[] }> {
  const { layout } = measurement;
  const suffix = measurement.index === 0 ? '' : `-${measurement.index + 1}`;
  const { data, buffers } = await readMeasurementHeader(source, measurement);
  const header = readHeader(parseProtocol(buffers), measurement.protocol);
  const index = await indexScans(source, data, measurement.end, layout);
  const read = sortScans(index.scans);
  const from = { source, layout };
  if (read.noise.length > 0) noise.push({ from, scans: read.noise });
  if (read.imaging.length === 0) return { series: null, findings: [] };
  const place = { file: source.name, field: `measurement ${measurement.index + 1} "${header.protocolName}"`, warnings };
  if (header.trajectory !== CARTESIAN) {
    throw new LacunaError('input.unsupported', `The trajectory is ${trajectoryName(header.trajectory)}; Cartesian measurements are read.`, place);
  }
  const dealt = await dealReadouts(source, read.imaging, header, layout, fixes, suffix);
  const sorted: Sorted = dealt === null ? read : { ...read, imaging: dealt.scans, measured: dealt.scans };
  const matrix = matrixOf(sorted.imaging, header, fixes, suffix);
  noteOthers(sorted, index, warnings);
  const arrangement = arrange(sorted, matrix, index.ended, place);
  const parts = { source, layout, header, matrix, arrangement, index, place, noise: noise.findLast(({ scans }) => scans[0]?.channels === arrangement.coils) };
  return {
    series: makeSeries(parts, `kspace${suffix}`),
    findings: [...examineFrame(measurement, index, source.size, suffix), ...(dealt?.findings ?? []), ...matrix.findings, ...examineFlags(sorted, header, suffix)],
  };
}

function noteOthers({ measured, others }: Sorted, index: ScanIndex, warnings: string[]): void {
  const calibration = measured.filter(isCalibrationOnly).length;
  if (calibration > 0) warnings.push(`${calibration} calibration lines fill lines that were not measured for the image.`);
  if (others > 0) warnings.push(`${others} correction, feedback or dummy readouts were left out.`);
  if (index.synchronous > 0) warnings.push(`${index.synchronous} packets of synchronous data (physiology) were passed over.`);
}

interface Parts {
  readonly source: ByteSource;
  readonly layout: ScanLayout;
  readonly header: TwixHeader;
  readonly matrix: Matrix;
  readonly arrangement: Arrangement;
  readonly index: ScanIndex;
  readonly place: { readonly file: string; readonly field: string };
  readonly noise: Noise | undefined;
}

function makeSeries(parts: Parts, id: string): Series {
  const { header, matrix, arrangement, place, noise } = parts;
  const { coils, groups, acquired, backwards } = arrangement;
  const { rows, columns, output } = matrix;
  const from: Samples = parts;
  const partitions = partitionsOf(parts);
  const slices = groups.length * partitions;
  const group = (slice: number): Group => {
    checkSlice(slice, slices, place.file, place.field);
    return groups[Math.floor(slice / partitions)] as Group;
  };
  const perVolume = arrangement.leading.find(({ name }) => name === 'slice')?.length ?? 1;
  const geometry = geometryOf(groups.slice(0, perVolume).map(({ slice }) => slice), partitions, parts.index.places, header, matrix);
  const navigated = groups.every(({ navigators }) => navigators.length > 0);
  const reads = {
    ...(noise === undefined ? {} : { readNoise: () => readNoise(noise.from, noise.scans, coils) }),
    ...(navigated && backwards !== null ? { readNavigators: (slice: number) => readNavigators(from, group(slice).navigators, coils, rows) } : {}),
  };
  return {
    id,
    title: header.protocolName === '' ? 'k-space' : header.protocolName,
    domain: 'kspace',
    dtype: 'complex64',
    axes: [...leadingAxes(arrangement, partitions), { name: 'coil', length: coils }, { name: 'row', length: rows }, { name: 'column', length: columns }],
    slices,
    coils,
    rows,
    columns,
    output,
    acquired,
    attributes: [...header.attributes, { label: 'Receiver channels', value: String(coils) }],
    ...(geometry === null ? {} : { geometry }),
    ...(backwards === null ? {} : { backwards }),
    ...(header.ramp !== null && backwards !== null ? { readoutRamp: header.ramp } : {}),
    ...reads,
    async read(slice) {
      const { lines } = group(slice);
      if (partitions === 1) return readLines(from, lines, [coils, rows, columns]);
      return readPartition(from, lines, slice % partitions, partitions, [coils, rows, columns]);
    },
  };
}

/** The partitions are transformed when they are read, so they are slices; several slabs become sets of them. */
function leadingAxes({ leading }: Arrangement, partitions: number): Axis[] {
  if (partitions === 1) return [...leading];
  const slabs = leading.find(({ name }) => name === 'slice')?.length ?? 1;
  if (slabs === 1) return leading.map((axis) => (axis.name === 'slice' ? { ...axis, length: partitions } : axis));
  return [...leading.map((axis): Axis => (axis.name === 'slice' ? { ...axis, name: 'set' } : axis)), { name: 'slice', length: partitions }];
}

const MAX_PARTITIONS = 1024;

/** As many as the header says and the counters need. Throws `input.*`. */
function partitionsOf({ header, arrangement, place }: Parts): number {
  let highest = 0;
  for (const { lines } of arrangement.groups) for (const { scan } of lines) highest = Math.max(highest, scan.partition);
  const needed = highest === 0 ? 1 : Math.max(highest + 1, header.partitions);
  if (needed > MAX_PARTITIONS || needed * arrangement.groups.length > 100_000) {
    throw new LacunaError('input.too-large', `The counters span ${needed} partitions of ${arrangement.groups.length} slabs; up to ${MAX_PARTITIONS} are read.`, place);
  }
  return needed;
}
