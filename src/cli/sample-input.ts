/** Parameters of a sample recording named as input: `sample:brain --sample-coils 4`. */
import type { StepCall } from '../pipeline/document.ts';
import { findStep } from '../pipeline/registry.ts';
import type { Arguments, Flag } from './arguments.ts';
import { callFromFlags, stepFlags } from './step-flags.ts';

function flagsOf(argv: readonly string[]) {
  const name = argv.find((arg) => arg.startsWith('sample:'))?.slice('sample:'.length);
  if (name === undefined) return null;
  const step = findStep('sample', name);
  return { step, flags: stepFlags([step]).map((flag) => ({ ...flag, name: `sample-${flag.name}`, aliases: [] })) };
}

export function sampleFlags(argv: readonly string[]): readonly Flag[] {
  return flagsOf(argv)?.flags ?? [];
}

export function sampleParams(argv: readonly string[], args: Arguments): StepCall['params'] {
  const found = flagsOf(argv);
  return found === null ? {} : callFromFlags(found.step, found.flags, args).params;
}
