"""Training of Fourier-PD for MR thermometry: a simulator of heated pairs, a loss that feels phase."""

import math
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from .anatomy import draw_image, ellipses, smooth_field
from .data import training_slices
from .fourier_pd import FourierPD, FourierPDConfig, export
from .loop import Loop, Machine, averaged
from .operators import centred_dft_matrix
from .patterns import random_lines

GYROMAGNETIC_RATIO = 42.5775e6
PRF_COEFFICIENT = -0.01e-6
# The phase term joins the loss after this share of the run.
PHASE_FROM = 0.2
GRAPH = 'fourier-pd.onnx'


def network_of(config: dict) -> FourierPD:
    sizes = (field.name for field in fields(FourierPDConfig))
    return FourierPD(FourierPDConfig(**{name: config['network'][name] for name in sizes}))


def train(config: dict, data: Path, out: Path, machine: Machine, start: Path | None = None) -> None:
    """Train for the configured steps (over all resumptions); writes `out/checkpoint.pt`. Raises ValueError for a `start`, which it does not take."""
    if start is not None:
        raise ValueError('Fourier-PD begins with random weights')
    FourierPDRun(config, out, training_slices(data), machine).run()


def write_package(checkpoint: Path, out: Path) -> None:
    """The graph with the averaged weights; it is no package of the product yet, so there is no manifest."""
    network, _ = averaged(checkpoint, network_of)
    out.mkdir(parents=True, exist_ok=True)
    print(f'{GRAPH}: at most {export(network, out / GRAPH):.1e} from PyTorch')


@dataclass(frozen=True)
class HeatedPair:
    """Clean images [H, W] complex64 of the baseline and of the heated frame, their masked noisy k-space, and what was put in."""

    baseline: torch.Tensor
    heated: torch.Tensor
    measured_baseline: torch.Tensor
    measured_heated: torch.Tensor
    rise: torch.Tensor
    mask: np.ndarray


def draw_pair(rng, volumes, size: int, acceleration: tuple[float, float] = (4, 10), field: float = 1.5, echo_time: float = 0.0174, snr: float = 30) -> HeatedPair:
    """Anatomy of a training volume (or ellipses), smooth phase of an order-3 polynomial, a Gaussian spot of 4-8 deg C, complex noise."""
    magnitude = draw_image(rng, volumes, 0.3) if volumes else ellipses(rng, size, size)
    magnitude = F.interpolate(magnitude[None, None].float(), size=(size, size), mode='bilinear', align_corners=False)[0, 0]
    magnitude = magnitude / magnitude.quantile(0.995).clamp_min(1e-6)
    phase = smooth_field(rng, size, size, 3)
    phase = 2 * phase / phase.abs().max().clamp_min(1e-6) + rng.uniform(-math.pi, math.pi)
    y, x = torch.meshgrid(torch.arange(size), torch.arange(size), indexing='ij')
    width, cy, cx = rng.uniform(4, 12) * size / 128, *(size * rng.uniform(0.3, 0.7, 2))
    rise = rng.uniform(4, 8) * torch.exp(-((y - cy) ** 2 + (x - cx) ** 2) / (2 * width**2))
    per_degree = 2 * math.pi * GYROMAGNETIC_RATIO * PRF_COEFFICIENT * field * echo_time
    baseline = torch.polar(magnitude, phase)
    heated = torch.polar(magnitude, phase + per_degree * rise)
    r = rng.uniform(*acceleration)
    mask = random_lines(rng, size, r, max(4, round(0.07 * size)))
    wanted = torch.from_numpy(np.asarray(mask, dtype=np.float32))

    def measure(image):
        noise = torch.complex(*(torch.from_numpy(rng.normal(0, 1 / snr, (size, size)).astype(np.float32)) for _ in range(2)))
        return (torch.fft.fftshift(torch.fft.fft2(torch.fft.ifftshift(image), norm='ortho')) + noise) * wanted

    return HeatedPair(baseline, heated, measure(baseline), measure(heated), rise, np.asarray(mask))


def phase_aware_loss(estimate, truth, phase_weight: float):
    """Mean modulus of the complex difference, and phase_weight * mean(|I|^2 (1 - cos(arg(est conj(I))))); [1, 2, H, W] both."""
    (er, ei), (tr, ti) = (estimate[:, 0], estimate[:, 1]), (truth[:, 0], truth[:, 1])
    error = ((er - tr) ** 2 + (ei - ti) ** 2 + 1e-12).sqrt().mean()
    power = tr * tr + ti * ti
    length = ((er * er + ei * ei + 1e-12) * (power + 1e-12)).sqrt()
    return error + phase_weight * (power * (1 - (er * tr + ei * ti) / length)).mean()


class FourierPDRun(Loop):
    """Both frames of a pair; they are scaled by one number, if at all."""

    reports = ('loss',)

    def __init__(self, config: dict, out: Path, volumes, machine: Machine = Machine(), **more):
        self.volumes = volumes
        self.matrix = centred_dft_matrix(config['examples']['size']).to(machine.device)
        super().__init__(config, out, network_of(config), machine, **more)

    def draw(self, rng) -> HeatedPair:
        e = self.config['examples']
        return draw_pair(rng, self.volumes, e['size'], tuple(e['acceleration']), snr=e['snr'])

    def loss(self, pair: HeatedPair):
        weight = 1.0 if self.progress() >= PHASE_FROM else 0.0
        device = self.machine.device
        loss = sum(
            phase_aware_loss(self.network(stacked(measured).to(device), self.matrix, self.matrix), stacked(image).to(device), weight)
            for measured, image in ((pair.measured_baseline, pair.baseline), (pair.measured_heated, pair.heated))
        )
        return loss, (float(loss.detach()),)


def stacked(z: torch.Tensor) -> torch.Tensor:
    """[H, W] complex -> [1, 2, H, W]."""
    return torch.stack([z.real, z.imag])[None].float()
