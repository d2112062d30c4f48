/**
 * WebGL2 drawing of one pane: float textures in, pixels out. Uploads happen only when an image object changes, so a
 * window, zoom or pan drag sets a few uniforms and draws one triangle. Survives loss of the context.
 */
import { LacunaError } from '../../../src/errors.ts';
import { Scope } from '../scope.ts';
import { colourTable } from './colormaps.ts';
import { imageSize, mappingRange } from './display-value.ts';
import type { Mapping } from './display-value.ts';
import { fragmentSource, UNIFORMS, VERTEX } from './shaders.ts';
import type { UniformName, Variant } from './shaders.ts';
import type { ColormapName, ComplexDisplay, PaneImage } from './types.ts';
import { turnOf } from './view-transform.ts';
import type { ViewTransform } from './view-transform.ts';

export interface DrawRequest {
  readonly image: PaneImage;
  readonly view: ViewTransform;
  readonly display: ComplexDisplay;
  readonly mapping: Mapping;
  readonly colormap: ColormapName;
  readonly interpolate: boolean;
  /** Magnitude up to which phase is black (`phaseFloor`); 0: colours are never faded. */
  readonly phaseFloor: number;
  readonly compare: { readonly image: PaneImage; readonly mode: 'swipe' | 'difference'; readonly swipeX: number } | null;
  readonly mask: { readonly data: Uint8Array; readonly kind: 'lines' | 'points' } | null;
}

const DISPLAY_CODE = { real: 0, magnitude: 1, phase: 2, imaginary: 3 } as const;
/** --measured of the dark theme, #ffb454, which image panes keep in both themes. */
const MEASURED = [1, 180 / 255, 84 / 255] as const;
const UNIT = { image: 0, second: 1, lut: 2, mask: 3 } as const;
const MAX_TAPS = 4;

type Slot = keyof typeof UNIT;
interface Program {
  readonly handle: WebGLProgram;
  readonly uniforms: Readonly<Record<UniformName, WebGLUniformLocation | null>>;
}

function variantOf(request: DrawRequest, ratio: number): Variant {
  const { image, view, compare, mask, display } = request;
  const code = (shown: PaneImage): Variant['display'] => (shown.dtype === 'float32' ? 0 : DISPLAY_CODE[display]);
  const pixels = Math.min(Math.abs(view.scaleX), view.scaleY) * ratio;
  return {
    display: code(image),
    secondDisplay: compare === null ? 0 : code(compare.image),
    compare: compare?.mode ?? 'none',
    linear: request.interpolate,
    taps: Math.min(MAX_TAPS, Math.max(1, Math.ceil(1 / pixels))),
    mask: mask?.kind ?? 'none',
    fade: request.phaseFloor > 0,
  };
}

export class ImageRenderer {
  readonly #canvas: HTMLCanvasElement;
  readonly #gl: WebGL2RenderingContext;
  readonly #scope = new Scope();
  /** By variant; a pane uses a handful. */
  #programs = new Map<string, Program>();
  #textures = new Map<Slot, WebGLTexture>();
  /** What each texture holds, to upload only what changed. */
  #held = new Map<Slot, unknown>();
  #last: DrawRequest | null = null;

  /** Throws `usage.unsupported` where the system offers no WebGL2. */
  constructor(canvas: HTMLCanvasElement) {
    const gl = canvas.getContext('webgl2', { alpha: false, antialias: false, depth: false, stencil: false });
    if (gl === null) throw new LacunaError('usage.unsupported', 'images need WebGL 2, which this system does not offer');
    this.#canvas = canvas;
    this.#gl = gl;
    this.#scope.listen(canvas, 'webglcontextlost', (event) => {
      event.preventDefault();
      this.#forget();
    });
    this.#scope.listen(canvas, 'webglcontextrestored', () => {
      if (this.#last !== null) this.draw(this.#last);
    });
  }

  /** GL objects alive; for leak tests. */
  get objects(): number {
    return this.#textures.size + this.#programs.size;
  }

  /** Draws at once. Does nothing while the context is lost; the last request is drawn when it comes back. */
  draw(request: DrawRequest): void {
    this.#last = request;
    const gl = this.#gl;
    if (this.#scope.disposed || gl.isContextLost()) return;
    const { view, mask, compare } = request;
    const ratio = this.#resize(view);
    const program = this.#program(variantOf(request, ratio));
    gl.useProgram(program.handle);
    this.#uploadImage('image', request.image);
    if (compare !== null) this.#uploadImage('second', compare.image);
    this.#uploadBytes('lut', colourTable(request.colormap), 256, 1, gl.RGBA8, gl.RGBA, gl.LINEAR);
    if (mask !== null) {
      const rows = mask.kind === 'lines' ? 1 : view.rows;
      this.#uploadBytes('mask', mask.data, view.columns, rows, gl.R8, gl.RED, gl.NEAREST);
    }
    this.#setUniforms(program.uniforms, request);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  /** Black, for a pane without an image. */
  clear(): void {
    this.#last = null;
    if (this.#scope.disposed || this.#gl.isContextLost()) return;
    this.#gl.clearColor(0, 0, 0, 1);
    this.#gl.clear(this.#gl.COLOR_BUFFER_BIT);
  }

  /** Deletes every GL object and gives the context back, of which a page has about sixteen. */
  dispose(): void {
    const gl = this.#gl;
    this.#last = null;
    this.#scope.dispose();
    for (const texture of this.#textures.values()) gl.deleteTexture(texture);
    for (const { handle } of this.#programs.values()) gl.deleteProgram(handle);
    this.#forget();
    gl.getExtension('WEBGL_lose_context')?.loseContext();
  }

  #forget(): void {
    this.#programs.clear();
    this.#textures.clear();
    this.#held.clear();
  }

  #resize(view: ViewTransform): number {
    const ratio = globalThis.devicePixelRatio || 1;
    const width = Math.max(1, Math.round(view.width * ratio));
    const height = Math.max(1, Math.round(view.height * ratio));
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    this.#gl.viewport(0, 0, width, height);
    return ratio;
  }

  #setUniforms(at: Program['uniforms'], request: DrawRequest): void {
    const gl = this.#gl;
    const { view, compare } = request;
    const secondSize = imageSize(compare?.image ?? request.image);
    const [low, high] = mappingRange(request.mapping);
    for (const slot of Object.keys(UNIT) as Slot[]) gl.uniform1i(at[`u_${slot}`], UNIT[slot]);
    gl.uniform2f(at.u_size, view.columns, view.rows);
    gl.uniform2f(at.u_secondSize, secondSize.columns, secondSize.rows);
    gl.uniform2f(at.u_origin, view.originX, view.originY);
    gl.uniform2f(at.u_scale, view.scaleX, view.scaleY);
    gl.uniform2f(at.u_turn, ...turnOf(view.rotation));
    gl.uniform1f(at.u_phaseFloor, request.phaseFloor);
    gl.uniform2f(at.u_ratio, this.#canvas.width / view.width, this.#canvas.height / view.height);
    gl.uniform1f(at.u_height, this.#canvas.height);
    gl.uniform2f(at.u_range, low, high);
    gl.uniform1f(at.u_swipe, compare?.swipeX ?? 0);
    gl.uniform3f(at.u_measured, ...MEASURED);
  }

  #uploadImage(slot: 'image' | 'second', image: PaneImage): void {
    this.#bind(slot);
    if (this.#held.get(slot) === image.data) return;
    const gl = this.#gl;
    const { rows, columns } = imageSize(image);
    const limit = gl.getParameter(gl.MAX_TEXTURE_SIZE) as number;
    if (rows > limit || columns > limit) {
      throw new LacunaError('usage.too-large', `an image of ${rows} × ${columns} exceeds this graphics card's ${limit} pixels`);
    }
    const complex = image.dtype === 'complex64';
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 4);
    gl.texImage2D(
      gl.TEXTURE_2D, 0, complex ? gl.RG32F : gl.R32F, columns, rows, 0, complex ? gl.RG : gl.RED, gl.FLOAT, image.data,
    );
    this.#filter(gl.NEAREST);
    this.#held.set(slot, image.data);
  }

  #uploadBytes(
    slot: 'lut' | 'mask', data: Uint8Array, width: number, height: number, internal: number, format: number, filter: number,
  ): void {
    this.#bind(slot);
    if (this.#held.get(slot) === data) return;
    const gl = this.#gl;
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.texImage2D(gl.TEXTURE_2D, 0, internal, width, height, 0, format, gl.UNSIGNED_BYTE, data);
    this.#filter(filter);
    this.#held.set(slot, data);
  }

  #bind(slot: Slot): void {
    const gl = this.#gl;
    let texture = this.#textures.get(slot);
    if (texture === undefined) {
      texture = gl.createTexture();
      this.#textures.set(slot, texture);
    }
    gl.activeTexture(gl.TEXTURE0 + UNIT[slot]);
    gl.bindTexture(gl.TEXTURE_2D, texture);
  }

  #filter(filter: number): void {
    const gl = this.#gl;
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, filter);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, filter);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  }

  #program(variant: Variant): Program {
    const key = Object.values(variant).join();
    let program = this.#programs.get(key);
    if (program === undefined) {
      program = this.#link(fragmentSource(variant));
      this.#programs.set(key, program);
    }
    return program;
  }

  #link(fragment: string): Program {
    const gl = this.#gl;
    const handle = gl.createProgram();
    const sources = [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, fragment]] as const;
    for (const [kind, source] of sources) {
      const shader = gl.createShader(kind);
      if (shader === null) throw new LacunaError('internal', 'the graphics context gave no shader');
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(handle, shader);
      // Freed with the program it is attached to.
      gl.deleteShader(shader);
    }
    gl.linkProgram(handle);
    if (gl.getProgramParameter(handle, gl.LINK_STATUS) !== true && !gl.isContextLost()) {
      throw new LacunaError('internal', `the image shader does not link: ${gl.getProgramInfoLog(handle) ?? ''}`);
    }
    const uniforms = Object.fromEntries(UNIFORMS.map((name) => [name, gl.getUniformLocation(handle, name)]));
    return { handle, uniforms: uniforms as Record<UniformName, WebGLUniformLocation | null> };
  }
}
