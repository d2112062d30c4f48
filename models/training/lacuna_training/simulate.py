"""The scanner: image -> phase -> coils -> k-space -> noise -> pattern -> compression -> estimated maps."""

import math
from dataclasses import dataclass

import numpy as np
import torch

from . import patterns
from .anatomy import draw_image, smooth_field
from .coilmaps import (
    compress,
    compression,
    fftc,
    lines_block,
    low_resolution_maps,
    normalised,
    root_sum_of_squares,
)


@dataclass(frozen=True)
class Example:
    """One training example; complex as a trailing axis of 2, float32. For lines, rows are a strip in image space.

    kspace, maps [C, R, N, 2]; mask [N] or [R, N]; magnitude [R, N], root-sum-of-squares over all channels of the noisy, fully
    sampled coil images: what a recording offers as its reference, so that air keeps its mean noise level; combined [R, N, 2],
    the clean coil images combined with the given maps; level, the root-mean-square of the whole slice.
    """

    kind: str
    kspace: torch.Tensor
    maps: torch.Tensor
    mask: torch.Tensor
    magnitude: torch.Tensor
    combined: torch.Tensor
    level: float


def coil_maps(rng, coils: int, rows: int, columns: int) -> torch.Tensor:
    """Smooth complex fields of loops around the head, [C, R, N], not normalised (birdcage-like, random placement)."""
    y = torch.linspace(-1, 1, rows)[None, :, None]
    x = torch.linspace(-1, 1, columns)[None, None, :]
    angle = 2 * math.pi * np.arange(coils) / coils + rng.uniform(0, 2 * math.pi) + rng.normal(0, 0.15, coils)
    radius = rng.uniform(1.0, 1.6) * np.exp(rng.normal(0, 0.08, coils))
    width = rng.uniform(0.3, 0.9)
    cy, cx = (torch.tensor(f(angle) * radius, dtype=torch.float32)[:, None, None] for f in (np.sin, np.cos))
    dy, dx = y - cy, x - cx
    square = dx * dx + dy * dy
    magnitude = (square + width * width) ** (-rng.uniform(0.5, 1.5))
    turn = torch.tensor(rng.uniform(0, 2 * math.pi, coils), dtype=torch.float32)[:, None, None]
    phase = rng.uniform(0.3, 1.0) * torch.atan2(dy * cy.sign() + 2.5, dx) + rng.uniform(0, 1.2) * (dx * cx + dy * cy)
    return torch.polar(magnitude, phase + turn)


def coil_images(rng, image: torch.Tensor, coils: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Clean coil images and true unit-RSS maps, both complex [C, R, N]."""
    rows, columns = image.shape
    field = coil_maps(rng, coils, rows, columns)
    rss = root_sum_of_squares(field)
    shading = (rss / rss.mean()) ** rng.choice([0.0, 0.5, 1.0])
    phase = smooth_field(rng, rows, columns, int(rng.integers(1, 5))) * rng.choice([0.0, 1.0, 2.0, 4.0])
    maps = normalised(field)
    return torch.polar(image * shading, phase) * maps, maps


def draw_noise(rng, shape, sigma: float) -> torch.Tensor:
    """Complex white noise, standard deviation `sigma` in each of real and imaginary part."""
    values = rng.standard_normal((*shape, 2), dtype=np.float32) * np.float32(sigma)
    return torch.view_as_complex(torch.from_numpy(values))


def draw_rate(rng) -> tuple[float, float]:
    """Acceleration 2 to 10, half of the time fastMRI's pairs, and centre fraction, 0.04 to 0.1."""
    choice = rng.random()
    if choice < 0.35:
        return 4.0, 0.08
    if choice < 0.5:
        return 8.0, 0.04
    acceleration = math.exp(rng.uniform(math.log(2), math.log(10)))
    return acceleration, rng.uniform(0.04, min(0.1, 0.6 / acceleration))


def draw_example(rng, volumes, config) -> Example:
    image = draw_image(rng, volumes, config['synthetic'])
    points = rng.random() < config['points']
    if points:
        image = _crop(rng, image, config['pointsMatrix'])
    coils = 1 if rng.random() < config['singleCoil'] else int(rng.integers(config['coils'][0], config['coils'][1] + 1))
    clean, maps = coil_images(rng, image, coils)
    level = float(image.square().sum() / image.sum().clamp(min=1e-6))
    sigma = level * math.exp(rng.uniform(math.log(config['noise'][0]), math.log(config['noise'][1])))
    noisy = clean + draw_noise(rng, clean.shape, sigma)
    return _points(rng, clean, noisy, maps, config) if points else _lines(rng, clean, noisy, maps, config)


def _lines(rng, clean, noisy, maps, config) -> Example:
    _, rows, columns = clean.shape
    reference = root_sum_of_squares(noisy)
    acceleration, fraction = draw_rate(rng)
    low = max(6, round(columns * fraction))
    name = rng.choice(list(patterns.LINES), p=config['linesMix'])
    mask = torch.from_numpy(patterns.LINES[name](rng, columns, acceleration, low))
    hybrid = fftc(noisy, (-1,))
    block = lines_block(rows, low)
    start = columns // 2 - low // 2
    centre = torch.zeros_like(hybrid)
    centre[..., start : start + low] = fftc(hybrid[..., start : start + low], (-2,))
    matrix = _compression(rng, centre[..., start : start + low], config)
    if matrix is not None:
        hybrid, centre, clean, maps = (compress(matrix, t) for t in (hybrid, centre, clean, maps))
    maps = _estimate(rng, centre, block, maps, config)
    level = float(root_sum_of_squares(clean).square().mean().sqrt())
    height = min(rows, int(rng.choice(config['stripRows'])))
    top = int(rng.integers(0, rows - height + 1))
    strip = slice(top, top + height)
    hybrid, maps = hybrid[:, strip], maps[:, strip]
    return _example('lines', hybrid * mask, maps, mask, clean[:, strip], reference[strip], level)


def _points(rng, clean, noisy, maps, config) -> Example:
    _, rows, columns = clean.shape
    reference = root_sum_of_squares(noisy)
    acceleration = math.exp(rng.uniform(math.log(2.5), math.log(10)))
    low = int(rng.integers(12, 25))
    name = rng.choice(list(patterns.POINTS))
    mask = torch.from_numpy(patterns.POINTS[name](rng, rows, columns, acceleration, low))
    kspace = fftc(noisy, (-2, -1))
    rows_block, columns_block = (slice(n // 2 - low // 2, n // 2 - low // 2 + low) for n in (rows, columns))
    matrix = _compression(rng, kspace[:, rows_block, columns_block], config)
    if matrix is not None:
        kspace, clean, maps = (compress(matrix, t) for t in (kspace, clean, maps))
    maps = _estimate(rng, kspace, (low, low), maps, config)
    level = float(root_sum_of_squares(clean).square().mean().sqrt())
    return _example('points', kspace * mask, maps, mask, clean, reference, level)


def _compression(rng, calibration, config):
    count = int(rng.choice(config['virtualCoils']))
    if calibration.shape[0] <= count:
        return None
    return compression(calibration.reshape(calibration.shape[0], -1), count)


def _estimate(rng, centre, block, true_maps, config) -> torch.Tensor:
    """Maps the network is given: mostly from the calibration centre, sometimes the truth, sometimes another block."""
    choice = rng.random()
    if choice < config['trueMaps']:
        return normalised(true_maps)
    if choice < config['trueMaps'] + config['otherBlock']:
        factor = rng.uniform(0.6, 1.0)
        block = (int(rng.integers(16, min(centre.shape[1], 64) + 1)), max(6, int(block[1] * factor)))
    return low_resolution_maps(centre, block)


def _example(kind, kspace, maps, mask, clean, magnitude, level) -> Example:
    real = torch.view_as_real
    combined = (maps.conj() * clean).sum(0)
    return Example(kind, real(kspace.contiguous()), real(maps.contiguous()), mask, magnitude, real(combined), level)


def _crop(rng, image: torch.Tensor, sides) -> torch.Tensor:
    """Centre part of an image for 2-D patterns, which cannot be cut into strips."""
    size = [min(n, int(rng.choice(sides))) for n in image.shape]
    top, left = ((n - s) // 2 for n, s in zip(image.shape, size))
    return image[top : top + size[0], left : left + size[1]].contiguous()
