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
        real = _sum_of_coils(self.direct * z)
        imag = _sum_of_coils(self.crossed * z)
        n = z.shape[-1] // 2
        return torch.stack([real[:, :n] + real[:, n:], imag[:, :n] + imag[:, n:]])


def _sum_of_coils(z: torch.Tensor) -> torch.Tensor:
    """[C, R, K] -> [R, K] as a matrix product with ones, which ONNX Runtime does several times faster than a sum along the outermost axis."""
    ones = torch.ones_like(z[:, 0, 0]).unsqueeze(0)
    return (ones @ z.reshape(z.shape[0], -1)).reshape(z.shape[1], z.shape[2])


class LinesOperator:
    """Column lines sampled, readout (rows) already in image space: A = W S along columns, W the DFT of the acquired lines alone.

    The lines are the same for all rows, so A is one matrix product for all coils and rows, and A^H the transposed one: the
    cost falls with the acceleration.
    """

    def __init__(self, maps: torch.Tensor, dft_lines: torch.Tensor):
        """maps [C, R, N, 2], dft_lines [K, N, 2]: row k is the DFT of acquired line k (columns beyond the matrix may be zero)."""
        self.coils = Coils(maps)
        real, imag = dft_lines[..., 0].transpose(0, 1), dft_lines[..., 1].transpose(0, 1)
        self.encode = torch.cat([torch.cat([real, imag], dim=1), torch.cat([-imag, real], dim=1)], dim=0)
        self.decode = self.encode.transpose(0, 1)

    def adjoint(self, kspace: torch.Tensor) -> torch.Tensor:
        """kspace of the acquired lines [C, R, K, 2] -> A^H y [2, R, N]."""
        return self.coils.combine(planar(kspace) @ self.decode)

    def normal(self, x: torch.Tensor) -> torch.Tensor:
        """A^H A x, [2, R, N] -> [2, R, N]."""
        return self.coils.combine((self.coils.expand(x) @ self.encode) @ self.decode)


class PointsOperator:
    """Weighted 2-D spectrum: A^H A = S^H W^H D W S with W = W_rows x W_columns and D = `weights`.

    A mask of 0 and 1 with square DFT matrices samples points of the grid. The transfer function of a trajectory with the DFT
    matrices of the doubled grid, [2R, R] and [2N, N], makes it the exact normal operator of non-uniform sampling
    (Wajer and Pruessmann, ISMRM 2001).
    """

    def __init__(self, maps: torch.Tensor, weights: torch.Tensor, dft_rows: torch.Tensor, dft_columns: torch.Tensor):
        """maps [C, R, N, 2], weights [J, K], dft_rows [J, R, 2], dft_columns [K, N, 2]."""
        self.coils = Coils(maps)
        self.weights = torch.cat([weights, weights], dim=-1)
        real, imag = dft_columns[..., 0], dft_columns[..., 1]
        self.columns_inverse = torch.cat([torch.cat([real, -imag], dim=1), torch.cat([imag, real], dim=1)], dim=0)
        self.columns_forward = self.columns_inverse.transpose(0, 1)
        real, imag = dft_rows[..., 0], dft_rows[..., 1]
        self.rows_forward = torch.cat([torch.cat([real, -imag], dim=1), torch.cat([imag, real], dim=1)], dim=0)
        self.rows_inverse = self.rows_forward.transpose(0, 1)

    def adjoint(self, kspace: torch.Tensor) -> torch.Tensor:
        """kspace [C, J, K, 2] -> A^H y [2, R, N]."""
        return self._to_image(planar(kspace) * self.weights)

    def normal(self, x: torch.Tensor) -> torch.Tensor:
        """A^H A x, [2, R, N] -> [2, R, N]."""
        spectrum = _along_rows(self.coils.expand(x) @ self.columns_forward, self.rows_forward)
        return self._to_image(spectrum * self.weights)

    def _to_image(self, spectrum: torch.Tensor) -> torch.Tensor:
        return self.coils.combine(_along_rows(spectrum, self.rows_inverse) @ self.columns_inverse)


def _along_rows(z: torch.Tensor, block: torch.Tensor) -> torch.Tensor:
    """Left-multiply planar z [C, J, 2K] by the complex matrix in `block` [2R, 2J] -> [C, R, 2K]."""
    k = z.shape[-1] // 2
    stacked = block @ torch.cat([z[..., :k], z[..., k:]], dim=1)
    rows = block.shape[0] // 2
    return torch.cat([stacked[:, :rows], stacked[:, rows:]], dim=-1)
