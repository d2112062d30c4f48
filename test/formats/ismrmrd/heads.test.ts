import { expect, it } from 'vitest';
import { LacunaError } from '../../../src/errors.ts';
import type { Acquisition } from '../../../src/formats/ismrmrd/acquisitions.ts';
import { arrange } from '../../../src/formats/ismrmrd/arrange.ts';
import { Doctor } from '../../../src/formats/ismrmrd/doctor.ts';
import { roleOf } from '../../../src/formats/ismrmrd/flags.ts';
import type { Encoding, Space } from '../../../src/formats/ismrmrd/header.ts';
import { navigatorLines } from '../../../src/formats/ismrmrd/navigators.ts';
import { Random } from '../../../src/random/xoshiro.ts';

const FIXES = ['centre-line', 'matrix-too-small', 'readout-samples', 'calibration-left-out'];

/** Heads that contradict one another and the header in any way; damage to a file's bytes rarely reaches them past HDF5's own checks. */
function randomHeads(next: () => number): { heads: Acquisition[]; encoding: Encoding } {
  const up = (most: number) => Math.floor(next() * (most + 1));
  const rare = (odd: number, usual: number) => (next() < 0.05 ? odd : usual);
  const vector = [1, 0, 0] as const;
  const heads = Array.from({ length: 1 + up(40) }, (_, record): Acquisition => ({
    record, flags: next() < 0.6 ? 0 : 2 ** up(31), highFlags: rare(2 ** up(30), 0), energy: rare(Number.NaN, next() * 10 ** up(6)), encoding: 0,
    channels: rare(up(3), 2), samples: rare(up(70), 16), discardBefore: rare(up(20), 0), discardAfter: rare(up(20), 0), centreSample: rare(up(65_535), 8),
    trajectoryDimensions: 0, dwell: 5, step1: rare(up(65_535), record % 20), step2: rare(up(65_535), 0), average: 0, slice: rare(up(65_535), up(1)), contrast: rare(up(9), 0), phase: rare(up(9), 0),
    repetition: rare(up(65_535), 0), set: rare(up(9), 0), position: vector, readDirection: vector, phaseDirection: vector, sliceDirection: vector,
  }));
  const space = (): Space | null => {
    if (next() < 0.1) return null;
    return { matrix: [rare(up(4096) + 1, 16), rare(up(4096) + 1, 20), rare(up(300) + 1, 1)], fieldOfView: next() < 0.5 ? null : [next() * 300 + 1, next() * 300 + 1, 5] };
  };
  const limit = () => (next() < 0.3 ? null : { minimum: up(9), maximum: up(40), centre: next() < 0.3 ? null : rare(up(65_535), 10) });
  return { heads, encoding: { encoded: space(), recon: space(), trajectory: 'cartesian', step1: limit(), step2: limit(), calibrationMode: null, trajectoryParameters: new Map() } };
}

it('arranges 2,500 sets of random heads inside their matrix, or refuses them', () => {
  const random = new Random(7);
  const next = () => random.uniform();
  let arranged = 0;
  for (let round = 0; round < 2500; round++) {
    const { heads, encoding } = randomHeads(next);
    const measured = heads.filter((a) => ['imaging', 'calibration'].includes(roleOf(a)));
    if (measured.length === 0) continue;
    const doctor = new Doctor({ fixes: FIXES.filter(() => next() < 0.3) });
    try {
      const found = arrange(measured, encoding, doctor, 'f', 'data', []);
      const { rows, columns, output, slices, acquired, leading } = found;
      expect(leading.count).toBe(found.axes.reduce((product, axis) => product * axis.length, 1));
      expect(slices).toHaveLength(leading.count);
      expect([output.rows >= 1, output.rows <= rows, output.columns >= 1, output.columns <= columns]).toEqual([true, true, true, true]);
      expect(acquired === null || acquired.length === columns).toBe(true);
      const all = [...slices, ...(navigatorLines(heads.filter((a) => roleOf(a) === 'navigator'), found) ?? [])].flat();
      for (const { acquisition, column, row } of all) {
        const kept = acquisition.samples - acquisition.discardBefore - acquisition.discardAfter;
        if (!(row >= 0 && kept >= 1 && row + kept <= rows && column >= 0 && column < Math.max(columns, heads.length))) throw new Error(`round ${round}: a line lies at row ${row}, column ${column} of ${rows}×${columns}`);
      }
      expect(new Set(doctor.findings.map(({ id }) => id)).size).toBe(doctor.findings.length);
      arranged++;
    } catch (error) {
      if (!(error instanceof LacunaError && error.code.startsWith('input.') && error.file === 'f')) throw error;
    }
  }
  expect(arranged).toBeGreaterThan(600);
});
