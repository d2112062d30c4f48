"""The scanner: image -> phase -> coils -> k-space -> noise -> pattern -> compression -> estimated maps."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional as F

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

REFERENCE_BLOCK = 32


@dataclass(frozen=True)
class Example:
    """One training example; complex as a trailing axis of 2, float32. For lines, rows are a strip in image space.

    kspace, maps [C, R, N, 2]; mask [N] or [R, N]; magnitude [R, N], the noisy, fully sampled coil images combined with maps
    made from all of them: what a recording offers as its reference; combined [R, N, 2], the clean coil images combined with the
    given maps; level, the root-mean-square of the whole slice; noise, the standard deviation in each component of a sample
    as an estimator would find it, 0 where it is not known.
    """

    kind: str
    kspace: torch.Tensor
    maps: torch.Tensor
    mask: torch.Tensor
    magnitude: torch.Tensor
    combined: torch.Tensor
    level: float
    noise: float


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


def coil_images(rng, image: torch.Tensor, coils: int, measured: torch.Tensor | None = None) -> tuple[torch.Tensor, torch.Tensor]:
    """Clean coil images and true unit-RSS maps, both complex [C, R, N]; `measured` maps are warped in place of made-up ones."""
    rows, columns = image.shape
    field = coil_maps(rng, coils, rows, columns) if measured is None else warped_maps(rng, measured, rows, columns)
    rss = root_sum_of_squares(field)
    shading = (rss / rss.mean()) ** rng.choice([0.0, 0.5, 1.0])
    phase = smooth_field(rng, rows, columns, int(rng.integers(1, 5))) * rng.choice([0.0, 1.0, 2.0, 4.0])
    maps = normalised(field)
    return torch.polar(image * shading, phase) * maps, maps


def warped_maps(rng, measured: torch.Tensor, rows: int, columns: int) -> torch.Tensor:
    """4 or more of the measured maps [C, r, n], turned, mirrored, stretched and shifted onto [R, N]; each with its own strength."""
    count = int(rng.integers(min(4, len(measured)), len(measured) + 1))
    chosen = measured[torch.from_numpy(rng.permutation(len(measured))[:count])]
    angle, flip = rng.uniform(-math.pi, math.pi), rng.choice([-1.0, 1.0])
    scale = rng.uniform(0.75, 1.0, 2)
    cos, sin = math.cos(angle), math.sin(angle)
    theta = torch.tensor(
        [[scale[0] * cos, -scale[1] * sin * flip, rng.uniform(-0.1, 0.1)], [scale[0] * sin, scale[1] * cos * flip, rng.uniform(-0.1, 0.1)]],
        dtype=torch.float32,
    )
    grid = F.affine_grid(theta[None], (1, 1, rows, columns), align_corners=False)
    planes = torch.view_as_real(chosen).permute(0, 3, 1, 2).reshape(1, 2 * count, *measured.shape[1:])
    warped = F.grid_sample(planes, grid, mode='bilinear', padding_mode='reflection', align_corners=False)[0]
    field = torch.view_as_complex(warped.reshape(count, 2, rows, columns).permute(0, 2, 3, 1).contiguous())
    strength = torch.from_numpy(np.exp(rng.normal(0, 0.2, count)).astype(np.float32))[:, None, None]
    return field * strength


def draw_noise(rng, shape, sigma: float) -> torch.Tensor:
    """Complex white noise, standard deviation `sigma` in each of real and imaginary part."""
    values = rng.standard_normal((*shape, 2), dtype=np.float32) * np.float32(sigma)
    return torch.view_as_complex(torch.from_numpy(values))


def draw_rate(rng, pairs: tuple[float, float]) -> tuple[float, float]:
    """Acceleration 2 to 10 and centre fraction 0.04 to 0.1; `pairs` are the shares of fastMRI's (4, 0.08) and (8, 0.04)."""
    choice = rng.random()
    if choice < pairs[0]:
        return 4.0, 0.08
    if choice < pairs[0] + pairs[1]:
        return 8.0, 0.04
    acceleration = math.exp(rng.uniform(math.log(2), math.log(10)))
    return acceleration, rng.uniform(0.04, min(0.1, 0.6 / acceleration))


def draw_example(rng, volumes, config, measured: torch.Tensor | None = None) -> Example:
    """`volumes` as lists of slices; `measured` maps [C, r, n] of a real coil array serve a share of the examples."""
    image = draw_image(rng, volumes, config['synthetic'])
    points = rng.random() < config['points']
    if points:
        image = _crop(rng, image, config['pointsMatrix'])
    coils = 1 if rng.random() < config['singleCoil'] else int(rng.integers(config['coils'][0], config['coils'][1] + 1))
    real = measured is not None and coils > 1 and rng.random() < config['measuredCoils']
    clean, maps = coil_images(rng, image, coils, measured if real else None)
    level = float(image.square().sum() / image.sum().clamp(min=1e-6))
    sigma = level * math.exp(rng.uniform(math.log(config['noise'][0]), math.log(config['noise'][1])))
    noisy = clean + draw_noise(rng, clean.shape, sigma)
    found = noise_estimate(rng, sigma)
    return (_points if points else _lines)(rng, clean, noisy, maps, found, config)


def noise_estimate(rng, sigma: float) -> float:
    """What an estimator would say of the noise: off by some 15 %, and now and then nothing."""
    return 0.0 if rng.random() < 0.08 else sigma * math.exp(rng.normal(0, 0.15))


def full_reference(noisy: torch.Tensor) -> torch.Tensor:
    """|sum conj(S) x| over all channels with uncropped low-resolution maps S of the full data, [R, N]."""
    block = tuple(min(n, REFERENCE_BLOCK) for n in noisy.shape[1:])
    maps = low_resolution_maps(fftc(noisy, (-2, -1)), block)
    return (maps.conj() * noisy).sum(0).abs()


def _lines(rng, clean, noisy, maps, noise, config) -> Example:
    _, rows, columns = clean.shape
    reference = full_reference(noisy)
    acceleration, fraction = draw_rate(rng, config['pairs'])
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
        hybrid, centre, clean, noisy, maps = (compress(matrix, t) for t in (hybrid, centre, clean, noisy, maps))
    maps = _estimate(rng, centre, block, noisy, maps, config)
    level = float(root_sum_of_squares(clean).square().mean().sqrt())
    height = min(rows, int(rng.choice(config['stripRows'])))
    top = int(rng.integers(0, rows - height + 1))
    strip = slice(top, top + height)
    hybrid, maps = hybrid[:, strip], maps[:, strip]
    return _example('lines', hybrid * mask, maps, mask, clean[:, strip], reference[strip], level, noise)


def _points(rng, clean, noisy, maps, noise, config) -> Example:
    _, rows, columns = clean.shape
    reference = full_reference(noisy)
    acceleration = math.exp(rng.uniform(math.log(2.5), math.log(10)))
    low = int(rng.integers(12, 25))
    name = rng.choice(list(patterns.POINTS))
    mask = torch.from_numpy(patterns.POINTS[name](rng, rows, columns, acceleration, low))
    kspace = fftc(noisy, (-2, -1))
    rows_block, columns_block = (slice(n // 2 - low // 2, n // 2 - low // 2 + low) for n in (rows, columns))
    matrix = _compression(rng, kspace[:, rows_block, columns_block], config)
    if matrix is not None:
        kspace, clean, noisy, maps = (compress(matrix, t) for t in (kspace, clean, noisy, maps))
    maps = _estimate(rng, kspace, (low, low), noisy, maps, config)
    level = float(root_sum_of_squares(clean).square().mean().sqrt())
    return _example('points', kspace * mask, maps, mask, clean, reference, level, noise)


def _compression(rng, calibration, config):
    count = int(rng.choice(config['virtualCoils']))
    if calibration.shape[0] <= count:
        return None
    return compression(calibration.reshape(calibration.shape[0], -1), count)


def _estimate(rng, centre, block, noisy, true_maps, config) -> torch.Tensor:
    """Maps the network is given: mostly from the calibration centre, sometimes another block, the truth, or a larger block of the
    full data, as a second pass finds them in what the first has filled in."""
    choice = rng.random()
    if choice < 0.5 * config['trueMaps']:
        return normalised(true_maps)
    if choice < config['trueMaps']:
        size = int(rng.integers(20, 41))
        return low_resolution_maps(fftc(noisy, (-2, -1)), tuple(min(n, size) for n in noisy.shape[1:]))
    if choice < config['trueMaps'] + config['otherBlock']:
        factor = rng.uniform(0.6, 1.0)
        block = (int(rng.integers(16, min(centre.shape[1], 64) + 1)), max(6, int(block[1] * factor)))
    return low_resolution_maps(centre, block)


def _example(kind, kspace, maps, mask, clean, magnitude, level, noise) -> Example:
    real = torch.view_as_real
    combined = (maps.conj() * clean).sum(0)
    return Example(kind, real(kspace.contiguous()), real(maps.contiguous()), mask, magnitude, real(combined), level, noise)


def _crop(rng, image: torch.Tensor, sides) -> torch.Tensor:
    """Centre part of an image for 2-D patterns, which cannot be cut into strips."""
    size = [min(n, int(rng.choice(sides))) for n in image.shape]
    top, left = ((n - s) // 2 for n, s in zip(image.shape, size))
    return image[top : top + size[0], left : left + size[1]].contiguous()
