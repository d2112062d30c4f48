/** bart (https://mrirecon.github.io/bart) in a temporary folder of a test file's own, gone when the file is done. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll } from 'vitest';
import type { NdArray } from '../../src/array/nd-array.ts';
import { readCfl, writeCfl } from './cfl.ts';

export const hasBart = spawnSync('bart', ['version']).status === 0;

export interface Bart {
  /** Path of a file, without its ending, in the folder. */
  at(name: string): string;
  /** Rejects with what bart says where it fails. It does not block, so that our own work goes on beside it. */
  run(...args: string[]): Promise<void>;
  /** `bart pics` with data taken as scaled already (`-w 1`); y and maps are [coil, row, column]. */
  pics(y: NdArray<'complex64'>, maps: NdArray<'complex64'>, ...args: string[]): Promise<NdArray<'complex64'>>;
}

/** Call it once at the top of a test file. */
export function bartFolder(prefix: string): Bart {
  // Made when it is needed: what runs after tests does not run where all are skipped.
  let folder: string | undefined;
  const made = (): string => {
    folder ??= mkdtempSync(join(tmpdir(), prefix));
    return folder;
  };
  afterAll(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });
  const at = (name: string): string => join(made(), name);
  let runs = 0;
  async function run(...args: string[]): Promise<void> {
    // One thread: bart's threads spin, which on a busy machine costs more than they bring.
    const env = { ...process.env, OMP_NUM_THREADS: '1' };
    await promisify(execFile)('bart', args, { cwd: made(), env });
  }
  return {
    at,
    run,
    async pics(y, maps, ...args) {
      const name = `pics${runs++}`;
      writeCfl(at(`${name}-y`), y);
      writeCfl(at(`${name}-maps`), maps);
      await run('pics', '-w', '1', ...args, `${name}-y`, `${name}-maps`, `${name}-x`);
      return readCfl(at(`${name}-x`));
    },
  };
}

/** bart's centred transform of a length ≡ 2 (mod 4) has the sign that ours has not: its images are ours times this. */
export const signOfBart = (shape: readonly number[]): number => shape.slice(-2).reduce((product, n) => (n % 4 === 2 ? -product : product), 1);
