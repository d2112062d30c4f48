import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Series } from '../../../src/array/recording.ts';
import { memorySource } from '../../../src/formats/byte-source.ts';
import { dicomReader } from '../../../src/formats/dicom/read.ts';
import type { ReadRecording } from '../../../src/formats/reader.ts';
import { hasData, present, run, TEST_DATA } from '../../support/tools.ts';

const root = join(TEST_DATA, 'mri/dicom');
const temporary = mkdtempSync(join(tmpdir(), 'lacuna-dicom-'));
afterAll(() => rmSync(temporary, { recursive: true }));

function open(...paths: string[]): Promise<ReadRecording> {
  const sources = paths.map((path) => memorySource(basename(path), new Uint8Array(readFileSync(path))));
  return dicomReader.open(sources, { id: 'ab', name: basename(paths[0] as string), bytes: 1 });
}
async function hash({ series }: ReadRecording): Promise<string> {
  const sum = createHash('sha256');
  for (const s of series) {
    for (let i = 0; i < s.slices; i++) {
      const { data } = await s.read(i);
      sum.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    }
  }
  return sum.digest('hex').slice(0, 16);
}
function unpacked(name: string): string[] {
  run('tar', ['xzf', join(root, `${name}.tar.gz`), '-C', temporary]);
  const [top] = run('tar', ['tzf', join(root, `${name}.tar.gz`)]).split('/');
  return readdirSync(join(temporary, top as string), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.dcm'))
    .map((path) => join(temporary, top as string, path));
}
const shapes = ({ series }: ReadRecording): string[] => series.map((s) => `${s.title}: ${s.axes.map((a) => a.length).join('×')}`);

describe.skipIf(!present('real DICOM', { 'real data (LACUNA_TEST_DATA)': hasData('mri/dicom') }))('real DICOM', () => {
  it('the same mosaic in nine files of seven transfer syntaxes', async () => {
    for (let n = 1; n <= 9; n++) {
      const recording = await open(join(root, `transfer_syntaxes/${n}.dcm`));
      expect(shapes(recording)).toEqual(['ax_asc_35sl: 35×64×64']);
      // float32 of pydicom's pixel_array, cut into tiles.
      expect(await hash(recording), `${n}.dcm`).toBe('9a1f23ec6fb3fc60');
    }
  });

  it('the same small image in eight files', async () => {
    const names = readdirSync(join(root, 'pydicom')).filter((name) => !name.includes('truncated'));
    expect(names).toHaveLength(8);
    for (const name of names) expect(await hash(await open(join(root, 'pydicom', name))), name).toBe('c91e056c22d227f6');
  });

  it('MR_truncated.dcm is refused with what is missing', async () => {
    await expect(open(join(root, 'pydicom/MR_truncated.dcm'))).rejects.toMatchObject({
      code: 'input.truncated',
      file: 'MR_truncated.dcm',
      field: '(7FE0,0010) Pixel Data',
      message: 'The file ends within (7FE0,0010) Pixel Data: 8192 bytes expected, 8130 found.',
    });
  });

  it('enhanced multi-frame of Siemens XA30 and of Philips, one series per echo and component', async () => {
    expect(shapes(await open(join(root, 'siemens_xa30_enhanced_T1_tfl.dcm')))).toEqual(['anat-T1w_acq-tfl: 96×128×128']);
    const philips = await open(join(root, 'philips_enhanced_fieldmap_2echo_magphase.dcm'));
    expect(shapes(philips)).toEqual([
      'fcMRI Field Mapping · magnitude · TE 2.3 ms: 53×80×80',
      'fcMRI Field Mapping · magnitude · TE 4.6 ms: 53×80×80',
      'fcMRI Field Mapping · phase · TE 2.3 ms: 53×80×80',
      'fcMRI Field Mapping · phase · TE 4.6 ms: 53×80×80',
    ]);
    const { data } = (await (philips.series[2] as Series).read(26)) as { data: Float32Array };
    const [low, high] = [Math.min(...data), Math.max(...data)];
    // Milliradians −3142…3142 in the file.
    expect([low, high].map((v) => Math.round(v * 100) / 100)).toEqual([-3.14, 3.14]);
  });

  it('folders: two echoes and a phase difference; sagittal and oblique volumes', async () => {
    expect(shapes(await open(...unpacked('siemens_gre_fieldmap_phantom_magphase')))).toEqual([
      'gre_field_ph · phase: 6×64×64',
      'gre_field_mag · TE 5.19 ms: 6×64×64',
      'gre_field_mag · TE 7.65 ms: 7×64×64',
    ]);
    expect(shapes(await open(...unpacked('child3y_t1_mprage_24slices')))).toEqual(['SAG MPRAGE 220 FOV: 24×256×256']);
    expect(shapes(await open(...unpacked('studyforrest_sub02_t1_24slices')))).toEqual(['anat-T1w: 24×384×274']);
  });
});

describe.skipIf(!present('real ultrasound DICOM', { 'real data (LACUNA_TEST_DATA)': hasData('ultrasound/dicom') }))(
  'colour is refused',
  () => {
    const names = hasData('ultrasound/dicom')
      ? readdirSync(join(TEST_DATA, 'ultrasound/dicom')).filter((name) => name.endsWith('.dcm'))
      : [];
    it.each(names)('%s', async (name) => {
      await expect(open(join(TEST_DATA, 'ultrasound/dicom', name))).rejects.toMatchObject({
        code: 'input.unsupported',
        field: '(0028,0004) Photometric Interpretation',
      });
    });
  },
);
