/** `lacuna view`: one slice through a view step: coil images, k-space, residual, uncertainty and whatever else there is. */
import { encodeNpy } from '../../array/npy.ts';
import { LacunaError } from '../../errors.ts';
import { writeFilesAtomically } from '../../formats/write-file.ts';
import { findSeries } from '../../pipeline/open-input.ts';
import { findStep, listSteps } from '../../pipeline/registry.ts';
import type { ViewImage, ViewStep } from '../../pipeline/step.ts';
import type { Flag } from '../arguments.ts';
import type { Command } from '../command.ts';
import { chooseSteps, Engine, openCliInput, parseSlices } from '../engine.ts';
import { pipelineOf } from '../pipeline-of.ts';
import { DEFAULT_PATTERN, INPUT_FLAGS, MACHINE_FLAGS } from '../shared-flags.ts';
import { sampleFlags, sampleParams } from '../sample-input.ts';
import { callFromFlags } from '../step-flags.ts';
import { viewPicture } from '../view-picture.ts';
import { threadsOf } from '../machine.ts';

const FLAGS: readonly Flag[] = [
  { name: 'output', kind: 'text', value: 'FILE', help: 'write float32 or complex64 [image, row, column] to .npy, or a grey picture to .png; may be repeated', repeated: true },
  { name: 'pattern', kind: 'text', value: 'NAME|FILE', help: 'sampling pattern, or a file of one', default: DEFAULT_PATTERN },
  { name: 'method', kind: 'text', value: 'NAME', help: 'reconstruction method, for views of a result', default: 'zero-filled' },
  ...INPUT_FLAGS,
  ...MACHINE_FLAGS,
];

export const viewCommand: Command = {
  name: 'view',
  summary: 'Look at a slice through a view, such as its coil images or its data residual',
  usage: 'NAME INPUT --output view.npy',
  positionals: 2,
  notes:
    `NAME is one of ${listSteps('view').map(({ name }) => name).join(', ')}.\n` +
    'One slice is looked at: the first of --slices. Flags of the view follow from its name; ask for --help together with it.',
  flags: (argv) => [...FLAGS, ...chooseSteps(argv, true, viewStepOf(argv)).flags, ...sampleFlags(argv)],
  async run(args, out, argv) {
    const [name, input] = args.positionals;
    if (name === undefined) throw new LacunaError('usage.invalid', 'Name a view, then an input.', { field: 'view' });
    const view = findStep('view', name);
    const outputs = args.all('output');
    for (const path of outputs) refuseEnding(path);
    const { recording, sample } = await openCliInput(input, sampleParams(argv, args), args);
    const engine = new Engine(threadsOf(args));
    try {
      const series = findSeries(recording, args.text('series'));
      const chosen = chooseSteps(argv, true, view);
      const first = parseSlices(args.text('slices'), series.slices)[0];
      const document = await pipelineOf({ recording, sample, series, slices: [first, first + 1], calls: chosen.calls(args), args });
      const call = callFromFlags(view, chosen.stepFlags, args);
      const { image, ms } = await engine.view(series, document, call, ({ iteration, iterations }) => out.progress(`${view.title}: ${iteration} of ${iterations}`));
      await writeFilesAtomically(outputs.map((path) => ({ path, bytes: path.endsWith('.npy') ? encodeNpy(image.images) : viewPicture(image) })));
      for (const line of factsOf(view, image)) out.say(line);
      for (const path of outputs) out.say(`wrote ${path}`);
      const { images, ...facts } = image;
      out.result({ view: call, slice: first, milliseconds: ms, shape: images.shape, dtype: images.dtype, ...facts, files: outputs });
      return 0;
    } finally {
      await engine.close();
      await recording.close();
    }
  },
};

/** The view that the line names: the first word that is one. */
function viewStepOf(argv: readonly string[]): ViewStep | undefined {
  return listSteps('view').find(({ name }) => name === argv[0]);
}

function refuseEnding(path: string): void {
  if (/\.(npy|png)$/.test(path)) return;
  throw new LacunaError('usage.invalid', `--output writes .npy or .png, got “${path}”.`, { field: 'output' });
}

function factsOf(view: ViewStep, { images, labels, unit, numbers, notes }: ViewImage): string[] {
  const shown = labels.length > 8 ? `${labels.slice(0, 8).join(', ')} …` : labels.join(', ');
  return [
    `${view.title}: ${images.shape.join('×')}${unit === '' ? '' : ` ${unit}`} (${shown})`,
    ...numbers.map(({ label, value, unit: of }) => `${label}: ${Number(value.toPrecision(5))}${of === '' ? '' : ` ${of}`}`),
    ...notes,
  ];
}
