"""Fourier-PD: a complex primal-dual network that keeps phase, and its graph.

The network works on one complex image at a time (coils combined, or a single coil): memory in k-space and in image space, joined by
DFTs, as in NCC1701's PDUNet/pd.py. Complex convolutions are real ones on stacked channels with the block matrix [[Wr, -Wi], [Wi, Wr]],
and DFTs are matrix products, so that the exported graph has only operators every provider has.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from .operators import centred_dft_matrix

OPSET = 17
PARITY = 1e-4


@dataclass(frozen=True)
class FourierPDConfig:
    primal: int = 3
    dual: int = 3
    hidden: int = 16
    iterations: int = 5


class ComplexConv(nn.Module):
    """3x3 complex convolution of stacked channels [B, 2C, H, W] (real parts, then imaginary ones), padded as `mode` says."""

    def __init__(self, into: int, out: int, mode: str):
        super().__init__()
        bound = 1 / math.sqrt(2 * 9 * into)
        self.real = nn.Parameter(torch.empty(out, into, 3, 3).uniform_(-bound, bound))
        self.imag = nn.Parameter(torch.empty(out, into, 3, 3).uniform_(-bound, bound))
        self.mode = mode

    def forward(self, x):
        weight = torch.cat([torch.cat([self.real, -self.imag], 1), torch.cat([self.imag, self.real], 1)], 0)
        return F.conv2d(_padded(x, self.mode), weight)


class ModReLU(nn.Module):
    """z * relu(1 - b / max(|z|, 1e-5)), one threshold a channel: lengths are shrunk, phases kept."""

    def __init__(self, channels: int):
        super().__init__()
        self.threshold = nn.Parameter(0.02 * torch.randn(channels, 1, 1))

    def forward(self, x):
        real, imag = x.chunk(2, 1)
        # The square root is kept off zero, where its gradient is infinite.
        modulus = (real * real + imag * imag + 1e-10).sqrt()
        gain = F.relu(1 - self.threshold / modulus)
        return torch.cat([real * gain, imag * gain], 1)


class Block(nn.Module):
    def __init__(self, into: int, hidden: int, out: int, mode: str):
        super().__init__()
        self.layers = nn.Sequential(
            ComplexConv(into, hidden, mode), ModReLU(hidden), ComplexConv(hidden, hidden, mode), ModReLU(hidden), ComplexConv(hidden, out, mode)
        )

    def forward(self, x):
        return self.layers(x)


class FourierPD(nn.Module):
    """Fourier-PD: `g` masked k-space [1, 2, H, W], DFT matrices [H, H, 2] and [W, W, 2] -> image [1, 2, H, W]."""

    def __init__(self, config: FourierPDConfig):
        super().__init__()
        self.config = config
        self.dual = nn.ModuleList(Block(config.dual + 2, config.hidden, config.dual, 'circular') for _ in range(config.iterations))
        self.primal = nn.ModuleList(Block(config.primal + 1, config.hidden, config.primal, 'replicate') for _ in range(config.iterations))
        self.dual_gain = nn.Parameter(torch.ones(config.iterations, config.dual, 1, 1))
        self.primal_gain = nn.Parameter(torch.full((config.iterations, config.primal, 1, 1), 1e-3))

    def forward(self, g, rows, columns):
        n_p, n_d = self.config.primal, self.config.dual
        # One scale for this item alone: phases do not feel it.
        top = (g[:, :1] ** 2 + g[:, 1:] ** 2).amax(dim=(1, 2, 3), keepdim=True).sqrt()
        g_n = g / top
        h = torch.cat([torch.zeros_like(g[:, :1])] * (2 * n_d), 1)
        f = torch.cat([torch.zeros_like(g[:, :1])] * (2 * n_p), 1)
        for k in range(self.config.iterations):
            step = self.dual[k](_join(h, dft(_mean(f, n_p), rows, columns) / top, g_n))
            h = h + self.dual_gain[k].repeat(2, 1, 1) * step
            u = dft(_mean(h, n_d) * top, rows, columns, inverse=True)
            f = f + self.primal_gain[k].repeat(2, 1, 1) * self.primal[k](_join(f, u))
        return _mean(f, n_p)


def dft(x, rows, columns, inverse: bool = False):
    """Centred orthonormal DFT of [1, 2, H, W] by the matrices of both axes."""
    sign = -1.0 if inverse else 1.0
    (rr, ri), (cr, ci) = (rows[..., 0], sign * rows[..., 1]), (columns[..., 0], sign * columns[..., 1])
    real, imag = x[:, 0], x[:, 1]
    real, imag = rr @ real - ri @ imag, rr @ imag + ri @ real
    real, imag = real @ cr.T - imag @ ci.T, real @ ci.T + imag @ cr.T
    return torch.stack([real, imag], 1)


def _padded(x, mode: str):
    if mode == 'replicate':
        return F.pad(x, (1, 1, 1, 1), mode='replicate')
    # Spelled out: circular padding has no operator of its own in ONNX.
    x = torch.cat([x[..., -1:], x, x[..., :1]], -1)
    return torch.cat([x[..., -1:, :], x, x[..., :1, :]], -2)


def _mean(x, channels: int):
    real, imag = x[:, :channels], x[:, channels:]
    return torch.cat([real.mean(1, keepdim=True), imag.mean(1, keepdim=True)], 1)


def _join(*parts):
    """Stacked complex channels one after the other: all real parts, then all imaginary ones."""
    halves = [part.chunk(2, 1) for part in parts]
    return torch.cat([real for real, _ in halves] + [imag for _, imag in halves], 1)


def export(network: FourierPD, path: Path, size: int = 64) -> float:
    """Writes the graph with dynamic sizes, and returns its largest difference from PyTorch, relative to the largest pixel. Raises where that is too much."""
    import onnxruntime

    network.eval()
    matrix = centred_dft_matrix(size)
    g = torch.randn(1, 2, size, size)
    torch.onnx.export(
        network, (g, matrix, matrix), str(path), opset_version=OPSET, dynamo=False,
        input_names=['kspace', 'dft_rows', 'dft_columns'], output_names=['image'],
        dynamic_axes={'kspace': {2: 'R', 3: 'N'}, 'dft_rows': {0: 'R', 1: 'R'}, 'dft_columns': {0: 'N', 1: 'N'}, 'image': {2: 'R', 3: 'N'}},
    )  # fmt: skip
    session = onnxruntime.InferenceSession(str(path), providers=['CPUExecutionProvider'])
    worst = 0.0
    for rows, columns in ((size, size), (size + 8, size - 10)):
        inputs = [torch.randn(1, 2, rows, columns), centred_dft_matrix(rows), centred_dft_matrix(columns)]
        with torch.no_grad():
            expected = network(*inputs).numpy()
        names = ['kspace', 'dft_rows', 'dft_columns']
        found = session.run(None, {name: value.numpy() for name, value in zip(names, inputs)})[0]
        worst = max(worst, float(np.abs(found - expected).max() / np.abs(expected).max()))
    if worst > PARITY:
        raise RuntimeError(f'{path.name}: ONNX Runtime differs from PyTorch by {worst:.2e}')
    return worst
