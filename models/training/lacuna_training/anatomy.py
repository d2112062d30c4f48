"""Magnitude images for training: real slices, augmented in geometry and contrast, and synthetic ellipses."""

import math

import numpy as np
import torch
from torch.nn import functional as F


def draw_image(rng, volumes, synthetic: float) -> torch.Tensor:
    """One non-negative image [R, N], sides multiples of 8; `synthetic` is the share of made-up anatomy."""
    if rng.random() < synthetic:
        return ellipses(rng, *(int(8 * rng.integers(18, 37)) for _ in range(2)))
    volume = volumes[rng.integers(len(volumes))]
    source = volume[rng.integers(len(volume))]
    image = torch.from_numpy(source)
    if rng.random() < 0.5:
        image = image.T
    return bias_field(rng, contrast(rng, resample(rng, image)))


def resample(rng, image: torch.Tensor) -> torch.Tensor:
    """Rotate, mirror, scale, shift; bicubic. The field of view follows the source's, so some edges wrap or crop."""
    step = math.exp(rng.uniform(math.log(0.8), math.log(1.6)))
    if max(image.shape) > 340:
        step = max(step, 1.2)
    size = [int(8 * np.clip(round(s * rng.uniform(0.85, 1.12) / step / 8), 16, 42)) for s in image.shape]
    angle = rng.uniform(-0.35, 0.35)
    flip = rng.choice([-1.0, 1.0], 2)
    scale = [size[0] * step / image.shape[0], size[1] * step / image.shape[1]]
    ratio = image.shape[1] / image.shape[0]
    cos, sin = math.cos(angle), math.sin(angle)
    theta = torch.tensor(
        [
            [flip[1] * cos * scale[1], -sin * scale[0] / ratio, rng.uniform(-0.08, 0.08)],
            [sin * scale[1] * ratio, flip[0] * cos * scale[0], rng.uniform(-0.08, 0.08)],
        ],
        dtype=torch.float32,
    )
    grid = F.affine_grid(theta[None], (1, 1, *size), align_corners=False)
    return F.grid_sample(image[None, None], grid, mode='bicubic', align_corners=False)[0, 0].clamp(min=0)


def contrast(rng, image: torch.Tensor) -> torch.Tensor:
    """Random tone curve: a power, and now and then a fold that turns bright tissue dark."""
    out = image.clamp(max=2) ** math.exp(rng.uniform(-0.5, 0.5))
    if rng.random() < 0.2:
        out = out * (1.05 - out.clamp(max=1) * rng.uniform(0.3, 0.9))
    return out.clamp(min=0)


def bias_field(rng, image: torch.Tensor) -> torch.Tensor:
    return image * torch.exp(rng.uniform(0, 0.5) * smooth_field(rng, *image.shape, 2))


def smooth_field(rng, rows: int, columns: int, order: int) -> torch.Tensor:
    """Random sum of low 2-D cosines, about unit range."""
    r = torch.linspace(0, math.pi, rows)[:, None]
    c = torch.linspace(0, math.pi, columns)[None, :]
    field = torch.zeros(rows, columns)
    for i in range(order + 1):
        for j in range(order + 1 - i):
            if i + j:
                weight = rng.normal() / (i + j)
                field = field + weight * torch.cos(i * r + rng.uniform(0, 2)) * torch.cos(j * c + rng.uniform(0, 2))
    return field


def ellipses(rng, rows: int, columns: int) -> torch.Tensor:
    """A head-like disc with 8 to 40 random ellipses and a few fine bars."""
    y = torch.linspace(-1, 1, rows)[:, None]
    x = torch.linspace(-1, 1, columns)[None, :]
    image = 0.6 * _ellipse(x, y, 0, 0, rng.uniform(0.6, 0.95), rng.uniform(0.6, 0.95), 0)
    body = image > 0
    for _ in range(rng.integers(8, 41)):
        size = np.exp(rng.uniform(math.log(0.01), math.log(0.4), 2))
        blob = _ellipse(x, y, *rng.uniform(-0.7, 0.7, 2), *size, rng.uniform(0, math.pi))
        image = image + rng.uniform(-0.3, 0.5) * blob
    texture = torch.from_numpy(rng.normal(size=(rows // 4, columns // 4)).astype(np.float32))
    texture = F.interpolate(texture[None, None], (rows, columns), mode='bicubic', align_corners=False)[0, 0]
    return (image * body * (1 + rng.uniform(0, 0.1) * texture)).clamp(min=0)


def _ellipse(x, y, cx, cy, a, b, angle) -> torch.Tensor:
    u = (x - cx) * math.cos(angle) + (y - cy) * math.sin(angle)
    v = -(x - cx) * math.sin(angle) + (y - cy) * math.cos(angle)
    distance = torch.sqrt((u / a) ** 2 + (v / b) ** 2)
    # A one-pixel ramp stands for partial volume.
    return ((1 - distance) * min(a, b) * 0.5 * min(x.shape[1], y.shape[0]) + 0.5).clamp(0, 1)
