import { expect, it } from 'vitest';
import { falseCells, statedCells } from './card-tables.ts';

const CARD = `# Network

| file | bytes |
|---|---|
| \`image.onnx\` | 1.5 / 0.5 |

### ×2

| data | bicubic interpolation, PSNR dB / SSIM | ESPCN, PSNR dB / SSIM |
|---|---|---|
| head | 30.00 / 0.9000 | 32.00 / 0.9300 |
| foot | 28.00 / 0.8000 | 29.00 / 0.8200 |
| all slices | 29.33 / 0.8667 | 31.00 / 0.8933 |
`;
const TITLES = { bicubic: 'bicubic interpolation', learned: 'ESPCN' };
const row = (data: string, method: string, psnr: number, ssim: number) => ({ setting: '×2', data, method, psnr, ssim });
const FOUND = [
  row('head', 'bicubic', 29, 0.89), row('head', 'bicubic', 31, 0.91), row('foot', 'bicubic', 28, 0.8),
  row('head', 'learned', 31.5, 0.92), row('head', 'learned', 32.5, 0.94), row('foot', 'learned', 29, 0.82),
];

it('reads the cells of tables of figures alone', () => {
  const cells = statedCells(CARD);
  expect(cells).toHaveLength(6);
  expect(cells[1]).toEqual({ setting: '×2', data: 'head', method: 'ESPCN', psnr: 32, ssim: 0.93 });
});

it('is silent where the means are what the card says', () => {
  expect(falseCells(statedCells(CARD), FOUND, TITLES)).toEqual([]);
});

it('names cells that say otherwise, and those that are missing', () => {
  const wrong = CARD.replace('| 29.00 / 0.8200 |', '| 29.50 / 0.8300 |');
  expect(falseCells(statedCells(wrong), FOUND, TITLES)).toEqual(['×2, foot, ESPCN: PSNR 29.5 dB stated, 29.00 found', '×2, foot, ESPCN: SSIM 0.83 stated, 0.8200 found']);
  expect(falseCells(statedCells('# Network'), FOUND, TITLES)).toHaveLength(6);
});
