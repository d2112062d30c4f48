/** Files of BART and MATLAB: what other programs write is read alike, and what is written here is read alike by them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type NdArray, ndArray } from '../../src/array/nd-array.ts';
import type { Recording } from '../../src/array/recording.ts';
import { decodeNpy } from '../../src/array/npy.ts';
import { writeBart } from '../../src/formats/bart/write.ts';
import { writeMat } from '../../src/formats/mat/write.ts';
import { openPath } from '../../src/formats/registry.ts';
import { nufft } from '../../src/operators/nufft.ts';
import { readCfl } from '../support/cfl.ts';
import { hasPython, present, runPython } from '../support/tools.ts';

const hasBart = present('agreement with the files of bart', { bart: spawnSync('bart', ['version']).status === 0 });
const hasScipy = present('agreement with the files of SciPy', { scipy: hasPython('scipy', 'numpy') });
const folder = mkdtempSync(join(tmpdir(), 'lacuna-bart-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

function bart(...args: string[]): string {
  const done = spawnSync('bart', args, { cwd: folder, env: { ...process.env, OMP_NUM_THREADS: '1' }, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`bart ${args.join(' ')}: ${done.stderr}`);
  return done.stdout;
}

const volume = ndArray('complex64', [3, 9, 10], Float32Array.from({ length: 540 }, (_, i) => Math.sin(i * 12.9898) * 43));

async function opened(name: string): Promise<Recording> {
  return openPath(join(folder, name));
}

describe.runIf(hasBart)('BART', () => {
  it('reads what is written here', () => {
    const { cfl, hdr } = writeBart(volume, { command: 'sense', creator: 'Lacuna Studio' });
    writeFileSync(join(folder, 'ours.cfl'), cfl);
    writeFileSync(join(folder, 'ours.hdr'), hdr);
    expect(bart('show', '-m', 'ours')).toMatch(/AoD:\s9\s10\s1\s1\s1\s1\s1\s1\s1\s1\s1\s1\s1\s3\s1\s1/);
    // One value by bart's own indices: row 4, column 7, slice 2.
    bart('extract', '0', '4', '5', '1', '7', '8', '13', '2', '3', 'ours', 'one');
    const [re, im] = readCfl(join(folder, 'one')).data;
    const at = 2 * ((2 * 9 + 4) * 10 + 7);
    expect([re, im]).toEqual([volume.data[at], volume.data[at + 1]]);
  });

  it.each([
    ['half a circle', []],
    ['a full circle', ['-D']],
    ['golden angles', ['-G']],
    ['tiny golden angles', ['-G', '-s', '7']],
  ])('writes radial data over %s whose angles are found without the trajectory', async (_, flags) => {
    bart('traj', '-x96', '-y48', '-r', ...flags, 'angles');
    bart('phantom', '-k', '-s2', '-t', 'angles', 'spokes');
    const recording = await opened('spokes.cfl');
    const series = recording.series[0];
    const theirs = readFileSync(join(folder, 'angles.cfl'));
    const { data } = series?.trajectory?.points as NdArray<'float32'>;
    let far = 0;
    for (let m = 0; m < 96 * 48; m++) {
      const at = 2 * ((m % 96) * 48 + Math.floor(m / 96));
      for (const axis of [0, 1]) far = Math.max(far, Math.abs((data[at + axis] as number) - theirs.readFloatLE(8 * (3 * m + axis))));
    }
    // bart keeps angles of up to 91 rad in single precision: 48 × 91 × 2⁻²⁴ = 2.6e-4.
    expect(far).toBeLessThan(3e-4);
    await recording.close();
  });

  it('finds the gradient delays that a phantom was made with, and moves the spokes like bart', async () => {
    bart('traj', '-x192', '-y65', '-r', '-D', '-q0.3:-0.2:0.1', 'delayed');
    // Half the steps: the object fills half of the field of view, as with an oversampled readout.
    bart('scale', '0.5', 'delayed', 'half');
    bart('phantom', '-k', '-s4', '-t', 'half', 'late');
    const recording = await openPath(join(folder, 'late.cfl'), { fixes: ['gradient-delays'] });
    expect(recording.findings?.find(({ id }) => id === 'gradient-delays')).toMatchObject({ fix: { applied: true } });
    const theirs = readFileSync(join(folder, 'delayed.cfl'));
    const { data } = recording.series[0]?.trajectory?.points as NdArray<'float32'>;
    let far = 0;
    for (let m = 0; m < 192 * 65; m++) {
      const at = 2 * ((m % 192) * 65 + Math.floor(m / 192));
      for (const axis of [0, 1]) far = Math.max(far, Math.abs((data[at + axis] as number) - theirs.readFloatLE(8 * (3 * m + axis))));
    }
    // Of 0.3 samples; measured 0.001.
    expect(far).toBeLessThan(0.005);
    await recording.close();
  });

  it('makes the same image of a trajectory beside the data', async () => {
    bart('traj', '-x96', '-y40', '-r', '-G', 'golden_traj');
    bart('phantom', '-k', '-s2', '-t', 'golden_traj', 'golden');
    bart('nufft', '-a', '-d96:96:1', 'golden_traj', 'golden', 'adjoint');
    const recording = await opened('golden.hdr');
    const series = recording.series[0];
    if (series?.trajectory === undefined) throw new Error('no trajectory');
    expect(series.trajectory.matrix).toEqual({ rows: 96, columns: 96 });
    const ours = nufft(series.trajectory, 2).adjoint((await series.read(0)) as NdArray<'complex64'>).data;
    const reference = readFileSync(join(folder, 'adjoint.cfl'));
    let [difference, norm] = [0, 0];
    for (let i = 0; i < 2 * 96 * 96; i++) {
      const [coil, r, c] = [Math.floor(i / 9216), Math.floor(i / 96) % 96, i % 96];
      for (const part of [0, 1]) {
        const theirs = reference.readFloatLE(8 * (r + 96 * (c + 96 * coil)) + 4 * part);
        difference += ((ours[2 * i + part] as number) - theirs) ** 2;
        norm += theirs ** 2;
      }
    }
    // Both grid with Kaiser-Bessel windows; bart's is the coarser one.
    expect(Math.sqrt(difference / norm)).toBeLessThan(2e-3);
    await recording.close();
  });

  it('writes Cartesian phantoms that are k-space, and their images that are not', async () => {
    bart('phantom', '-x64', '-k', '-s4', 'ksp');
    bart('fft', '-u', '-i', '3', 'ksp', 'img');
    for (const [name, domain] of [['ksp.cfl', 'kspace'], ['img.cfl', 'image']] as const) {
      const recording = await opened(name);
      expect(recording.series[0]).toMatchObject({ domain, coils: 4, rows: 64, columns: 64 });
      expect(recording.series[0]?.trajectory).toBeUndefined();
      await recording.close();
    }
  });
});

it.runIf(hasScipy)('SciPy reads the MAT-file that is written here', () => {
  const path = join(folder, 'ours.mat');
  writeFileSync(path, writeMat({ images: { image: volume }, texts: { note: 'grüße' } }));
  const script = `import sys, scipy.io, numpy as np
m = scipy.io.loadmat(sys.argv[1])
assert m['note'][0] == 'grüße', m['note']
assert m['image'].dtype == np.complex64 and m['image'].shape == (9, 10, 3), m['image'].shape
np.save(sys.argv[2], np.ascontiguousarray(m['image'].transpose(2, 0, 1)))`;
  runPython('-c', script, path, join(folder, 'back.npy'));
  expect(decodeNpy(new Uint8Array(readFileSync(join(folder, 'back.npy')))).data).toEqual(volume.data);
});
