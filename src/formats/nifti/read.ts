/** The NIfTI reader: .nii, .nii.gz and .hdr/.img pairs to a Recording of one series. */
import { type NdArray, zeros } from '../../array/nd-array.ts';
import type { Attribute, Axis, Series } from '../../array/recording.ts';
import { mm } from '../../array/units.ts';
import { LacunaError } from '../../errors.ts';
import type { ByteSource, FormatReader, ReadRecording } from '../reader.ts';
import { HEADER_BYTES, isAnalyze, type NiftiHeader, niftiVersion, parseHeader } from './header.ts';
import { inflated, inflatedHead, isGzip } from './inflate.ts';
import { type Layout, layoutOf } from './layout.ts';

export const niftiReader: FormatReader = {
  format: 'nifti',
  title: 'NIfTI',
  extensions: ['.nii', '.nii.gz', '.hdr', '.img'],
  sniff,
  open: openNifti,
};

/** float32 of a complex128 slice, its source bytes and the result stay within the memory a reader may take. */
const MAX_SLICE_PIXELS = 2 ** 25;

function sniff(head: Uint8Array, name: string): 'certain' | 'possible' | 'no' {
  const plain = isGzip(head) ? inflatedHead(head) : head;
  if (niftiVersion(plain) !== null) return 'certain';
  return /\.(nii|nii\.gz|img)$/i.test(name) || (/\.hdr$/i.test(name) && isAnalyze(head)) ? 'possible' : 'no';
}

async function openNifti(sources: readonly ByteSource[], info: { id: string; name: string; bytes: number }): Promise<ReadRecording> {
  const closeAll = async (): Promise<void> => {
    for (const source of sources) await source.close();
  };
  try {
    const { header, voxels } = await load(sources);
    const layout = layoutOf(header);
    const reading = new VoxelReading(header, layout, voxels, info.name);
    return {
      ...info,
      format: 'nifti',
      series: [seriesOf(header, layout, info.name, reading)],
      warnings: warningsOf(header, layout),
      close: async () => {
        reading.close();
        await closeAll();
      },
    };
  } catch (error) {
    await closeAll();
    throw error instanceof LacunaError
      ? error.withFile(info.name)
      : new LacunaError('input.malformed', 'Cannot be read as NIfTI.', { file: info.name, cause: error });
  }
}

/** Header, and the source that holds the voxels, checked for its size. */
async function load(sources: readonly ByteSource[]): Promise<{ header: NiftiHeader; voxels: ByteSource }> {
  const [first] = sources;
  if (first === undefined) throw new LacunaError('input.unrecognised', 'No file given.');
  const headerSource = sources.find((s) => /\.hdr$/i.test(s.name)) ?? first;
  const head = await headerSource.read(0, Math.min(HEADER_BYTES[2], headerSource.size));
  const plain = isGzip(head) ? await inflated(headerSource) : headerSource;
  const header = parseHeader(plain === headerSource ? head : await plain.read(0, HEADER_BYTES[2]));
  const voxels = header.single ? plain : sources.find((s) => s !== headerSource && /\.img$/i.test(s.name));
  if (voxels === undefined) {
    throw new LacunaError('input.unsupported', 'A header without voxels; open the .hdr and the .img file together.', { field: 'magic' });
  }
  const expected = header.voxelOffset + header.voxelBytes;
  if (voxels.size < expected) {
    throw new LacunaError('input.truncated', `The file ends within its voxels: ${expected} bytes expected, ${voxels.size} found.`, {
      field: 'voxels',
    });
  }
  const [i, j] = header.size;
  if (i * j > MAX_SLICE_PIXELS) {
    throw new LacunaError('input.too-large', `Slices of ${i}×${j} voxels; up to ${MAX_SLICE_PIXELS} voxels a slice are read.`, {
      field: 'dim',
    });
  }
  return { header, voxels };
}

/** Reads one stored k-plane and turns it the way `layout` says. */
class VoxelReading {
  readonly #header: NiftiHeader;
  readonly #layout: Layout;
  readonly #voxels: ByteSource;
  readonly #name: string;
  #open = true;

  constructor(header: NiftiHeader, layout: Layout, voxels: ByteSource, name: string) {
    this.#header = header;
    this.#layout = layout;
    this.#voxels = voxels;
    this.#name = name;
  }

  async read(index: number): Promise<NdArray<'complex64'> | NdArray<'float32'>> {
    if (!this.#open) throw new LacunaError('io.read', 'The recording is closed.', { file: this.#name });
    const { datatype, size, voxelOffset } = this.#header;
    const { slices, flipSlices } = this.#layout;
    const volume = Math.floor(index / slices);
    const k = flipSlices ? slices - 1 - (index % slices) : index % slices;
    const planeBytes = size[0] * size[1] * datatype.bytes;
    const bytes = await this.#voxels.read(voxelOffset + (volume * slices + k) * planeBytes, planeBytes);
    if (bytes.length < planeBytes) {
      throw new LacunaError('io.read', `The file shrank while it was read: ${planeBytes} bytes expected, ${bytes.length} found.`, {
        file: this.#name,
      });
    }
    return this.#turned(bytes);
  }

  close(): void {
    this.#open = false;
  }

  #turned(bytes: Uint8Array): NdArray<'complex64'> | NdArray<'float32'> {
    const { datatype, littleEndian, slope, intercept, size } = this.#header;
    const { rows, columns, transposed, flipRows, flipColumns } = this.#layout;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const out = datatype.complex ? zeros('complex64', [rows, columns]) : zeros('float32', [rows, columns]);
    const stepColumn = (transposed ? size[0] : 1) * (flipColumns ? -1 : 1);
    const stepRow = (transposed ? 1 : size[0]) * (flipRows ? -1 : 1);
    const start = (flipRows ? -stepRow * (rows - 1) : 0) + (flipColumns ? -stepColumn * (columns - 1) : 0);
    let to = 0;
    for (let r = 0; r < rows; r++) {
      let voxel = start + r * stepRow;
      for (let c = 0; c < columns; c++, voxel += stepColumn) {
        const at = voxel * datatype.bytes;
        out.data[to++] = slope * datatype.get(view, at, littleEndian) + intercept;
        // The intercept is a real number: it moves the real part alone.
        if (datatype.complex) out.data[to++] = slope * datatype.get(view, at + datatype.bytes / 2, littleEndian);
      }
    }
    return out;
  }
}

function seriesOf(header: NiftiHeader, layout: Layout, name: string, reading: VoxelReading): Series {
  const volumes = header.size[3];
  const { slices, rows, columns, geometry } = layout;
  const { calibration } = header;
  return {
    id: 'image',
    title: name.replace(/\.(nii|nii\.gz|hdr|img)$/i, ''),
    domain: 'image',
    dtype: header.datatype.complex ? 'complex64' : 'float32',
    axes: axesOf(volumes, layout),
    slices: volumes * slices,
    coils: 1,
    rows,
    columns,
    output: { rows, columns },
    ...(geometry === undefined ? {} : { geometry }),
    attributes: attributesOf(header, layout),
    ...(calibration === undefined
      ? {}
      : { window: { centre: (calibration.min + calibration.max) / 2, width: calibration.max - calibration.min } }),
    read: (slice) => reading.read(slice),
  };
}

function axesOf(volumes: number, { slices, rows, columns, sliceSpacing, rowSpacing, columnSpacing }: Layout): Axis[] {
  return [
    ...(volumes > 1 ? [{ name: 'volume' as const, length: volumes }] : []),
    { name: 'slice', length: slices, spacing: mm(sliceSpacing) },
    { name: 'row', length: rows, spacing: mm(rowSpacing) },
    { name: 'column', length: columns, spacing: mm(columnSpacing) },
  ];
}

function attributesOf(header: NiftiHeader, layout: Layout): Attribute[] {
  const { datatype, slope, intercept, repetition, littleEndian, version } = header;
  const digits = (value: number): string => String(Number(value.toPrecision(6)));
  const voxel = [layout.columnSpacing, layout.rowSpacing, layout.sliceSpacing].map(digits).join(' × ');
  const description = header.description.replace(/[^\x20-\x7e]/g, '').trim();
  return [
    ...(description === '' ? [] : [{ label: 'Description', value: description }]),
    { label: 'Voxel', value: `${voxel} mm` },
    ...(header.affine === undefined ? [] : [{ label: 'Plane', value: layout.plane }]),
    ...(repetition > 0 ? [{ label: 'Repetition time', value: `${digits(repetition * 1000)} ms` }] : []),
    { label: 'Stored as', value: `NIfTI-${version}, ${datatype.name}, ${littleEndian ? 'little' : 'big'}-endian` },
    ...(slope === 1 && intercept === 0 ? [] : [{ label: 'Scaling', value: `${digits(slope)} × stored + ${digits(intercept)}` }]),
  ];
}

function warningsOf(header: NiftiHeader, layout: Layout): string[] {
  if (header.affine === undefined) return ['The file states no orientation (qform_code and sform_code are 0); it is shown as stored.'];
  return layout.sheared ? ['The orientation shears rows against columns; positions in the patient are left out.'] : [];
}
