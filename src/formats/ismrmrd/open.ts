/**
 * ISMRMRD HDF5 (Inati et al. 2017, doi:10.1002/mrm.26089): groups with `data`, a table of acquisitions, and `xml`.
 * Each encoding space of each group is a series: Cartesian lines in two or three dimensions, or readouts along trajectories.
 */
import type { ReadOptions } from '../../array/read-options.ts';
import { zeros } from '../../array/nd-array.ts';
import type { Attribute, Series } from '../../array/recording.ts';
import { LacunaError } from '../../errors.ts';
import { checkSlice } from '../fastmri/open.ts';
import type { Hdf5Content } from '../hdf5/content.ts';
import type { Hdf5File } from '../hdf5/file.ts';
import { type Acquisition, readAcquisitions } from './acquisitions.ts';
import { arrange, outputOf } from './arrange.ts';
import { Doctor } from './doctor.ts';
import { fillLines, type TableOf } from './fill.ts';
import { isReversed, roleOf, whyLeftOut } from './flags.ts';
import { geometryOf } from './geometry.ts';
import { type Encoding, type IsmrmrdHeader, parseIsmrmrdHeader } from './header.ts';
import { checkHeader } from './header-checks.ts';
import { navigatorLines, navigatorReader, readoutRampOf } from './navigators.ts';
import { noiseScanOf, readNoise } from './noise.ts';
import { spokeGroups, spokeReader } from './spokes.ts';

const MOST_GROUPS = 20;
const MOST_ENCODINGS = 16;
const CARTESIAN = ['cartesian', 'epi', ''];

/** Groups that hold `data` and `xml`; ISMRMRD's tools call the first `dataset`, but any name will do. */
export async function findIsmrmrdGroups(file: Hdf5File, names: readonly string[]): Promise<string[]> {
  if (names.includes('data') && names.includes('xml')) return [''];
  const groups: string[] = [];
  for (const name of [...names].sort((a, b) => Number(b === 'dataset') - Number(a === 'dataset')).slice(0, MOST_GROUPS)) {
    if ((await file.dataset(`/${name}`)) !== null) continue;
    const inside = await file.keys(`/${name}`);
    if (inside.includes('data') && inside.includes('xml')) groups.push(`/${name}`);
  }
  return groups;
}

/** Throws `input.*` where no group can be read; one that cannot among others that can is a finding. */
export async function openIsmrmrd(file: Hdf5File, groups: readonly string[], options?: ReadOptions): Promise<Hdf5Content> {
  const doctor = new Doctor(options);
  const warnings: string[] = [];
  const series: Series[] = [];
  let failure: LacunaError | null = null;
  for (const [i, group] of groups.entries()) {
    try {
      const made = await openGroup(file, group, i === 0 ? '' : `${i + 1}`, doctor, warnings);
      series.push(...(groups.length === 1 ? made : made.map((one) => ({ ...one, title: `${group.slice(1)}: ${one.title}` }))));
    } catch (error) {
      failure ??= asUnreadable(error, group, doctor);
    }
  }
  if (series.length === 0 && failure !== null) throw failure;
  return { format: 'ismrmrd', series, warnings, findings: doctor.findings };
}

async function openGroup(file: Hdf5File, group: string, scope: string, doctor: Doctor, warnings: string[]): Promise<Series[]> {
  doctor.scope(scope);
  const table = { file, path: `${group}/data` };
  const xml = `${group}/xml`;
  const header = parseIsmrmrdHeader((await file.strings(xml))[0] ?? '', file.name, xml);
  const all = await readAcquisitions(file, table.path);
  const measured = all.filter((a) => ['imaging', 'calibration'].includes(roleOf(a)));
  if (measured.length === 0) throw new LacunaError('input.unsupported', 'The file holds no imaging acquisitions (only noise, navigators or nothing).', { file: file.name, field: table.path });
  noteRoles(all, measured, warnings);
  checkHeader(header, all, doctor);

  const spaces = [...new Set(measured.map((a) => a.encoding))].sort((a, b) => a - b).slice(0, MOST_ENCODINGS);
  const series: Series[] = [];
  let failure: LacunaError | null = null;
  for (const space of spaces) {
    doctor.scope([scope, space === spaces[0] ? '' : `encoding-${space + 1}`].filter((part) => part !== '').join('-'));
    const encoding = header.encodings[space];
    if (encoding === undefined) {
      throw new LacunaError('input.malformed', `Acquisitions name encoding ${space}, but the header describes ${header.encodings.length}.`, { file: file.name, field: xml });
    }
    const place: Place = { table, header, all, encoding, doctor, warnings, id: `kspace-${[scope, `${space}`].filter((part) => part !== '').join('-')}`, title: spaces.length > 1 ? `k-space, encoding ${space + 1}` : 'k-space' };
    try {
      series.push(...(await openEncoding(place, measured.filter((a) => a.encoding === space))));
    } catch (error) {
      failure ??= asUnreadable(error, `encoding ${space + 1}`, doctor);
    }
  }
  if (series.length === 0 && failure !== null) throw failure;
  return series;
}

/** What is wrong with one part does not keep the others from being opened. */
function asUnreadable(error: unknown, part: string, doctor: Doctor): LacunaError {
  if (!(error instanceof LacunaError)) throw error;
  doctor.note({ id: 'part-unreadable', severity: 'error', field: error.field ?? part, stated: `The file describes ${part}.`, found: error.message, remedy: 'It was left out.' });
  return error;
}

interface Place {
  readonly table: TableOf;
  readonly header: IsmrmrdHeader;
  readonly all: readonly Acquisition[];
  readonly encoding: Encoding;
  readonly doctor: Doctor;
  readonly warnings: string[];
  readonly id: string;
  readonly title: string;
}

async function openEncoding(place: Place, lines: readonly Acquisition[]): Promise<Series[]> {
  const { encoding, doctor } = place;
  const imaging = lines.filter((a) => roleOf(a) === 'imaging');
  const cartesian = CARTESIAN.includes(encoding.trajectory);
  const told = imaging.filter((a) => a.trajectoryDimensions > 0).length;
  if (!cartesian) return spokeSeries(place, imaging.length > 0 ? imaging : lines);
  if (told > 0 && told === imaging.length) {
    const follow = doctor.offer(
      {
        id: 'trajectory-ignored', severity: 'warning', field: 'encoding/trajectory',
        stated: `The trajectory is ${encoding.trajectory || 'not stated'}.`, found: `All ${told} readouts bring a trajectory (traj).`, remedy: 'The header is believed and the trajectory left alone, unless it is followed.',
      },
      'Follow the trajectory of the readouts',
    );
    if (follow) return spokeSeries(place, imaging);
  }
  return [cartesianSeries(place, lines)];
}

function cartesianSeries({ table, header, all, encoding, doctor, warnings, id, title }: Place, lines: readonly Acquisition[]): Series {
  const { file, path } = table;
  const arrangement = arrange(lines, encoding, doctor, file.name, path, warnings);
  const { axes, coils, rows, columns, output, slices, acquired, backwards } = arrangement;
  const geometry = geometryOf({ axes, output, slices: slices.map((placed) => placed.map(({ acquisition }) => acquisition)) }, encoding);
  const first = lines[0] as Acquisition;
  const noise = noiseScanOf(all, first, header, doctor);
  const navigators = navigatorLines(all.filter((a) => roleOf(a) === 'navigator' && a.encoding === first.encoding), arrangement);
  const ramp = readoutRampOf(encoding, rows);
  return {
    id,
    title,
    domain: 'kspace',
    dtype: 'complex64',
    axes: [...axes, { name: 'coil', length: coils }, { name: 'row', length: rows }, { name: 'column', length: columns }],
    slices: slices.length,
    coils,
    rows,
    columns,
    output,
    acquired,
    attributes: attributesOf(header, lines),
    ...(geometry === null ? {} : { geometry }),
    ...(backwards === undefined ? {} : { backwards }),
    ...(ramp === null ? {} : { readoutRamp: ramp }),
    async read(slice) {
      checkSlice(slice, slices.length, file.name, path);
      const out = zeros('complex64', [coils, rows, columns]);
      await fillLines(out.data, table, slices[slice] ?? [], arrangement);
      return out;
    },
    ...(noise === null ? {} : { readNoise: () => readNoise(table, noise) }),
    ...(navigators === null
      ? {}
      : {
          async readNavigators(slice: number) {
            checkSlice(slice, slices.length, file.name, path);
            return navigatorReader(table, navigators, arrangement)(slice);
          },
        }),
  };
}

async function spokeSeries({ table, header, all, encoding, doctor, id, title }: Place, lines: readonly Acquisition[]): Promise<Series[]> {
  const { file, path } = table;
  const { groups, shape } = await spokeGroups(table, lines, encoding, doctor);
  const noise = noiseScanOf(all, lines[0] as Acquisition, header, doctor);
  return groups.map(({ title: part, axes, slices, trajectory }, i): Series => {
    const columns = slices[0]?.length ?? 0;
    const output = outputOf(encoding, trajectory.matrix.rows, trajectory.matrix.columns);
    const geometry = geometryOf({ axes, output, slices }, encoding);
    const read = spokeReader(table, slices, shape);
    return {
      id: groups.length === 1 ? id : `${id}-${i}`,
      title: part === '' ? title : `${title}, ${part}`,
      domain: 'kspace',
      dtype: 'complex64',
      axes: [...axes, { name: 'coil', length: shape.coils }, { name: 'row', length: shape.kept }, { name: 'column', length: columns }],
      slices: slices.length,
      coils: shape.coils,
      rows: shape.kept,
      columns,
      trajectory,
      output,
      acquired: null,
      attributes: attributesOf(header, lines),
      ...(geometry === null ? {} : { geometry }),
      async read(slice) {
        checkSlice(slice, slices.length, file.name, path);
        return read(slice);
      },
      ...(noise === null ? {} : { readNoise: () => readNoise(table, noise) }),
    };
  });
}

function attributesOf({ attributes }: IsmrmrdHeader, lines: readonly Acquisition[]): readonly Attribute[] {
  const { dwell } = lines[0] as Acquisition;
  return dwell > 0 ? [...attributes, { label: 'Dwell time', value: `${Number(dwell.toPrecision(6))} µs` }] : attributes;
}

/** What the flags made of the acquisitions, worded for people. */
function noteRoles(all: readonly Acquisition[], measured: readonly Acquisition[], warnings: string[]): void {
  const count = (role: string) => all.filter((a) => roleOf(a) === role).length;
  const [noise, navigators, calibration] = [count('noise'), count('navigator'), count('calibration')];
  if (noise > 0) warnings.push(`${noise} noise ${noise === 1 ? 'scan was' : 'scans were'} kept apart, for pre-whitening.`);
  if (navigators > 0) warnings.push(`${navigators} navigator ${navigators === 1 ? 'readout was' : 'readouts were'} kept apart.`);
  const others = new Map<string, number>();
  for (const a of all.filter((one) => roleOf(one) === 'left-out')) {
    const why = whyLeftOut(a) ?? 'empty';
    others.set(why, (others.get(why) ?? 0) + 1);
  }
  for (const [why, n] of others) warnings.push(`${n} ${why} ${n === 1 ? 'readout was' : 'readouts were'} left out.`);
  if (calibration > 0) warnings.push(`${calibration} calibration lines fill the centre of k-space.`);
  if (measured.some(isReversed)) warnings.push('Some lines were read backwards (EPI); they are turned round.');
}
