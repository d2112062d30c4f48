/** `lacuna compare`: PSNR, SSIM and NMSE of one .npy against another. */
import { magnitude, type NdArray } from '../../array/nd-array.ts';
import { LacunaError } from '../../errors.ts';
import { jsonMetrics } from '../../pipeline/receipt.ts';
import { checkParams, findStep } from '../../pipeline/registry.ts';
import { peek } from '../arguments.ts';
import type { Command } from '../command.ts';
import { readNpy } from '../engine.ts';
import { callFromFlags, stepFlags } from '../step-flags.ts';

const metricOf = (argv: readonly string[]) => findStep('metric', peek(argv, 'metric') ?? 'fastmri');

export const compareCommand: Command = {
  name: 'compare',
  summary: 'Score an image or volume against a reference',
  usage: 'REFERENCE.npy ESTIMATE.npy',
  positionals: 2,
  notes: 'Arrays are [slice, row, column] or [row, column]; complex ones are scored by magnitude. The estimate is never rescaled.',
  flags: (argv) => [{ name: 'metric', kind: 'text', help: 'metric definition', default: 'fastmri' }, ...stepFlags([metricOf(argv)])],
  async run(args, out, argv) {
    const [reference, estimate] = args.positionals;
    if (reference === undefined || estimate === undefined) throw new LacunaError('usage.invalid', 'Name two .npy files: the reference, then the estimate.');
    const step = metricOf(argv);
    const params = checkParams(step, callFromFlags(step, stepFlags([step]), args).params);
    const report = step.run(asVolume(await readNpy(reference), reference), asVolume(await readNpy(estimate), estimate), params);
    for (const { name, value, unit } of report.values) out.say(`${name}  ${Number.isFinite(value) ? value.toFixed(name === 'PSNR' ? 3 : 6) : '∞'}${unit === '' ? '' : ` ${unit}`}`);
    out.say(report.contract);
    const named = Object.fromEntries(report.values.map((v) => [v.name.toLowerCase(), Number.isFinite(v.value) ? v.value : null]));
    out.result({ ...named, ...jsonMetrics(report) });
    return 0;
  },
};

function asVolume(array: NdArray, file: string): NdArray<'float32'> {
  const { shape } = array;
  if (shape.length !== 2 && shape.length !== 3) {
    throw new LacunaError('input.mismatch', `Expected [row, column] or [slice, row, column], got [${shape.join(', ')}].`, { file });
  }
  const image = magnitude(array);
  return shape.length === 3 ? image : { ...image, shape: [1, ...shape] };
}
