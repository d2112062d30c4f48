/** The DICOM reader: one file or a folder of files to a Recording with one Series per stack of like images. */
import type { NdArray } from '../../array/nd-array.ts';
import { LacunaError } from '../../errors.ts';
import type { ByteSource, FormatReader, ReadRecording } from '../reader.ts';
import { arrange, type Stack } from './arrange.ts';
import type { Frame } from './frame.ts';
import { framesOf } from './frames.ts';
import { type Instance, openInstance } from './instance.ts';
import { type ReadFrame, seriesOf } from './series.ts';
import { sniff } from './sniff.ts';
import { TAG } from './tags.ts';

export const dicomReader: FormatReader = {
  format: 'dicom',
  title: 'DICOM',
  extensions: ['.dcm', '.ima'],
  sniff,
  open: openDicom,
};

async function openDicom(sources: readonly ByteSource[], info: { id: string; name: string; bytes: number }): Promise<ReadRecording> {
  const closeAll = async (): Promise<void> => {
    for (const source of sources) await source.close();
  };
  try {
    const warnings: string[] = [];
    const warn = (text: string): void => {
      if (!warnings.includes(text)) warnings.push(text);
    };
    const instances = await openInstances(sources, warn);
    const stacks = arrange(
      instances.flatMap((instance) => framesOf(instance, warn)),
      warn,
    ).sort(bySeries);
    const reading = new FrameReading(info.name);
    const titles = titlesOf(stacks);
    for (const { format } of instances) {
      if (format.inverted) warn('MONOCHROME1: low values are meant to be shown bright; values are kept as they are.');
    }
    return {
      ...info,
      format: 'dicom',
      series: stacks.map((stack, i) => seriesOf(stack, `series-${i + 1}`, titles[i] as string, reading.read)),
      warnings,
      close: async () => {
        reading.close();
        await closeAll();
      },
    };
  } catch (error) {
    await closeAll();
    throw error instanceof LacunaError
      ? error.withFile(info.name)
      : new LacunaError('input.malformed', 'Cannot be read as DICOM.', { file: info.name, cause: error });
  }
}

/** A single file must open; in a folder what holds no image is passed over, as long as something opens. */
async function openInstances(sources: readonly ByteSource[], warn: (text: string) => void): Promise<Instance[]> {
  const instances: Instance[] = [];
  let refusal: LacunaError | undefined;
  for (const source of sources) {
    try {
      instances.push(await openInstance(source));
    } catch (error) {
      if (!(error instanceof LacunaError) || sources.length === 1) throw error;
      refusal ??= error;
      warn(`${source.name} is left out: ${error.message}`);
    }
  }
  if (instances.length === 0) throw refusal ?? new LacunaError('input.unrecognised', 'The folder holds no files.');
  return instances;
}

/** Decodes frames one at a time and keeps the last, which all tiles of a mosaic share. */
class FrameReading {
  readonly #recording: string;
  #last: { instance: Instance; index: number; pixels: Promise<NdArray<'float32'>> } | undefined;
  #open = true;

  constructor(recording: string) {
    this.#recording = recording;
  }

  readonly read: ReadFrame = (frame) => {
    if (!this.#open) return Promise.reject(new LacunaError('io.read', 'The recording is closed.', { file: this.#recording }));
    if (this.#last?.instance !== frame.instance || this.#last.index !== frame.index) {
      this.#last = { instance: frame.instance, index: frame.index, pixels: frame.instance.readFrame(frame.index) };
    }
    return this.#last.pixels;
  };

  close(): void {
    this.#open = false;
    this.#last = undefined;
  }
}

const ofFirst = (stack: Stack): Frame => stack.frames[0] as Frame;

const COMPONENTS = ['magnitude', 'phase', 'real', 'imaginary'];

function bySeries(a: Stack, b: Stack): number {
  const [x, y] = [ofFirst(a), ofFirst(b)];
  const number = (f: Frame): number => f.instance.tags.number(TAG.SeriesNumber) ?? 0;
  const uid = (f: Frame): string => f.instance.tags.text(TAG.SeriesInstanceUID) ?? '';
  return (
    number(x) - number(y) ||
    (uid(x) < uid(y) ? -1 : uid(x) > uid(y) ? 1 : 0) ||
    COMPONENTS.indexOf(x.component) - COMPONENTS.indexOf(y.component) ||
    (x.echoTime ?? 0) - (y.echoTime ?? 0)
  );
}

/** The series description, with what tells apart the stacks that came from one series. */
function titlesOf(stacks: readonly Stack[]): string[] {
  const differ = (of: (f: Frame) => unknown, uid: string | undefined): boolean =>
    new Set(
      stacks
        .map(ofFirst)
        .filter((f) => f.instance.tags.text(TAG.SeriesInstanceUID) === uid)
        .map(of),
    ).size > 1;
  return stacks.map((stack) => {
    const frame = ofFirst(stack);
    const { tags } = frame.instance;
    const uid = tags.text(TAG.SeriesInstanceUID);
    const name = tags.text(TAG.SeriesDescription) ?? tags.text(TAG.ProtocolName) ?? `Series ${tags.number(TAG.SeriesNumber) ?? 1}`;
    const parts = [name];
    if (frame.component !== 'magnitude' || differ((f) => f.component, uid)) parts.push(frame.component);
    if (frame.echoTime !== undefined && differ((f) => f.echoTime, uid)) parts.push(`TE ${Number(frame.echoTime.toPrecision(4))} ms`);
    if (differ((f) => f.plane?.rowDirection.join() ?? '', uid)) parts.push(planeName(frame));
    return parts.filter((p) => p !== '').join(' · ');
  });
}

/** Nearest anatomical plane. */
function planeName({ plane }: Frame): string {
  if (plane === undefined) return '';
  const { rowDirection: r, columnDirection: c } = plane;
  const normal = [r[1] * c[2] - r[2] * c[1], r[2] * c[0] - r[0] * c[2], r[0] * c[1] - r[1] * c[0]].map(Math.abs);
  return ['sagittal', 'coronal', 'axial'][normal.indexOf(Math.max(...normal))] as string;
}
