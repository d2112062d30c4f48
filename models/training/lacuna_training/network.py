"""The unrolled network: gradient data consistency and a small residual U-Net, T times.

After Hammernik et al. 2018 (variational network) and Aggarwal et al. 2019 (MoDL): x starts as a few conjugate-gradient
steps on the SENSE normal equations, then x <- x - eta_t A^H(A x - y) + beta_t (x - x_before) + U_t(x, gradient, memory),
and one last gradient step. The networks have no normalisation layers; a hidden feature map ("memory") runs through all
stages; the acquired fraction and the noise level modulate the features, so that one network serves every acceleration. The
whole map is homogeneous: scaling k-space and its noise scales the image, since the scale is found in the graph.
"""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from .operators import LinesOperator, PointsOperator

MULTIPLE = 8
TINY = 1e-30
OBJECT = 0.2
PRIOR = 300.0
PRIOR_LEAST = 0.002
PRIOR_MOST = 10.0
PRIOR_UNKNOWN = 0.03
CONDITIONS = 3
USUAL_NOISE = 0.02


@dataclass(frozen=True)
class NetworkConfig:
    """`lines_closing` and `points_closing`: iterations of `consistent` at the end."""

    stages: int = 6
    widths: tuple[int, int, int] = (24, 48, 64)
    cg_steps: int = 2
    cg_lambda: float = 0.02
    lines_closing: int = 2
    points_closing: int = 6


class Stage(nn.Module):
    """One learned update: residual U-Net on half, quarter and eighth resolution."""

    def __init__(self, widths: tuple[int, int, int]):
        super().__init__()
        a, b, c = widths
        self.widths = widths
        self.eta = nn.Parameter(torch.tensor(0.8))
        self.momentum = nn.Parameter(torch.tensor(0.3))
        self.enter = nn.Conv2d(4, a, 2, stride=2)
        self.modulate = nn.Linear(CONDITIONS, 2 * a)
        self.encode1 = nn.Conv2d(a, a, 3, padding=1)
        self.down1 = nn.Conv2d(a, b, 2, stride=2)
        self.encode2 = nn.Conv2d(b, b, 3, padding=1)
        self.down2 = nn.Conv2d(b, c, 2, stride=2)
        self.middle1 = nn.Conv2d(c, c, 3, padding=1)
        self.middle2 = nn.Conv2d(c, c, 3, padding=1)
        self.up2 = nn.Conv2d(c, 4 * b, 1)
        self.decode2 = nn.Conv2d(b, b, 3, padding=1)
        self.up1 = nn.Conv2d(b, 4 * a, 1)
        self.decode1 = nn.Conv2d(a, a, 3, padding=1)
        self.leave = nn.Conv2d(a, 8, 3, padding=1)
        nn.init.zeros_(self.modulate.weight)
        nn.init.zeros_(self.modulate.bias)
        nn.init.normal_(self.leave.weight, std=1e-3)
        nn.init.zeros_(self.leave.bias)

    def forward(self, x, before, gradient, memory, condition):
        """x, gradient [2, R, N]; memory [1, a, R/2, N/2] or None; condition [1, 3] -> new x, new memory."""
        a = self.widths[0]
        entered = self.enter(torch.cat([x, gradient]).unsqueeze(0))
        if memory is not None:
            entered = entered + memory
        factor = self.modulate(condition).reshape(1, 2 * a, 1, 1)
        h1 = F.relu(entered * (1 + factor[:, :a]) + factor[:, a:])
        h1 = F.relu(self.encode1(h1))
        h2 = F.relu(self.encode2(F.relu(self.down1(h1))))
        h3 = F.relu(self.down2(h2))
        h3 = F.relu(self.middle2(F.relu(self.middle1(h3))) + h3)
        h2 = F.relu(self.decode2(F.relu(F.pixel_shuffle(self.up2(h3), 2) + h2)) + h2)
        h1 = F.relu(self.decode1(F.relu(F.pixel_shuffle(self.up1(h2), 2) + h1)) + h1)
        update = F.pixel_shuffle(self.leave(h1), 2).squeeze(0)
        return x - self.eta * gradient + self.momentum * (x - before) + update, h1


class UnrolledNetwork(nn.Module):
    def __init__(self, config: NetworkConfig):
        super().__init__()
        self.config = config
        self.last_step = nn.Parameter(torch.tensor(0.7))
        self.stages = nn.ModuleList(Stage(config.widths) for _ in range(config.stages))

    def forward(self, operator, adjoint: torch.Tensor, condition: torch.Tensor, closing: int = 0) -> torch.Tensor:
        """Reconstruct from A^H y, [2, R, N] with sides that are multiples of 8. -> [2, R, N].

        `condition` [2]: acquired fraction; standard deviation of the noise in real and imaginary part of a sample, in the unit
        of k-space, 0 where nobody knows. `closing` is the number of iterations of `consistent` at the end.
        """
        scale = self_weighted_mean(adjoint)
        b = adjoint / scale
        features = condition_features(condition, scale)
        x = conjugate_gradients(operator.normal, b, self.config.cg_steps, self.config.cg_lambda)
        before, memory = x, None
        for stage in self.stages:
            following, memory = stage(x, before, operator.normal(x) - b, memory, features)
            before, x = x, following
        x = x - self.last_step * (operator.normal(x) - b)
        weight = prior_weight(condition[1:2] / scale, condition[0:1])
        return consistent(operator, b, x, weight, closing) * scale


def condition_features(condition: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    """[1, 3]: twice the acquired fraction, a tenth of R, and the log of the noise relative to USUAL_NOISE of the signal (0: unknown)."""
    sampled, noise = condition[0:1], condition[1:2]
    relative = (noise / (scale * USUAL_NOISE)).clamp(min=0.02, max=50.0).log()
    known = (noise > 0).to(relative.dtype)
    return torch.cat([2 * sampled, 0.1 / sampled, known * relative]).reshape(1, CONDITIONS)


def self_weighted_mean(x: torch.Tensor) -> torch.Tensor:
    """sum |x|^2 / sum |x| of x [2, R, N]: the mean magnitude within the object, whatever share of air surrounds it.

    Found relative to the largest component, so that neither tiny nor huge data under- or overflow.
    """
    peak = x.abs().amax().clamp(min=TINY)
    energy = ((x / peak) ** 2).sum(dim=0)
    return (peak * energy.sum() / energy.clamp(min=TINY).sqrt().sum()).clamp(min=TINY)


def conjugate_gradients(normal, b: torch.Tensor, steps: int, lam) -> torch.Tensor:
    """`steps` iterations on (N + lam) x = b from x = 0, N the positive operator `normal` (Hestenes and Stiefel), all in the graph."""
    x = torch.zeros_like(b)
    residual = b
    direction = b
    energy = (residual * residual).sum()
    for step in range(steps):
        image = normal(direction) + lam * direction
        alpha = energy / (direction * image).sum().clamp(min=TINY)
        x = x + alpha * direction
        if step + 1 < steps:
            residual = residual - alpha * image
            next_energy = (residual * residual).sum()
            direction = residual + (next_energy / energy.clamp(min=TINY)) * direction
            energy = next_energy
    return x


def prior_weight(noise: torch.Tensor, sampled: torch.Tensor) -> torch.Tensor:
    """lambda of `consistent`: noise variance of the data over the variance of the network's error, both relative to the image.

    PRIOR was found on held-out slices at noise levels of 0.5, 2 and 5 %, R = 4 and 8: the best lambda follows the noise variance
    and falls with the acceleration, since the network errs more there.
    """
    known = (noise > 0).to(sampled.dtype)
    weight = (PRIOR * sampled * 2 * noise.square()).clamp(min=PRIOR_LEAST, max=PRIOR_MOST)
    return known * weight + (1 - known) * PRIOR_UNKNOWN


def consistent(operator, b: torch.Tensor, x: torch.Tensor, weight: torch.Tensor, steps: int) -> torch.Tensor:
    """`steps` conjugate-gradient iterations on min_d |A (x + d) - y|^2 + weight |d / m|^2: the least change that explains the samples.

    m = |x| / sqrt(|x|^2 + OBJECT^2) with 1 the mean of tissue, so that next to nothing changes in air: what is known of the
    object's support makes the problem well posed. The data alone cannot say what the network's error is; its size can be told.
    """
    if steps == 0:
        return x
    signal = x.square().sum(dim=0)
    m = (signal / (signal + OBJECT**2)).sqrt()
    rest = m * (b - operator.normal(x))
    return x + m * conjugate_gradients(lambda d: m * operator.normal(m * d), rest, steps, weight)


def _padding(size):
    return (-size) % MULTIPLE


def padded_image(adjoint: torch.Tensor, pad_rows: int, pad_columns: int) -> torch.Tensor:
    """[R, N, 2] -> [2, R', N'] with zeros after the last row and column."""
    return F.pad(adjoint.permute(2, 0, 1), (0, pad_columns, 0, pad_rows))


class LinesGraph(nn.Module):
    """Exported graph 'lines'. adjoint [R, N, 2], maps [C, R, N, 2], dft_lines [K, N, 2], condition [2] -> [R, N, 2]."""

    def __init__(self, network: UnrolledNetwork):
        super().__init__()
        self.network = network

    def forward(self, adjoint, maps, dft_lines, condition):
        rows, columns = maps.shape[1], maps.shape[2]
        pad_rows, pad_columns = _padding(rows), _padding(columns)
        maps = F.pad(maps, (0, 0, 0, pad_columns, 0, pad_rows))
        operator = LinesOperator(maps, F.pad(dft_lines, (0, 0, 0, pad_columns)))
        image = self.network(operator, padded_image(adjoint, pad_rows, pad_columns), condition, self.network.config.lines_closing)
        return image[:, :rows, :columns].permute(1, 2, 0)


class PointsGraph(nn.Module):
    """Exported graph 'points'. adjoint [R, N, 2], maps [C, R, N, 2], weights [J, K], dft_rows [J, R, 2], dft_columns [K, N, 2], condition."""

    def __init__(self, network: UnrolledNetwork):
        super().__init__()
        self.network = network

    def forward(self, adjoint, maps, weights, dft_rows, dft_columns, condition):
        rows, columns = maps.shape[1], maps.shape[2]
        pad_rows, pad_columns = _padding(rows), _padding(columns)
        maps = F.pad(maps, (0, 0, 0, pad_columns, 0, pad_rows))
        operator = PointsOperator(
            maps, weights, F.pad(dft_rows, (0, 0, 0, pad_rows)), F.pad(dft_columns, (0, 0, 0, pad_columns))
        )
        image = self.network(operator, padded_image(adjoint, pad_rows, pad_columns), condition, self.network.config.points_closing)
        return image[:, :rows, :columns].permute(1, 2, 0)
