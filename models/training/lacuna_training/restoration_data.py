"""Examples for super-resolution: what a low-resolution scan shows, and what a full one would."""

import math

import torch

from .coilmaps import fftc, ifftc
from .undersampled import draw_slice

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
    full = _sharpness(rng, draw_slice(rng, volumes, config['synthetic']), 2 * factor, factor * config['smallest'])
    low = low_resolution(full, factor)
    gain = 1 / float(low.max().clamp(min=1e-6))
    return low * gain, full * gain


def wrapped(coarse: torch.Tensor, margin: int = 8) -> torch.Tensor:
    """[h, w] as network input [1, 1, h + 16, w + 16]: an image wraps round, as its DFT does."""
    return torch.nn.functional.pad(coarse[None, None], (margin,) * 4, mode='circular')


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
