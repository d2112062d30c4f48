"""Single slices seen through a sampling pattern, and the way back to what was measured: examples for ReconResNet.

Line patterns leave the readout fully sampled, so every row is a problem of its own: an example is a strip of rows with all
of its columns, on which data consistency is exact. Points and spokes need the whole plane: there an example is a square block.
"""

import math
from dataclasses import dataclass, fields

import numpy as np
import torch

from . import patterns
from .anatomy import contrast, draw_image, smooth_field
from .coilmaps import fftc, ifftc, normalised
from .simulate import coil_maps, draw_noise, draw_rate

# Two halvings of the network: sides are multiples of this.
MULTIPLE = 4
PLANE = (-2, -1)
ROWS = (-1,)
SMALLEST = 96
LEAST_CENTRE = 6
# That of `draw_rate`.
ACCELERATIONS = (2, 10)


@dataclass(frozen=True)
class Undersampled:
    """One example on the scale on which the brightest zero-filled pixel is 1.

    zero_filled [R, N] complex, spokes weighted by their density, coils combined with their true maps; target [R, N], the magnitude
    of the noisy, fully sampled image: what a recording offers as its reference; kspace, maps [C, R, N] complex, k-space along `axes`
    and zero where nothing was kept; mask [N] or [R, N].
    """

    zero_filled: torch.Tensor
    target: torch.Tensor
    kspace: torch.Tensor
    maps: torch.Tensor
    mask: torch.Tensor
    axes: tuple[int, ...]

    def consistent(self, image: torch.Tensor) -> torch.Tensor:
        """x + A^H (y - A x) of a complex image [R, N]; with one coil this puts the measured samples in place exactly."""
        missing = self.kspace - self.mask * fftc(self.maps * image, self.axes)
        return image + (self.maps.conj() * ifftc(missing, self.axes)).sum(0)

    def to(self, device: str) -> 'Undersampled':
        moved = {f.name: getattr(self, f.name) for f in fields(self)}
        return Undersampled(**{name: value.to(device) if isinstance(value, torch.Tensor) else value for name, value in moved.items()})


def draw_undersampled(rng, volumes, config: dict) -> Undersampled:
    """A random slice, phase, coil array, noise and pattern after `config`, the `examples` of a configuration."""
    name = _pick(rng, config['masks'])
    lines = name in patterns.LINES
    image = _whole(draw_slice(rng, volumes, config['synthetic'])) if lines else _block(rng, draw_slice(rng, volumes, config['synthetic']), config['sides'])
    rows, columns = image.shape
    mask = draw_mask(rng, name, rows, columns, *draw_rate(rng, config['pairs']))
    weights = gridding_weights(mask) if name == 'radial' else mask
    phase = smooth_field(rng, rows, columns, int(rng.integers(1, 5))) * rng.choice([0.0, 1.0, 2.0])
    full = torch.polar(image, phase)
    coils = int(rng.integers(4, 9)) if rng.random() < config['multiCoil'] else 1
    maps = torch.ones(1, rows, columns, dtype=torch.complex64) if coils == 1 else normalised(coil_maps(rng, coils, rows, columns))
    level = float(image.square().sum() / image.sum().clamp(min=1e-6))
    sigma = level * math.exp(rng.uniform(*(math.log(share) for share in config['noise'])))
    if lines:
        top = int(rng.integers(0, max(0, rows - config['strip']) + 1))
        full, maps = full[top : top + config['strip']], maps[:, top : top + config['strip']]
    images = maps * full
    return measured(images + draw_noise(rng, images.shape, sigma), maps, torch.from_numpy(mask), torch.from_numpy(weights), ROWS if lines else PLANE)


def measured(images: torch.Tensor, maps: torch.Tensor, mask: torch.Tensor, weights: torch.Tensor, axes: tuple[int, ...]) -> Undersampled:
    """The example of coil images [C, R, N]; `weights` is the mask with spokes weighted by their density."""
    kspace = fftc(images, axes)

    def combined(coil_images: torch.Tensor) -> torch.Tensor:
        return (maps.conj() * coil_images).sum(0)

    zero_filled = combined(ifftc(kspace * weights, axes))
    gain = 1 / float(zero_filled.abs().max().clamp(min=1e-6))
    return Undersampled(gain * zero_filled, gain * combined(images).abs(), gain * kspace * mask, maps, mask, axes)


def draw_slice(rng, volumes, synthetic: float) -> torch.Tensor:
    """Augmented in geometry and contrast, or, one in three, in contrast alone, which keeps the scanner's own sharpness."""
    if rng.random() < 2 / 3:
        return draw_image(rng, volumes, synthetic)
    volume = volumes[rng.integers(len(volumes))]
    image = torch.from_numpy(volume[rng.integers(len(volume))])
    return contrast(rng, torch.rot90(image, int(rng.integers(4)))).contiguous()


def draw_mask(rng, name: str, rows: int, columns: int, acceleration: float, fraction: float) -> np.ndarray:
    """What was sampled, 1 or 0: [N] for lines, [R, N] for points and for spokes drawn on the grid."""
    if name in patterns.LINES:
        return patterns.LINES[name](rng, columns, acceleration, max(LEAST_CENTRE, round(columns * fraction)))
    if name in patterns.POINTS:
        return patterns.POINTS[name](rng, rows, columns, acceleration, int(rng.integers(12, 25)))
    return pseudo_radial_points(rng, rows, columns, acceleration)


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


def _pick(rng, shares: dict[str, float]) -> str:
    weights = np.array(list(shares.values()))
    return str(rng.choice(list(shares), p=weights / weights.sum()))


def _whole(image: torch.Tensor) -> torch.Tensor:
    """The slice with sides that are multiples of MULTIPLE, SMALLEST or more: cut at the end, zeros around what is too short."""
    padded = _padded(image, SMALLEST)
    return padded[tuple(slice(n // MULTIPLE * MULTIPLE) for n in padded.shape)]


def _block(rng, image: torch.Tensor, sides: list[int]) -> torch.Tensor:
    """A square block of one of `sides`, anywhere in the slice."""
    side = int(rng.choice(sides))
    padded = _padded(image, side)
    top, left = (int(rng.integers(0, n - side + 1)) for n in padded.shape)
    return padded[top : top + side, left : left + side]


def _padded(image: torch.Tensor, side: int) -> torch.Tensor:
    """Zeros around an image whose sides are shorter than `side`."""
    missing = [max(0, side - n) for n in image.shape]
    (top, bottom), (left, right) = ((m // 2, m - m // 2) for m in missing)
    return torch.nn.functional.pad(image, (left, right, top, bottom))
