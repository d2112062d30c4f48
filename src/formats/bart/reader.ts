/** BART's `.cfl` (values) and `.hdr` (text): any of its sixteen dimensions, k-space or images, Cartesian or along a trajectory. */
import type { NdArray } from '../../array/nd-array.ts';
import type { Finding, ReadOptions } from '../../array/read-options.ts';
import type { Attribute } from '../../array/recording.ts';
import { LacunaError, toLacunaError } from '../../errors.ts';
import { assignAxes, readAssigned } from '../bare/assign-axes.ts';
import { recordingOf } from '../bare/recording.ts';
import { type BareSeries, middleSlice, seriesOfArray } from '../bare/series.ts';
import { guessDomain } from '../bare/domain.ts';
import type { FormatReader } from '../reader.ts';
import { assumeRadial, CARTESIAN, looksRadial } from './assumed-radial.ts';
import { type BartFiles, sortFiles } from './files.ts';
import { type BartHeader, describeDims, isBartHeader } from './header.ts';
import { type BartLayout, layoutOfDims } from './layout.ts';
import { type ReadTrajectory, readTrajectory } from './trajectory.ts';

/** Of the one array of the pair. */
const ID = 'array';

export const bartReader: FormatReader = {
  format: 'bart',
  title: 'BART array',
  extensions: ['.cfl', '.hdr'],

  sniff(head, name) {
    if (/\.hdr$/i.test(name)) return isBartHeader(head) ? 'certain' : 'no';
    return /\.cfl$/i.test(name) ? 'possible' : 'no';
  },

  async open(sources, info, options) {
    const close = async (): Promise<void> => {
      for (const source of sources) await source.close();
    };
    try {
      const files = await sortFiles(sources);
      return recordingOf('bart', info, [await openPair(files, info.name, options)], options, close);
    } catch (error) {
      await close();
      // Damage in the other half is told of the file that was opened.
      throw toLacunaError(error).withFile(info.name);
    }
  },
};

async function openPair({ data, trajectory }: BartFiles, name: string, options: ReadOptions = {}): Promise<BareSeries> {
  const layout = layoutOfDims(data.header.dims, data.cfl);
  const field = 'Dimensions';
  const names = options.axes?.[ID] ?? layout.names;
  const assignment = assignAxes(layout.array.shape, names, name, field);
  const look = (await readAssigned(layout.array, assignment, middleSlice(assignment.axes), name, field)) as NdArray<'complex64'>;
  const domain = options.domains?.[ID] ?? (trajectory === null ? domainOf(look, layout, name) : 'kspace');
  const fixes = new Set(options.fixes);
  const radial = trajectory === null && domain === 'kspace' && !fixes.has(CARTESIAN) && looksRadial(look);
  const along = domain === 'kspace' && (trajectory !== null || radial);
  const place = { file: name, field, id: ID, title: name.replace(/\.(cfl|hdr)$/i, '') };
  const meaning = { axes: layout.names, named: true, domain, cartesian: !along, attributes: attributesOf(data.header) };
  const made = await seriesOfArray(layout.array, place, meaning, options);
  if (!along) return { ...made, findings: [...made.findings, ...denied(fixes, domain, look)] };
  if (trajectory === null) return withTrajectory(made, assumeRadial(look, fixes, name));
  checkOrder(layout, names, name);
  return withTrajectory(made, await readTrajectory(trajectory.cfl, trajectory.header.dims));
}

function withTrajectory(made: BareSeries, { trajectory, output, findings }: ReadTrajectory): BareSeries {
  const { acquiredPoints: _, ...series } = made.series;
  const { rows, columns } = trajectory.matrix;
  const attributes: Attribute[] = [
    ...series.attributes,
    { label: 'Trajectory', value: `${trajectory.kind}, ${series.columns} readouts of ${series.rows} samples, matrix ${rows} × ${columns}` },
  ];
  return { ...made, series: { ...series, trajectory, output, attributes }, findings: [...made.findings, ...findings] };
}

/** A trajectory [3, sample, readout] goes with data [1, sample, readout]: rows must be the samples. */
function checkOrder({ dims }: BartLayout, names: readonly string[], file: string): void {
  const [row, column] = [dims[names.indexOf('row')], dims[names.indexOf('column')]];
  if (row === 1 && column === 2) return;
  throw new LacunaError('usage.invalid', 'Data with a trajectory have their samples as rows and their readouts as columns.', { file, field: 'axes' });
}

/** The way back for a person who said that spokes are lines. */
function denied(fixes: ReadonlySet<string>, domain: string, look: NdArray<'complex64'>): Finding[] {
  if (!fixes.has(CARTESIAN) || domain !== 'kspace' || !looksRadial(look)) return [];
  return [{
    id: CARTESIAN,
    severity: 'warning',
    field: 'values',
    stated: 'The readouts are lines of Cartesian k-space, as told.',
    found: 'Each of them has its peak in the middle, as spokes have.',
    remedy: 'They are read as lines.',
    fix: { title: 'No spokes: Cartesian lines', applied: true },
  }];
}

/** By the values first: spokes or a concentrated peak. Names and maps speak only where the values do not. */
function domainOf(look: NdArray<'complex64'>, layout: BartLayout, name: string): 'kspace' | 'image' {
  if (guessDomain(look) === 'kspace' || looksRadial(look)) return 'kspace';
  if (layout.names.includes('map') || !/ksp|kspace|k-space|raw/i.test(name)) return 'image';
  return hasUnacquired(look) ? 'kspace' : 'image';
}

/** Whether some samples are exactly zero in all coils, which images of a scanner are nowhere. */
function hasUnacquired({ data, shape }: NdArray<'complex64'>): boolean {
  const plane = (shape[1] as number) * (shape[2] as number);
  const seen = new Uint8Array(plane);
  for (let i = 0; i < data.length / 2; i++) if (data[2 * i] !== 0 || data[2 * i + 1] !== 0) seen[i % plane] = 1;
  return seen.includes(0);
}

function attributesOf(header: BartHeader): Attribute[] {
  const shorten = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)}…` : text);
  return [
    { label: 'Dimensions', value: describeDims(header.dims) },
    ...(header.command === undefined ? [] : [{ label: 'Command', value: shorten(header.command) }]),
    ...(header.files === undefined ? [] : [{ label: 'Files', value: shorten(header.files) }]),
    ...(header.creator === undefined ? [] : [{ label: 'Creator', value: shorten(header.creator) }]),
  ];
}
