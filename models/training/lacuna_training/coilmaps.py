"""Coil maps from the calibration centre, and coil compression, as the product computes them."""

import numpy as np
import torch


def fftc(x: torch.Tensor, dims) -> torch.Tensor:
    """Centred orthonormal FFT."""
    return torch.fft.fftshift(torch.fft.fftn(torch.fft.ifftshift(x, dim=dims), dim=dims, norm='ortho'), dim=dims)


def ifftc(x: torch.Tensor, dims) -> torch.Tensor:
    """Centred orthonormal inverse FFT."""
    return torch.fft.fftshift(torch.fft.ifftn(torch.fft.ifftshift(x, dim=dims), dim=dims, norm='ortho'), dim=dims)


def hann(length: int, count: int) -> np.ndarray:
    """Window over the centre: 0.5 (1 + cos(pi k / (count / 2 + 0.5))) at offset k from DC, zero outside the block.

    The block is the `count` samples from length // 2 - count // 2.
    """
    k = np.arange(length) - length // 2
    inside = (k >= -(count // 2)) & (k < count - count // 2)
    return np.where(inside, 0.5 * (1 + np.cos(np.pi * k / (count / 2 + 0.5))), 0).astype(np.float32)


def low_resolution_maps(kspace: torch.Tensor, block: tuple[int, int]) -> torch.Tensor:
    """Complex k-space [C, R, N] on both axes -> unit root-sum-of-squares maps [C, R, N]."""
    _, rows, columns = kspace.shape
    window = torch.from_numpy(hann(rows, block[0])[:, None] * hann(columns, block[1])[None, :])
    images = ifftc(kspace * window, (-2, -1))
    return normalised(images)


def normalised(maps: torch.Tensor) -> torch.Tensor:
    return maps / root_sum_of_squares(maps).clamp(min=1e-12)


def root_sum_of_squares(images: torch.Tensor) -> torch.Tensor:
    """Complex [C, R, N] -> real [R, N]."""
    # One axis after the other is several times faster than both at once.
    return torch.view_as_real(images).square().sum(dim=0).sum(dim=-1).sqrt()


def lines_block(rows: int, low: int) -> tuple[int, int]:
    """Calibration block of a line pattern whose fully sampled centre has `low` columns."""
    return min(rows, max(24, 2 * low)), low


def compression(calibration: torch.Tensor, count: int) -> torch.Tensor:
    """First `count` principal channels of calibration samples [C, samples], as a matrix [count, C]."""
    gram = calibration @ calibration.conj().T
    _, vectors = torch.linalg.eigh(gram)
    return vectors.flip(1)[:, :count].conj().T.contiguous()


def compress(matrix: torch.Tensor, kspace: torch.Tensor) -> torch.Tensor:
    """Apply a compression matrix to [C, ...]."""
    return torch.einsum('vc,crn->vrn', matrix, kspace)
