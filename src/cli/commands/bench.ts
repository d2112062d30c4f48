/** `lacuna bench`: times on this machine, one JSON line a figure. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Command } from '../command.ts';

export const benchCommand: Command = {
  name: 'bench',
  summary: 'Measure speed on this machine, side by side with FFTW and BART where they are installed',
  usage: '[NAME …]',
  notes: 'Prints one JSON line a figure, with the bar it is held against.',
  flags: () => [],
  run: (args) =>
    new Promise((resolve, reject) => {
      const script = fileURLToPath(new URL('../../../build/bench.mjs', import.meta.url));
      const child = spawn(process.execPath, [script, ...args.positionals], { stdio: 'inherit' });
      child.on('error', reject);
      child.on('exit', (code) => resolve(code === 0 ? 0 : 4));
    }),
};
