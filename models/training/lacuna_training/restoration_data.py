"""Examples for image-to-image networks: what a low-resolution or undersampled scan shows, and what a full one would."""

import math

import numpy as np
import torch

from . import patterns
from .anatomy import contrast, draw_image, smooth_field
from .coilmaps import fftc, ifftc
from .simulate import coil_maps, draw_noise
from .coilmaps import normalised

AXES = (-2, -1)
# Pixels a side of a fine image; of larger slices the middle of k-space is taken.
LARGEST = 240


def low_resolution(image: torch.Tensor, factor: int) -> torch.Tensor:
    """|inverse DFT of the central 1/r of k-space| of [R, N], sides multiples of r; constants keep their value."""
    return _crop_spectrum(image, [n // factor for n in image.shape]).abs()


def zero_padded(coarse: torch.Tensor, factor: int) -> torch.Tensor:
    """Sinc interpolation [h, w] -> [r h, r w]: k-space padded with zeros, magnitude."""
    spectrum = fftc(coarse, AXES)
    out = torch.zeros([factor * n for n in coarse.shape], dtype=spectrum.dtype)
    out[_centre(out.shape, coarse.shape)] = spectrum
    return ifftc(out, AXES).abs() * factor


def replace_band(fine: torch.Tensor, coarse: torch.Tensor, factor: int) -> torch.Tensor:
    """|image| whose spectrum is that of `coarse` [h, w] in the middle and that of `fine` [r h, r w] outside: k-space replacement."""
    spectrum = fftc(fine, AXES)
    inside = torch.zeros_like(spectrum)
    block = _centre(spectrum.shape, coarse.shape)
    inside[block] = factor * fftc(coarse, AXES)
    outside = torch.ones(fine.shape)
    outside[block] = 0
    return ifftc(spectrum * outside + inside, AXES).abs()


def draw_pair(rng, volumes, config: dict, factor: int) -> tuple[torch.Tensor, torch.Tensor]:
    """One slice (coarse [h, w], fine [r h, r w]), h and w even; the brightest coarse pixel is 1."""
    full = _sharpness(rng, _slice(rng, volumes, config['synthetic']), 2 * factor, factor * config['smallest'])
    low = low_resolution(full, factor)
    gain = 1 / float(low.max().clamp(min=1e-6))
    return low * gain, full * gain


def wrapped(coarse: torch.Tensor, margin: int = 8) -> torch.Tensor:
    """[h, w] as network input [1, 1, h + 16, w + 16]: an image wraps round, as its DFT does."""
    return torch.nn.functional.pad(coarse[None, None], (margin,) * 4, mode='circular')


def draw_undersampled(rng, volumes, config: dict) -> tuple[torch.Tensor, torch.Tensor]:
    """(zero-filled, full) magnitudes [B, 1, s, s] on one scale, on which the brightest pixel of the whole zero-filled slice is 1."""
    side = int(rng.choice(config['sides']))
    batch = max(1, round(config['pixels'] / side**2))
    pairs = [_undersampled(rng, volumes, config, side) for _ in range(batch)]
    return tuple(torch.stack([p[i] for p in pairs])[:, None] for i in (0, 1))


def _undersampled(rng, volumes, config, side):
    image = _at_least(_slice(rng, volumes, config['synthetic']), side)
    rows, columns = image.shape
    phase = smooth_field(rng, rows, columns, int(rng.integers(1, 5))) * rng.choice([0.0, 1.0, 2.0])
    full = torch.polar(image, phase)
    level = float(image.square().sum() / image.sum().clamp(min=1e-6))
    sigma = level * math.exp(rng.uniform(math.log(config['noise'][0]), math.log(config['noise'][1])))
    mask = torch.from_numpy(_mask(rng, rows, columns, config))
    if rng.random() < config['multiCoil']:
        maps = normalised(coil_maps(rng, int(rng.integers(4, 9)), rows, columns))
        images = maps * full
        noisy = images + draw_noise(rng, images.shape, sigma)
        combine = lambda coils: (maps.conj() * coils).sum(0).abs()
    else:
        noisy = full + draw_noise(rng, full.shape, sigma)
        combine = torch.abs
    zero_filled = combine(ifftc(fftc(noisy, AXES) * mask, AXES))
    target = combine(noisy)
    gain = 1 / float(zero_filled.max().clamp(min=1e-6))
    top, left = (int(rng.integers(0, n - side + 1)) for n in image.shape)
    window = (slice(top, top + side), slice(left, left + side))
    return zero_filled[window] * gain, target[window] * gain


def _mask(rng, rows: int, columns: int, config: dict) -> np.ndarray:
    """What k-space is multiplied by, [R, N] or [N]: 1 or 0, or weights of spokes; kinds by the shares in `masks`."""
    acceleration = math.exp(rng.uniform(*(math.log(a) for a in config['acceleration'])))
    names = list(config['masks'])
    weights = np.array([config['masks'][n] for n in names])
    name = rng.choice(names, p=weights / weights.sum())
    if name in patterns.LINES:
        low = max(6, round(columns * rng.uniform(0.04, min(0.1, 0.6 / acceleration))))
        return patterns.LINES[name](rng, columns, acceleration, low)
    if name in patterns.POINTS:
        return patterns.POINTS[name](rng, rows, columns, acceleration, int(rng.integers(12, 25)))
    return gridding_weights(pseudo_radial_points(rng, rows, columns, acceleration))


def gridding_weights(mask: np.ndarray) -> np.ndarray:
    """Density compensation of spokes on the grid: each point weighs as much as the points of its ring that it stands for."""
    rows, columns = mask.shape
    r = (np.arange(rows) - rows // 2)[:, None] * (max(rows, columns) / rows)
    c = (np.arange(columns) - columns // 2)[None, :] * (max(rows, columns) / columns)
    ring = np.round(np.hypot(r, c)).astype(int)
    kept = np.bincount(ring.ravel(), mask.ravel())
    share = kept / np.bincount(ring.ravel())
    return (mask / np.maximum(share, 1e-6)[ring]).astype(np.float32)


def pseudo_radial_points(rng, rows: int, columns: int, acceleration: float) -> np.ndarray:
    """Grid points next to golden-angle spokes through the centre, as many spokes as keep about 1/R of the points."""
    mask = np.zeros((rows, columns), np.float32)
    golden = math.pi * (math.sqrt(5) - 1) / 2
    angle = rng.uniform(0, math.pi)
    reach = np.arange(-max(rows, columns), max(rows, columns) + 1) / 2
    while mask.mean() < 1 / acceleration:
        r = np.round(rows // 2 + reach * math.sin(angle) * rows / max(rows, columns)).astype(int)
        c = np.round(columns // 2 + reach * math.cos(angle) * columns / max(rows, columns)).astype(int)
        inside = (r >= 0) & (r < rows) & (c >= 0) & (c < columns)
        mask[r[inside], c[inside]] = 1
        angle += golden
    return mask


def _slice(rng, volumes, synthetic: float) -> torch.Tensor:
    """Augmented in geometry and contrast, or, one in three, in contrast alone, which keeps the scanner's own sharpness."""
    if rng.random() < 2 / 3:
        return draw_image(rng, volumes, synthetic)
    volume = volumes[rng.integers(len(volumes))]
    image = torch.from_numpy(volume[rng.integers(len(volume))])
    return contrast(rng, torch.rot90(image, int(rng.integers(4)))).contiguous()


def _sharpness(rng, image: torch.Tensor, multiple: int, smallest: int) -> torch.Tensor:
    """Half of the time only the middle 55 to 100 % of k-space is the full image: scans differ in how much detail they hold."""
    share = rng.uniform(0.55, 1.0) if rng.random() < 0.5 else 1.0
    image = _at_least(image, smallest)
    size = [max(smallest + -smallest % multiple, min(LARGEST, int(n * share)) // multiple * multiple) for n in image.shape]
    size = [min(s, n // multiple * multiple) for s, n in zip(size, image.shape)]
    return _crop_spectrum(image, size).abs()


def _at_least(image: torch.Tensor, side: int) -> torch.Tensor:
    """Zeros around an image whose sides are too short, up to the next multiple of 12."""
    size = [max(n, side + -side % 12) for n in image.shape]
    if list(image.shape) == size:
        return image
    out = torch.zeros(size)
    out[_centre(size, image.shape)] = image
    return out


def _crop_spectrum(image: torch.Tensor, size) -> torch.Tensor:
    scale = math.sqrt(size[0] * size[1] / (image.shape[0] * image.shape[1]))
    return ifftc(fftc(image, AXES)[_centre(image.shape, size)], AXES) * scale


def _centre(outer, inner) -> tuple[slice, slice]:
    """Block of `inner` in `outer` whose middle sample floor(n / 2) is that of the outer one."""
    starts = [o // 2 - i // 2 for o, i in zip(outer, inner)]
    return tuple(slice(s, s + i) for s, i in zip(starts, inner))
