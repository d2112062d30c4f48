"""Multi-coil Fourier operators in real arithmetic, in the exact form that is exported to ONNX.

A complex tensor is *planar-concatenated*: the real part followed by the imaginary part along the last axis,
[..., 2N]. A complex product with a matrix is then one real matrix product with a 2x2 block matrix, so a DFT of any
length runs on every ONNX Runtime provider. `W` is the centred orthonormal DFT matrix: X = W x along an axis.
"""

import math

import torch


def centred_dft_matrix(length: int) -> torch.Tensor:
    """W[k, n] = exp(-2 pi i (k - c)(n - c) / N) / sqrt(N), c = floor(N / 2), as float32 [N, N, 2]."""
    index = torch.arange(length, dtype=torch.float64) - length // 2
    angle = -2 * math.pi * torch.outer(index, index).remainder(length) / length
    return torch.stack([angle.cos(), angle.sin()], dim=-1).div(math.sqrt(length)).float()


def planar(x: torch.Tensor) -> torch.Tensor:
    """[..., N, 2] -> [..., 2N]."""
    return torch.cat([x[..., 0], x[..., 1]], dim=-1)


class Coils:
    """Coil maps S [C, R, N] as an operator: expand x -> S_c x and combine z -> sum_c conj(S_c) z_c."""

    def __init__(self, maps: torch.Tensor):
        real, imag = maps[..., 0], maps[..., 1]
        self.direct = torch.cat([real, imag], dim=-1)
        self.crossed = torch.cat([-imag, real], dim=-1)

    def expand(self, x: torch.Tensor) -> torch.Tensor:
        """x [2, R, N] -> coil images [C, R, 2N]."""
        real = torch.cat([x[0:1], x[0:1]], dim=-1)
        imag = torch.cat([x[1:2], x[1:2]], dim=-1)
        return self.direct * real + self.crossed * imag

    def combine(self, z: torch.Tensor) -> torch.Tensor:
        """Coil images [C, R, 2N] -> [2, R, N]."""
        real = (self.direct * z).sum(dim=0)
        imag = (self.crossed * z).sum(dim=0)
        n = z.shape[-1] // 2
        return torch.stack([real[:, :n] + real[:, n:], imag[:, :n] + imag[:, n:]])


class LinesOperator:
    """Column lines sampled, readout (rows) already in image space: A = M W S along columns.

    The mask is the same for all rows, so A^H A = sum_c conj(S_c) P S_c with one Hermitian matrix P = W^H M W:
    a normal-operator application is one matrix product for all coils and rows.
    """

    def __init__(self, maps: torch.Tensor, mask: torch.Tensor, dft: torch.Tensor):
        """maps [C, R, N, 2], mask [K] of 0 and 1, dft [K, N, 2] (columns beyond the matrix size may be zero)."""
        self.coils = Coils(maps)
        real, imag = dft[..., 0] * mask[:, None], dft[..., 1] * mask[:, None]
        # Rows interleaved as k-space is, (re, im) by (re, im), so that the input needs no rearrangement.
        pairs = [torch.cat([real, -imag], dim=1), torch.cat([imag, real], dim=1)]
        self.inverse = torch.stack(pairs, dim=1).flatten(0, 1)
        gram = torch.cat([real, imag], dim=0).transpose(0, 1) @ torch.cat(
            [torch.cat([real, imag], dim=1), torch.cat([imag, -real], dim=1)], dim=0
        )
        n = dft.shape[1]
        p_real, p_imag = gram[:, :n], gram[:, n:]
        # Row vectors multiply P transposed, which is conj(P).
        self.gram = torch.cat([torch.cat([p_real, -p_imag], dim=1), torch.cat([p_imag, p_real], dim=1)], dim=0)

    def adjoint(self, kspace: torch.Tensor) -> torch.Tensor:
        """kspace [C, R, K, 2] -> A^H y [2, R, N]."""
        return self.coils.combine(kspace.flatten(2) @ self.inverse)

    def normal(self, x: torch.Tensor) -> torch.Tensor:
        """A^H A x, [2, R, N] -> [2, R, N]."""
        return self.coils.combine(self.coils.expand(x) @ self.gram)


class PointsOperator:
    """Points of the 2-D k-space sampled: A = M (W_rows S W_columns^T)."""

    def __init__(self, maps: torch.Tensor, mask: torch.Tensor, dft_rows: torch.Tensor, dft_columns: torch.Tensor):
        """maps [C, R, N, 2], mask [J, K] of 0 and 1, dft_rows [J, R, 2], dft_columns [K, N, 2]."""
        self.coils = Coils(maps)
        self.mask = torch.cat([mask, mask], dim=-1)
        real, imag = dft_columns[..., 0], dft_columns[..., 1]
        self.columns_inverse = torch.cat([torch.cat([real, -imag], dim=1), torch.cat([imag, real], dim=1)], dim=0)
        self.columns_forward = self.columns_inverse.transpose(0, 1)
        real, imag = dft_rows[..., 0], dft_rows[..., 1]
        self.rows_forward = torch.cat([torch.cat([real, -imag], dim=1), torch.cat([imag, real], dim=1)], dim=0)
        self.rows_inverse = self.rows_forward.transpose(0, 1)

    def adjoint(self, kspace: torch.Tensor) -> torch.Tensor:
        """kspace [C, J, K, 2] -> A^H y [2, R, N]."""
        return self._to_image(planar(kspace) * self.mask)

    def normal(self, x: torch.Tensor) -> torch.Tensor:
        """A^H A x, [2, R, N] -> [2, R, N]."""
        spectrum = _along_rows(self.coils.expand(x) @ self.columns_forward, self.rows_forward)
        return self._to_image(spectrum * self.mask)

    def _to_image(self, spectrum: torch.Tensor) -> torch.Tensor:
        return self.coils.combine(_along_rows(spectrum, self.rows_inverse) @ self.columns_inverse)


def _along_rows(z: torch.Tensor, block: torch.Tensor) -> torch.Tensor:
    """Left-multiply planar z [C, J, 2K] by the complex matrix in `block` [2R, 2J] -> [C, R, 2K]."""
    k = z.shape[-1] // 2
    stacked = block @ torch.cat([z[..., :k], z[..., k:]], dim=1)
    rows = block.shape[0] // 2
    return torch.cat([stacked[:, :rows], stacked[:, rows:]], dim=-1)
