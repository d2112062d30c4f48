/**
 * GLSL of the image pane. One triangle covers the pane; each fragment looks its pixel up, so zooming costs nothing.
 * What a pane does is compiled in (`Variant`), not branched on: in software rendering that is some thirty times faster.
 */
import { PHASE_FADE } from './display-value.ts';

export const VERTEX = `#version 300 es
void main() {
  vec2 corner = vec2(float((gl_VertexID << 1) & 2), float(gl_VertexID & 2));
  gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
}`;

export interface Variant {
  /** Of the image and of the second one: 0 the value itself or the real part, 1 magnitude, 2 phase, 3 imaginary part. */
  readonly display: 0 | 1 | 2 | 3;
  readonly secondDisplay: 0 | 1 | 2 | 3;
  readonly compare: 'none' | 'swipe' | 'difference';
  readonly linear: boolean;
  /** Taps along each side of a fragment, 1–4. */
  readonly taps: number;
  readonly mask: 'none' | 'lines' | 'points';
  /** Phase goes dark where there is hardly any signal. */
  readonly fade: boolean;
}

/**
 * Float textures cannot be filtered everywhere (OES_texture_float_linear is optional), so bilinear interpolation is done
 * here, on the displayed value: interpolating re and im first would cancel where the phase turns.
 * Below one screen pixel per image pixel the footprint is averaged (up to 4 × 4 taps), so that nothing aliases.
 * k-space: a kept sample keeps its brightness in amber on a faint amber ground, a skipped one is dimmed grey.
 */
const BODY = `
precision highp float;
precision highp int;
precision highp sampler2D;
uniform sampler2D u_image;
uniform sampler2D u_second;
uniform sampler2D u_lut;
uniform sampler2D u_mask;
uniform vec2 u_size;
uniform vec2 u_secondSize;
uniform vec2 u_origin;
uniform vec2 u_scale;
/** Cosine and sine of the turn. */
uniform vec2 u_turn;
uniform float u_phaseFloor;
/** Canvas pixels per CSS px: not quite devicePixelRatio where the pane's size is fractional. */
uniform vec2 u_ratio;
uniform float u_height;
uniform vec2 u_range;
uniform float u_swipe;
uniform vec3 u_measured;
out vec4 colour;

#define VALUE(Z) (Z).r
#define MAGNITUDE(Z) length((Z).rg)
#define PHASE(Z) atan((Z).g, (Z).r)
#define IMAGINARY(Z) (Z).g
#define TEXEL(IMAGE, SIZE, DISPLAY, AT) DISPLAY(texelFetch(IMAGE, clamp(AT, ivec2(0), ivec2(SIZE) - 1), 0))
#define NEAREST(IMAGE, SIZE, DISPLAY, POINT) TEXEL(IMAGE, SIZE, DISPLAY, ivec2(floor(POINT)))
#define BILINEAR(IMAGE, SIZE, DISPLAY, POINT) \\
  vec2 p = POINT - 0.5; \\
  ivec2 base = ivec2(floor(p)); \\
  vec2 f = p - floor(p); \\
  float a = TEXEL(IMAGE, SIZE, DISPLAY, base); \\
  float b = TEXEL(IMAGE, SIZE, DISPLAY, base + ivec2(1, 0)); \\
  float c = TEXEL(IMAGE, SIZE, DISPLAY, base + ivec2(0, 1)); \\
  float d = TEXEL(IMAGE, SIZE, DISPLAY, base + ivec2(1, 1)); \\
  return mix(mix(a, b, f.x), mix(c, d, f.x), f.y);

float first(vec2 point) {
#if LINEAR
  BILINEAR(u_image, u_size, FIRST_DISPLAY, point)
#else
  return NEAREST(u_image, u_size, FIRST_DISPLAY, point);
#endif
}
#if COMPARE != 0
float second(vec2 point) {
  vec2 shifted = point + (u_secondSize - u_size) * 0.5;
#if LINEAR
  BILINEAR(u_second, u_secondSize, SECOND_DISPLAY, shifted)
#else
  return NEAREST(u_second, u_secondSize, SECOND_DISPLAY, shifted);
#endif
}
#endif

float shown(vec2 point, float x) {
#if COMPARE == 2
  return first(point) - second(point);
#elif COMPARE == 1
  return x >= u_swipe ? second(point) : first(point);
#else
  return first(point);
#endif
}

// From the screen's axes to the image's.
vec2 unturn(vec2 v) {
  return vec2(u_turn.x * v.x + u_turn.y * v.y, u_turn.x * v.y - u_turn.y * v.x);
}

#if FADE
// 0 up to the floor, 1 from FADE_SPAN floors above it.
float faded(float magnitude) {
  return clamp((magnitude / u_phaseFloor - 1.0) / FADE_SPAN, 0.0, 1.0);
}
float strength(vec2 point, float x) {
#if COMPARE == 1
  if (x >= u_swipe) {
    vec2 shifted = point + (u_secondSize - u_size) * 0.5;
    return faded(NEAREST(u_second, u_secondSize, MAGNITUDE, shifted));
  }
#endif
  return faded(NEAREST(u_image, u_size, MAGNITUDE, point));
}
#endif

void main() {
  vec2 screen = vec2(gl_FragCoord.x, u_height - gl_FragCoord.y) / u_ratio;
  vec2 point = unturn(screen - u_origin) / u_scale;
  if (any(lessThan(point, vec2(0.0))) || any(greaterThanEqual(point, u_size))) {
    colour = vec4(0.0, 0.0, 0.0, 1.0);
    return;
  }
#if TAPS == 1
  float value = shown(point, screen.x);
#else
  vec2 footprint = abs(unturn(1.0 / u_ratio) / u_scale);
  float value = 0.0;
  for (int j = 0; j < TAPS; j++) {
    for (int i = 0; i < TAPS; i++) {
      vec2 offset = (vec2(float(i), float(j)) + 0.5) / float(TAPS) - 0.5;
      value += shown(clamp(point + offset * footprint, vec2(0.0), u_size - 0.001), screen.x);
    }
  }
  value /= float(TAPS * TAPS);
#endif
  float t = (value - u_range.x) / (u_range.y - u_range.x);
  t = t > 0.0 ? min(t, 1.0) : 0.0;
  vec3 rgb = texture(u_lut, vec2((t * 255.0 + 0.5) / 256.0, 0.5)).rgb;
#if FADE
  rgb *= strength(point, screen.x);
#endif
#if MASK != 0
  ivec2 at = ivec2(floor(point));
#if MASK == 1
  at.y = 0;
#endif
  bool kept = texelFetch(u_mask, at, 0).r > 0.0;
  rgb = kept ? u_measured * (0.13 + 0.87 * t) : rgb * 0.34;
#endif
  colour = vec4(rgb, 1.0);
}`;

const DISPLAYS = ['VALUE', 'MAGNITUDE', 'PHASE', 'IMAGINARY'] as const;

export function fragmentSource(variant: Variant): string {
  const phase = variant.display === 2;
  return [
    '#version 300 es',
    `#define FIRST_DISPLAY ${DISPLAYS[variant.display]}`,
    `#define SECOND_DISPLAY ${DISPLAYS[variant.secondDisplay]}`,
    `#define COMPARE ${{ none: 0, swipe: 1, difference: 2 }[variant.compare]}`,
    // Phase wraps, so it is neither interpolated nor averaged.
    `#define LINEAR ${variant.linear && !phase ? 1 : 0}`,
    `#define TAPS ${phase ? 1 : variant.taps}`,
    `#define MASK ${{ none: 0, lines: 1, points: 2 }[variant.mask]}`,
    `#define FADE ${variant.fade ? 1 : 0}`,
    `#define FADE_SPAN ${(PHASE_FADE.full / PHASE_FADE.black - 1).toFixed(6)}`,
    BODY,
  ].join('\n');
}

export const UNIFORMS = [
  'u_image', 'u_second', 'u_lut', 'u_mask', 'u_size', 'u_secondSize', 'u_origin', 'u_scale', 'u_turn', 'u_ratio', 'u_height',
  'u_range', 'u_swipe', 'u_measured', 'u_phaseFloor',
] as const;
export type UniformName = (typeof UNIFORMS)[number];
