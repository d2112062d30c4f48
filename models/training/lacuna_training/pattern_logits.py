"""Learned logits on normalised frequency: what a pattern is before it meets a matrix."""

import math

import torch
from torch import nn
from torch.nn import functional as F

from .placement import budget, centre_count, centre_start

# Logits begin as -DECAY log(|f| + CORE), f in cycles per sample: variable density as it is usually drawn.
DECAY = 1.0
CORE = 0.02


class LineLogits(nn.Module):
    """Logits of lines by design: a base that all designs share, and what each one departs from it by. [designs, knots]."""

    def __init__(self, names: list[str], knots: int):
        super().__init__()
        self.names = names
        frequency = torch.linspace(-0.5, 0.5, knots).abs()
        self.base = nn.Parameter(-DECAY * (frequency + CORE).log())
        self.own = nn.Parameter(torch.zeros(len(names), knots))

    def knots(self, name: str) -> torch.Tensor:
        return self.base + self.own[self.names.index(name)]

    def at(self, name: str, columns: int) -> torch.Tensor:
        """[columns], interpolated linearly at f = (k - floor(N / 2)) / N."""
        knots = self.knots(name)
        position = ((torch.arange(columns) - columns // 2) / columns + 0.5) * (len(knots) - 1)
        low = position.floor().long().clamp(max=len(knots) - 2)
        part = position - low
        return knots[low] * (1 - part) + knots[low + 1] * part

    def roughness(self) -> torch.Tensor:
        """Sum of squared second differences of every design."""
        return (self.base + self.own).diff(n=2, dim=1).square().sum()


class PointLogits(nn.Module):
    """Logits of 2-D points: a profile over the distance from DC, and a coarse map of what departs from it."""

    def __init__(self, knots: int, side: int):
        super().__init__()
        # Knots are dense near DC: over the square root of the distance, 1 in the corners.
        distance = torch.linspace(0, 1, knots).square() * math.sqrt(0.5)
        self.profile = nn.Parameter(-2 * DECAY * (distance + CORE).log())
        self.map = nn.Parameter(torch.zeros(side, side))

    def at(self, rows: int, columns: int) -> torch.Tensor:
        """[rows, columns]."""
        fr, fc = ((torch.arange(n) - n // 2) / n for n in (rows, columns))
        return self.between(fr, fc)

    def between(self, fr: torch.Tensor, fc: torch.Tensor) -> torch.Tensor:
        """Logits at frequencies fr [rows] x fc [columns] within [-1/2, 1/2]."""
        distance = torch.hypot(fr[:, None], fc[None, :]) / math.sqrt(0.5)
        position = distance.clamp(0, 1).sqrt() * (len(self.profile) - 1)
        low = position.floor().long().clamp(max=len(self.profile) - 2)
        part = position - low
        profile = self.profile[low] * (1 - part) + self.profile[low + 1] * part
        grid = torch.stack(torch.broadcast_tensors(2 * fc[None, :], 2 * fr[:, None]), dim=-1)
        own = F.grid_sample(self.map[None, None], grid[None].to(self.map.dtype), mode='bilinear', align_corners=True)
        return profile + own[0, 0]

    def roughness(self) -> torch.Tensor:
        return self.profile.diff(n=2).square().sum() + self.map.diff(n=2, dim=0).square().sum() + self.map.diff(n=2, dim=1).square().sum()


def lines_centre(columns: int, acceleration: float, fraction: float) -> tuple[torch.Tensor, int]:
    """Flags [N] of the fully sampled centre, and how many lines are left for the others."""
    kept = budget(columns, acceleration)
    count = centre_count(columns, fraction, kept)
    flags = torch.zeros(columns, dtype=torch.bool)
    start = centre_start(columns, count)
    flags[start : start + count] = True
    return flags, kept - count


def points_centre(rows: int, columns: int, acceleration: float, fraction: float) -> tuple[torch.Tensor, int]:
    """Flags [R, N] of the fully sampled block, and how many points are left for the others."""
    kept = budget(rows * columns, acceleration)
    flags = torch.zeros(rows, columns, dtype=torch.bool)
    high, wide = (centre_count(n, fraction, n) for n in (rows, columns))
    top, left = centre_start(rows, high), centre_start(columns, wide)
    flags[top : top + high, left : left + wide] = True
    return flags, kept - high * wide
