"""Fourier-PD for MR thermometry: a complex primal-dual network that keeps phase, its simulator of heated pairs, training and export.

The network works on one complex image at a time (coils combined, or a single coil): memory in k-space and in image space, joined by
DFTs, as in NCC1701's PDUNet/pd.py. Complex convolutions are real ones on stacked channels with the block matrix [[Wr, -Wi], [Wi, Wr]],
and DFTs are matrix products, so that the exported graph has only operators every provider has.
"""

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from .anatomy import draw_image, ellipses, smooth_field
from .operators import centred_dft_matrix
from .patterns import random_lines

GYROMAGNETIC_RATIO = 42.5775e6
PRF_COEFFICIENT = -0.01e-6
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
        self.dual = nn.ModuleList(Block(config.dual + 2, config.hidden, config.dual, "circular") for _ in range(config.iterations))
        self.primal = nn.ModuleList(Block(config.primal + 1, config.hidden, config.primal, "replicate") for _ in range(config.iterations))
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
    if mode == "replicate":
        return F.pad(x, (1, 1, 1, 1), mode="replicate")
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
    magnitude = F.interpolate(magnitude[None, None].float(), size=(size, size), mode="bilinear", align_corners=False)[0, 0]
    magnitude = magnitude / magnitude.quantile(0.995).clamp_min(1e-6)
    phase = smooth_field(rng, size, size, 3)
    phase = 2 * phase / phase.abs().max().clamp_min(1e-6) + rng.uniform(-math.pi, math.pi)
    y, x = torch.meshgrid(torch.arange(size), torch.arange(size), indexing="ij")
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
        return (torch.fft.fftshift(torch.fft.fft2(torch.fft.ifftshift(image), norm="ortho")) + noise) * wanted

    return HeatedPair(baseline, heated, measure(baseline), measure(heated), rise, np.asarray(mask))


def phase_aware_loss(estimate, truth, phase_weight: float):
    """Mean modulus of the complex difference, and phase_weight * mean(|I|^2 (1 - cos(arg(est conj(I))))); [1, 2, H, W] both."""
    (er, ei), (tr, ti) = (estimate[:, 0], estimate[:, 1]), (truth[:, 0], truth[:, 1])
    error = ((er - tr) ** 2 + (ei - ti) ** 2 + 1e-12).sqrt().mean()
    power = tr * tr + ti * ti
    length = ((er * er + ei * ei + 1e-12) * (power + 1e-12)).sqrt()
    return error + phase_weight * (power * (1 - (er * tr + ei * ti) / length)).mean()


def train(config_path: Path, volumes, out: Path) -> None:
    """Adam at the recipe's rate; the phase term joins after a fifth of the steps. Frames of a pair are scaled by one number, if at all."""
    config = json.loads(config_path.read_text())
    torch.manual_seed(config["seed"])
    rng = np.random.default_rng(config["seed"])
    network = FourierPD(FourierPDConfig(**config["network"]))
    optimiser = torch.optim.Adam(network.parameters(), lr=config["learningRate"])
    size, steps = config["size"], config["steps"]
    matrix = centred_dft_matrix(size)
    for step in range(steps):
        pair = draw_pair(rng, volumes, size, tuple(config["acceleration"]), snr=config["snr"])
        weight = 1.0 if step >= 0.2 * steps else 0.0
        loss = sum(
            phase_aware_loss(network(stacked(measured), matrix, matrix), stacked(image), weight)
            for measured, image in ((pair.measured_baseline, pair.baseline), (pair.measured_heated, pair.heated))
        )
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        if step % 50 == 0:
            print(f"step {step} of {steps}: loss {loss.item():.4f}", flush=True)
    out.mkdir(parents=True, exist_ok=True)
    torch.save({"network": network.state_dict(), "config": asdict(network.config)}, out / "fourier-pd.pt")


def stacked(z: torch.Tensor) -> torch.Tensor:
    """[H, W] complex -> [1, 2, H, W]."""
    return torch.stack([z.real, z.imag])[None].float()


def export(network: FourierPD, path: Path, size: int = 64) -> float:
    """Writes the graph with dynamic sizes, and returns its largest difference from PyTorch, relative to the largest pixel. Raises where that is too much."""
    import onnxruntime

    network.eval()
    matrix = centred_dft_matrix(size)
    g = torch.randn(1, 2, size, size)
    torch.onnx.export(
        network, (g, matrix, matrix), str(path), opset_version=OPSET, dynamo=False,
        input_names=["kspace", "dft_rows", "dft_columns"], output_names=["image"],
        dynamic_axes={"kspace": {2: "R", 3: "N"}, "dft_rows": {0: "R", 1: "R"}, "dft_columns": {0: "N", 1: "N"}, "image": {2: "R", 3: "N"}},
    )  # fmt: skip
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    worst = 0.0
    for rows, columns in ((size, size), (size + 8, size - 10)):
        inputs = [torch.randn(1, 2, rows, columns), centred_dft_matrix(rows), centred_dft_matrix(columns)]
        with torch.no_grad():
            expected = network(*inputs).numpy()
        names = ["kspace", "dft_rows", "dft_columns"]
        found = session.run(None, {name: value.numpy() for name, value in zip(names, inputs)})[0]
        worst = max(worst, float(np.abs(found - expected).max() / np.abs(expected).max()))
    if worst > PARITY:
        raise RuntimeError(f"{path.name}: ONNX Runtime differs from PyTorch by {worst:.2e}")
    return worst


def main() -> None:
    """`python -m lacuna_training.thermometry CONFIG OUT --data FOLDER`: trains, then writes the graph beside the weights."""
    import argparse

    from .data import training_slices

    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path)
    arguments = parser.parse_args()
    train(arguments.config, [] if arguments.data is None else training_slices(arguments.data), arguments.out)
    saved = torch.load(arguments.out / "fourier-pd.pt", weights_only=True)
    network = FourierPD(FourierPDConfig(**saved["config"]))
    network.load_state_dict(saved["network"])
    worst = export(network, arguments.out / "fourier-pd.onnx")
    print(f"fourier-pd.onnx: at most {worst:.1e} from PyTorch")


if __name__ == "__main__":
    main()
