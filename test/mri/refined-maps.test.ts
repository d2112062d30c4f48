import { expect, it } from 'vitest';
import { canRefine, refinedMaps } from '../../src/mri/refined-maps.ts';
import { estimateMaps } from '../../src/mri/coil-maps.ts';
import { coils } from '../../src/operators/coils.ts';
import { fft2c } from '../../src/transform/fft.ts';
import { randomComplex } from '../support/random-array.ts';

const output = { rows: 64, columns: 48 };

it('a second pass makes sense where the measured centre is smaller than 32 samples of the delivered field of view, either way', () => {
  expect(canRefine({ rows: 40, columns: 20 }, [64, 48], output)).toBe(true);
  expect(canRefine({ rows: 20, columns: 40 }, [64, 48], output)).toBe(true);
  expect(canRefine({ rows: 32, columns: 32 }, [64, 48], output)).toBe(false);
  // Twice as many rows as are delivered: the same centre holds 64.
  expect(canRefine({ rows: 40, columns: 40 }, [128, 48], output)).toBe(true);
  expect(canRefine({ rows: 64, columns: 32 }, [128, 48], output)).toBe(false);
});

it('maps of samples that are all measured are those of their 32×32 centre', () => {
  const kspace = randomComplex([3, 64, 48]);
  const anything = { image: randomComplex([64, 48], 2), maps: randomComplex([3, 64, 48], 3) };
  const found = refinedMaps(anything.image, anything.maps, { kspace, measured: () => true, output });
  const expected = estimateMaps(kspace, { rows: [16, 48], columns: [8, 40] });
  for (const [i, value] of expected.data.entries()) expect(found.data[i]).toBeCloseTo(value, 6);
});

it('samples that are not measured are those of the image seen by the coils', () => {
  const maps = estimateMaps(randomComplex([2, 64, 48], 4), { rows: [16, 48], columns: [8, 40] });
  const image = randomComplex([64, 48], 5);
  const found = refinedMaps(image, maps, { kspace: randomComplex([2, 64, 48], 6), measured: () => false, output });
  const expected = estimateMaps(fft2c(coils(maps).apply(image)), { rows: [16, 48], columns: [8, 40] });
  for (const [i, value] of expected.data.entries()) expect(found.data[i]).toBeCloseTo(value, 6);
});
