/** VolumeView by NiiVue 0.69. Loaded only when a volume is looked at: it is larger than the rest of the studio. */
import { DRAG_MODE, type NVImage, NVImage as Image, Niivue, SHOW_RENDER, SLICE_TYPE } from '@niivue/niivue';
import type { OpenVolumeView, Place, VolumeColormap, VolumeFacts, VolumeLayout, VolumeView } from './volume-view.ts';

const LAYOUTS: Readonly<Record<VolumeLayout, SLICE_TYPE>> = {
  multiplanar: SLICE_TYPE.MULTIPLANAR,
  axial: SLICE_TYPE.AXIAL,
  coronal: SLICE_TYPE.CORONAL,
  sagittal: SLICE_TYPE.SAGITTAL,
  render: SLICE_TYPE.RENDER,
};
const COLORMAPS: Readonly<Record<VolumeColormap, string>> = { grey: 'gray', viridis: 'viridis', inferno: 'inferno', cividis: 'cividis' };
/** The studio's viewers are dark in both themes: images are judged against black. */
const BLACK = [0, 0, 0, 1];
/** Amber and cyan say measured and recovered; the crosshair is neither. */
const CROSSHAIR = [0.9, 0.92, 0.95, 0.55];
const LETTERS = [0.6, 0.64, 0.68, 1];

/** What `onLocationChange` hands over, as far as it is used. */
interface Location {
  readonly mm: ArrayLike<number>;
  readonly vox: ArrayLike<number>;
  readonly values: readonly { readonly value: number }[];
}

export const openNiivue: OpenVolumeView = async (canvas, { oncrosshair, onrange }) => {
  const niivue = new Niivue({
    backColor: BLACK,
    crosshairColor: CROSSHAIR,
    crosshairWidth: 0.25,
    fontColor: LETTERS,
    fontMinPx: 15,
    crosshairWidthUnit: 'percent',
    isOrientationTextVisible: true,
    dragMode: DRAG_MODE.contrast,
    multiplanarShowRender: SHOW_RENDER.ALWAYS,
    // Files come through the studio's own door, and its keys are its own.
    dragAndDropEnabled: false,
    viewModeHotKey: '',
    clipPlaneHotKey: '',
    cycleClipPlaneHotKey: '',
    loadingText: '',
    logLevel: 'error',
    trustCalMinMax: false,
  });
  niivue.onLocationChange = (location) => {
    const { mm, vox, values } = location as Location;
    oncrosshair({ place: triple(mm), voxel: triple(vox), value: values[0]?.value ?? Number.NaN });
  };
  niivue.onIntensityChange = (image: NVImage) => onrange(image.cal_min ?? 0, image.cal_max ?? 1);
  await niivue.attachToCanvas(canvas);
  // The pane around it takes the keys, and is what screen readers hear of.
  canvas.removeAttribute('tabindex');
  return new NiivueView(niivue);
};

const triple = (values: ArrayLike<number>): Place => [values[0] ?? 0, values[1] ?? 0, values[2] ?? 0];

class NiivueView implements VolumeView {
  readonly #niivue: Niivue;
  #colormap: VolumeColormap = 'grey';

  constructor(niivue: Niivue) {
    this.#niivue = niivue;
  }

  async load(nifti: ArrayBuffer): Promise<VolumeFacts> {
    // Zeros around a cropped image must not decide the window.
    const image = await Image.loadFromUrl({ url: 'volume.nii', name: 'volume.nii', buffer: nifti, colormap: COLORMAPS[this.#colormap], ignoreZeroVoxels: true });
    for (const old of [...this.#niivue.volumes]) this.#niivue.removeVolume(old);
    this.#niivue.addVolume(image);
    const [, columns = 1, rows = 1, slices = 1] = image.hdr?.dims ?? [];
    const oriented = (image.hdr?.sform_code ?? 0) > 0 || (image.hdr?.qform_code ?? 0) > 0;
    this.#niivue.setIsOrientationTextVisible(oriented);
    return {
      size: [columns, rows, slices],
      frames: image.nFrame4D ?? 1,
      range: [image.cal_min ?? 0, image.cal_max ?? 1],
      extent: [image.global_min ?? 0, image.global_max ?? 1],
      oriented,
    };
  }

  setLayout(layout: VolumeLayout): void {
    this.#niivue.setSliceType(LAYOUTS[layout]);
  }

  setRange(low: number, high: number): void {
    const image = this.#image;
    if (image === undefined) return;
    image.cal_min = low;
    image.cal_max = high;
    this.#niivue.updateGLVolume();
  }

  setColormap(colormap: VolumeColormap): void {
    this.#colormap = colormap;
    const image = this.#image;
    if (image !== undefined) this.#niivue.setColormap(image.id, COLORMAPS[colormap]);
  }

  setRadiological(radiological: boolean): void {
    this.#niivue.setRadiologicalConvention(radiological);
  }

  setFrame(frame: number): void {
    const image = this.#image;
    if (image !== undefined) this.#niivue.setFrame4D(image.id, frame);
  }

  setCrosshair(place: Place): void {
    if (this.#image === undefined) return;
    this.#niivue.scene.crosshairPos = this.#niivue.mm2frac([...place] as [number, number, number]);
    this.#niivue.drawScene();
    this.#niivue.createOnLocationChange();
  }

  moveCrosshair(right: number, anterior: number, superior: number): void {
    this.#niivue.moveCrosshairInVox(right, anterior, superior);
  }

  dispose(): void {
    for (const old of [...this.#niivue.volumes]) this.#niivue.removeVolume(old);
    this.#niivue.cleanup();
    this.#niivue.gl.getExtension('WEBGL_lose_context')?.loseContext();
  }

  get #image(): NVImage | undefined {
    return this.#niivue.volumes[0];
  }
}
