"""ESPCN: super-resolution with every convolution on the coarse grid (Shi et al., CVPR 2016), in residual form."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

KEYS_A = -0.5
LANCZOS_LOBES = 5


@dataclass(frozen=True)
class EspcnConfig:
    """`base` is what the network adds to: 'bicubic', or 'lanczos', which already is close to sinc interpolation."""

    factor: int
    widths: tuple[int, int] = (64, 32)
    base: str = 'bicubic'


class Espcn(nn.Module):
    """Magnitude [B, 1, h, w] of maximum about 1 -> [B, 1, r h, r w].

    Output pixel r m + p lies p / r coarse pixels after coarse pixel m: the grid of a centred DFT of even size, where pixel
    c = floor(N / 2) of either grid is the same place. Interpolation is itself a convolution to r^2 channels, so that the
    residual is added before the shuffle.
    """

    def __init__(self, config: EspcnConfig):
        super().__init__()
        r, (first, second) = config.factor, config.widths
        self.factor = r
        self.features = nn.Conv2d(1, first, 5, padding=2)
        self.mapping = nn.Conv2d(first, second, 3, padding=1)
        self.subpixel = nn.Conv2d(second, r * r, 3, padding=1)
        nn.init.zeros_(self.subpixel.weight)
        nn.init.zeros_(self.subpixel.bias)
        self.register_buffer('base', polyphase(r, config.base), persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        hidden = torch.tanh(self.mapping(torch.tanh(self.features(x))))
        return F.pixel_shuffle(self.subpixel(hidden) + F.conv2d(x, self.base, padding=self.base.shape[-1] // 2), self.factor)


def keys_kernel(t: np.ndarray) -> np.ndarray:
    """Cubic convolution, a = -0.5 (Keys, IEEE TASSP 1981;29:1153, eq. 4)."""
    t = np.abs(t)
    near = (KEYS_A + 2) * t**3 - (KEYS_A + 3) * t**2 + 1
    far = KEYS_A * (t**3 - 5 * t**2 + 8 * t - 4)
    return np.where(t <= 1, near, np.where(t < 2, far, 0.0))


def lanczos_kernel(t: np.ndarray) -> np.ndarray:
    """sinc(t) sinc(t / 5) within five pixels."""
    return np.where(np.abs(t) < LANCZOS_LOBES, np.sinc(t) * np.sinc(t / LANCZOS_LOBES), 0.0)


BASES = {'bicubic': (keys_kernel, 2), 'lanczos': (lanczos_kernel, LANCZOS_LOBES)}


def polyphase(factor: int, base: str, offset: float = 0.0) -> torch.Tensor:
    """Weights [r^2, 1, k, k] whose shuffled output is interpolation; each phase sums to 1.

    Output r m + p lies at coarse position m + p / r - `offset`: 0 for the grid of the DFT, 1/2 - 1/(2 r) where pixels are
    areas whose outer edges agree.
    """
    kernel, reach = BASES[base]
    taps = np.arange(-reach, reach + 1)
    phases = np.stack([kernel(taps - (p / factor - offset)) for p in range(factor)])
    phases /= phases.sum(axis=1, keepdims=True)
    size = len(taps)
    weights = np.einsum('pu,qv->pquv', phases, phases).reshape(factor * factor, 1, size, size)
    return torch.from_numpy(weights.astype(np.float32))


def as_transposed(weight: torch.Tensor, factor: int) -> torch.Tensor:
    """Weight of the transposed convolution of stride r that equals convolution with `weight` [r^2, C, k, k] and shuffle.

    W_T[c, 0, r (k - 1 - u) + p, r (k - 1 - v) + q] = W[p r + q, c, u, v]: [C, 1, r k, r k].
    """
    _, channels, k, _ = weight.shape
    phases = weight.reshape(factor, factor, channels, k, k).flip(-1, -2)
    return phases.permute(2, 3, 0, 4, 1).reshape(channels, 1, k * factor, k * factor)
