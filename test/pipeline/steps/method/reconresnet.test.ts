import { describe, expect, it } from 'vitest';
import { magnitude, type NdArray, zeros } from '../../../../src/array/nd-array.ts';
import { predictSamples } from '../../../../src/mri/data-residual.ts';
import { uniformMaps } from '../../../../src/mri/kspace-replacement.ts';
import { type MriEstimate, type MriMeasurement, residualOf } from '../../../../src/mri/measurement.ts';
import { predictAlong } from '../../../../src/mri/noncartesian-solvers.ts';
import reconresnet from '../../../../src/pipeline/steps/method/reconresnet.ts';
import type { MethodStatus } from '../../../../src/pipeline/step.ts';
import { describePattern } from '../../../../src/sampling/describe.ts';
import { fft2c } from '../../../../src/transform/fft.ts';
import { magnitudeContext, magnitudeModel } from '../../../support/magnitude-infer.ts';
import { scriptSpokes } from '../../../support/nufft-inputs.ts';
import { relativeError } from '../../../support/random-array.ts';
import { randomPattern } from '../../../support/random-pattern.ts';

const [ROWS, COLUMNS] = [38, 33];
const TRAINED = { acceleration: [2, 10], coils: [1, 8], matrix: [30, 40] };
const model = (trained: object = TRAINED) => magnitudeModel('reconresnet-s', { task: 'mri-artefact-removal', multiple: 4, trained });
/** Not the identity, and wrong on purpose. */
const wrong = ({ shape, data }: NdArray<'float32'>): NdArray<'float32'> => ({ dtype: 'float32', shape, data: data.map((value, i) => 0.6 * value + 0.05 * Math.sin(i)) });

/** A disc with a phase, raw-data units. */
function object(rows: number, columns: number): NdArray<'complex64'> {
  const out = zeros('complex64', [rows, columns]);
  for (let i = 0; i < rows * columns; i++) {
    const [y, x] = [Math.floor(i / columns) / rows - 0.5, (i % columns) / columns - 0.5];
    const value = 3e-5 * (Math.hypot(x, y) < 0.4 ? 1 + x : 0);
    out.data.set([value * Math.cos(2 * y), value * Math.sin(2 * y)], 2 * i);
  }
  return out;
}

function singleCoil(kind: 'lines' | 'points'): MriMeasurement {
  const pattern = randomPattern(kind, ROWS, COLUMNS);
  return { kspace: predictSamples(object(ROWS, COLUMNS), uniformMaps(ROWS, COLUMNS), pattern), pattern, output: { rows: ROWS, columns: COLUMNS } };
}

async function run(measurement: MriMeasurement, { params = {}, network = wrong, loaded = model() }: { params?: object; network?: typeof wrong; loaded?: ReturnType<typeof model> } = {}): Promise<{ estimate: MriEstimate; statuses: MethodStatus[] }> {
  const statuses: MethodStatus[] = [];
  const iterator = reconresnet.run(measurement, reconresnet.params.parse(params), { ...magnitudeContext(loaded, network), cache: new Map() });
  for (;;) {
    const next = await iterator.next();
    if (next.done === true) return { estimate: next.value, statuses };
    statuses.push(next.value);
  }
}

describe.each(['lines', 'points'] as const)('ReconResNet, one coil, %s', (kind) => {
  it('reproduces every measured sample to 10⁻⁵ of the largest, whatever the network makes', async () => {
    const measurement = singleCoil(kind);
    const { estimate } = await run(measurement);
    const found = fft2c(estimate.image as NdArray<'complex64'>);
    const { mask } = measurement.pattern;
    const top = measurement.kspace.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    let kept = 0;
    for (let i = 0; i < found.data.length; i++) {
      if (mask[kind === 'lines' ? (i >> 1) % COLUMNS : i >> 1] === 0) continue;
      kept++;
      expect(Math.abs((found.data[i] as number) - (measurement.kspace.data[i] as number))).toBeLessThan(1e-5 * top);
    }
    expect(kept).toBeGreaterThan(100);
    expect(estimate.dataResidual).toBeLessThan(1e-5);
    expect(estimate.residual?.().data.every((value) => value < 1e-5 * top)).toBe(true);
  });

  it('gives the network a magnitude of largest value 1 on multiples of 4, and shows each stage', async () => {
    const fed: NdArray<'float32'>[] = [];
    const { statuses, estimate } = await run(singleCoil(kind), {
      network: (x) => {
        fed.push(x);
        return wrong(x);
      },
    });
    expect(fed.map(({ shape }) => shape)).toEqual([[1, 1, 40, 36]]);
    expect(fed[0]?.data.reduce((top, value) => Math.max(top, value), 0)).toBe(1);
    expect(statuses.map(({ iteration }) => iteration)).toEqual([0, 1, 2]);
    expect(statuses.map((status) => status.preview?.().shape)).toEqual([[ROWS, COLUMNS], [ROWS, COLUMNS], [ROWS, COLUMNS]]);
    expect(relativeError(magnitude(statuses[2]?.preview?.() as NdArray).data, magnitude(estimate.image).data)).toBe(0);
  });
});

describe('ReconResNet', () => {
  it('is applied as often as its package says, each time to what data consistency has made of it', async () => {
    const fed: NdArray<'float32'>[] = [];
    const network = (x: NdArray<'float32'>): NdArray<'float32'> => {
      fed.push(x);
      return wrong(x);
    };
    const once = await run(singleCoil('lines'));
    const twice = await run(singleCoil('lines'), { network, loaded: magnitudeModel('reconresnet-s', { task: 'mri-artefact-removal', multiple: 4, passes: 2, trained: TRAINED }) });
    expect(fed).toHaveLength(2);
    const largest = magnitude(once.estimate.image).data.reduce((top, value) => Math.max(top, value), 0);
    const again = magnitude(once.estimate.image).data.map((value) => value / largest);
    // Sides are padded: row by row, what was put back in the first round is what the second one sees.
    const seen = Float32Array.from({ length: ROWS * COLUMNS }, (_, i) => fed[1]?.data[Math.floor(i / COLUMNS) * 36 + (i % COLUMNS)] as number);
    expect(relativeError(seen, again)).toBeLessThan(1e-5);
    expect(twice.statuses.map(({ iteration, iterations }) => [iteration, iterations])).toEqual([0, 1, 2, 3, 4].map((i) => [i, 4]));
    expect(twice.estimate.dataResidual).toBeLessThan(1e-5);
    expect(twice.estimate.notes[0]).toContain('2 times with data consistency after each');
  });

  it('of a full scan is the scan, with its phase', async () => {
    const pattern = describePattern({ kind: 'lines', rows: ROWS, columns: COLUMNS, mask: new Uint8Array(COLUMNS).fill(1) });
    const kspace = predictSamples(object(ROWS, COLUMNS), uniformMaps(ROWS, COLUMNS), pattern);
    const { estimate } = await run({ kspace, pattern, output: { rows: ROWS, columns: COLUMNS } });
    expect(relativeError(estimate.image.data, object(ROWS, COLUMNS).data)).toBeLessThan(1e-5);
  });

  it('with several coils comes closer to the samples the more steps it takes', async () => {
    const maps = zeros('complex64', [3, ROWS, COLUMNS]);
    const mask = Uint8Array.from({ length: COLUMNS }, (_, c) => Number(Math.abs(c - 16) < 6 || c % 3 === 0));
    const pattern = describePattern({ kind: 'lines', rows: ROWS, columns: COLUMNS, mask });
    for (let i = 0; i < maps.data.length; i += 2) {
      const [coil, x] = [Math.floor(i / 2 / (ROWS * COLUMNS)), ((i / 2) % COLUMNS) / COLUMNS];
      maps.data.set([0.4 + Math.abs(x - coil / 2), 0.2 * coil], i);
    }
    const kspace = predictSamples(object(ROWS, COLUMNS), maps, pattern);
    const measurement = { kspace, pattern, output: { rows: ROWS, columns: COLUMNS } };
    const residual = async (steps: number): Promise<number> => residualOf((await run(measurement, { params: { steps } })).estimate) ?? NaN;
    const [one, ten] = [await residual(1), await residual(10)];
    expect(ten).toBeLessThan(one);
    expect(ten).toBeLessThan(0.05);
    expect((await run(measurement)).estimate.notes.join('\n')).toMatch(/Maps: .*calibration[\s\S]*5 conjugate-gradient steps on all coils/);
  });

  it('along spokes puts the measured samples back to within a few per cent in five steps', async () => {
    const trajectory = scriptSpokes(36, 36, 72, 40);
    const kspace = predictAlong(object(36, 36), uniformMaps(36, 36), trajectory);
    const pattern = describePattern({ kind: 'lines', rows: 72, columns: 40, mask: new Uint8Array(40).fill(1) });
    const { estimate } = await run({ kspace, pattern, trajectory, output: { rows: 36, columns: 36 } });
    expect(estimate.image.shape).toEqual([36, 36]);
    expect(estimate.dataResidual).toBeLessThan(0.03);
    expect(estimate.notes.join()).toContain('along the trajectory');
  });

  it('is labelled as learned, names its model, and warns outside of its training', async () => {
    const { notes } = (await run(singleCoil('lines'))).estimate;
    expect(notes[0]).toMatch(/^Learned/);
    expect(notes.join()).toContain('reconresnet-s 1.2.3');
    expect(notes.some((note) => note.startsWith('Outside its training'))).toBe(false);
    const strict = model({ acceleration: [5, 6], coils: [2, 4], matrix: [100, 200] });
    const warned = (await run(singleCoil('lines'), { loaded: strict })).estimate.notes.filter((note) => note.startsWith('Outside its training'));
    expect(warned).toHaveLength(4);
  });

  it('refuses what is too small or too large for it, and coils without a centre; not one coil without a centre', () => {
    const refuses = (rows: number, columns: number, coils: number) => reconresnet.refuses?.({ pattern: describePattern({ kind: 'lines', rows, columns, mask: Uint8Array.from({ length: columns }, (_, i) => i % 4 === 0 ? 1 : 0) }), coils });
    expect(refuses(31, 64, 1)).toMatch(/at least 32×32/);
    expect(refuses(4096, 512, 1)).toMatch(/at most/);
    expect(refuses(64, 64, 1)).toBeNull();
    expect(refuses(64, 64, 4)).toMatch(/Coil maps/);
  });
});
