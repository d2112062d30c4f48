/** `lacuna sample`: what a pattern keeps of a recording, as arrays for other tools. */
import { zeros } from '../../array/nd-array.ts';
import { encodeNpy } from '../../array/npy.ts';
import { LacunaError } from '../../errors.ts';
import { type FileToWrite, writeFilesAtomically } from '../../formats/write-file.ts';
import { defaultDataFolder } from '../../library/data-folder.ts';
import { findModel } from '../../models/find.ts';
import { modelFolders } from '../../models/folders.ts';
import { makePattern } from '../../pipeline/make-pattern.ts';
import { measure } from '../../pipeline/measure.ts';
import { findSeries } from '../../pipeline/open-input.ts';
import { preparedKspace } from '../../pipeline/prepare.ts';
import { checkParams, findStep } from '../../pipeline/registry.ts';
import { SliceCache } from '../../pipeline/slice-cache.ts';
import { encodePattern, PATTERN_FORMATS, type PatternFormat } from '../../sampling/pattern-files.ts';
import type { Arguments, Flag } from '../arguments.ts';
import type { Command } from '../command.ts';
import { chooseSteps, openCliInput, parseSlices, readPatternFile } from '../engine.ts';
import { patternOf, preparationOf } from '../pipeline-of.ts';
import { DEFAULT_PATTERN, INPUT_FLAGS } from '../shared-flags.ts';
import { sampleFlags, sampleParams } from '../sample-input.ts';

const FLAGS: readonly Flag[] = [
  { name: 'pattern', kind: 'text', value: 'NAME|FILE', help: 'sampling pattern, or a .npy, .csv or .json file of one; full keeps everything', default: DEFAULT_PATTERN },
  { name: 'output', kind: 'text', value: 'FILE.npy', help: 'sampled k-space, complex64 [slice, coil, row, column]' },
  { name: 'mask', kind: 'text', value: 'FILE', help: 'the pattern: .npy (uint8 [column] or [row, column]), .csv or .json' },
  { name: 'reference', kind: 'text', value: 'FILE.npy', help: 'the reference, float32 [slice, row, column]' },
  ...INPUT_FLAGS,
];

export const sampleCommand: Command = {
  name: 'sample',
  summary: 'Apply a sampling pattern and write k-space, mask and reference',
  usage: 'INPUT --pattern poisson-disc --acceleration 6 --output kspace.npy --mask mask.npy',
  positionals: 1,
  notes: 'INPUT is a file, a folder of DICOM images, or sample:brain, the recording that the studio makes itself.',
  flags: (argv) => [...FLAGS, ...chooseSteps(argv, false).flags, ...sampleFlags(argv)],
  async run(args, out, argv) {
    const { recording } = await openCliInput(args.positionals[0], sampleParams(argv, args), args);
    try {
      const calls = chooseSteps(argv, false).calls(args);
      const found = findSeries(recording, args.text('series'));
      const series = await preparedKspace(found, { acquire: calls.acquire, prepare: [...preparationOf(calls, found)] });
      const slices = new SliceCache(series);
      const [start, end] = parseSlices(args.text('slices'), series.slices);
      const call = patternOf(calls, series, args);
      const pattern = await makePattern({ pattern: call }, series, { readPatternFile, loadModel: (id) => findModel(id, modelFolders(defaultDataFolder())) });

      const paths = { output: npyPath(args, 'output'), mask: args.text('mask'), reference: npyPath(args, 'reference') };
      const files: FileToWrite[] = [];
      if (paths.output !== undefined) {
        const kspace = zeros('complex64', [end - start, series.coils, series.rows, series.columns]);
        for (let slice = start; slice < end; slice++) {
          out.progress(`k-space: slice ${slice} of ${end - 1}`);
          const measured = measure(await slices.kspace(slice), pattern, series).kspace;
          kspace.data.set(measured.data, (slice - start) * measured.data.length);
        }
        files.push({ path: paths.output, bytes: encodeNpy(kspace) });
      }
      if (paths.mask !== undefined) {
        files.push({ path: paths.mask, bytes: encodePattern(pattern, patternFormat(paths.mask)) });
      }
      if (paths.reference !== undefined) {
        const reference = zeros('float32', [end - start, series.output.rows, series.output.columns]);
        for (let slice = start; slice < end; slice++) {
          out.progress(`reference: slice ${slice} of ${end - 1}`);
          const image = await slices.reference(slice);
          if (image === null) {
            throw new LacunaError('usage.unsupported', 'The recording was acquired undersampled and holds no reference image.', { field: 'reference' });
          }
          reference.data.set(image.data, (slice - start) * image.data.length);
        }
        files.push({ path: paths.reference, bytes: encodeNpy(reference) });
      }
      await writeFilesAtomically(files);

      const { mask: _mask, ...facts } = pattern;
      out.say(`${pattern.kind} kept ${pattern.kept} of ${pattern.total}: R ${pattern.nominal.toFixed(2)} nominal, ${pattern.achieved.toFixed(2)} achieved`);
      for (const file of files) out.say(`wrote ${file.path}`);
      const step = findStep('pattern', call.name);
      out.result({ pattern: { name: call.name, params: checkParams(step, call.params), ...facts }, files: files.map((f) => ({ path: f.path, bytes: f.bytes.length })) });
      return 0;
    } finally {
      await recording.close();
    }
  },
};

function patternFormat(path: string): PatternFormat {
  const format = PATTERN_FORMATS.find((ending) => path.toLowerCase().endsWith(`.${ending}`));
  if (format !== undefined) return format;
  throw new LacunaError('usage.invalid', `--mask writes .npy, .csv or .json, got “${path}”.`, { field: 'mask' });
}

function npyPath(args: Arguments, name: string): string | undefined {
  const path = args.text(name);
  if (path === undefined || path.endsWith('.npy')) return path;
  throw new LacunaError('usage.invalid', `--${name} writes .npy, got “${path}”.`, { field: name });
}
