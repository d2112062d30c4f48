"""Training of image-to-image networks: the losses of ESPCN and of ReconResNet."""

import math
from pathlib import Path

import torch

from .data import training_slices
from .espcn import Espcn, EspcnConfig
from .loop import Loop, Machine, averaged
from .losses import ERROR_FLOOR, SSIM_FLOOR, ssim
from .reconresnet import ReconResNet, ReconResNetConfig
from .restoration_data import draw_pair, replace_band, wrapped, zero_padded
from .undersampled import Undersampled, draw_undersampled
from .weights import averaged_weights

CHARBONNIER = 1e-3
# Coarse pixels around an image, more than the network reaches.
MARGIN = 8


def network_of(config: dict) -> torch.nn.Module:
    n = config['network']
    if n['kind'] == 'espcn':
        return Espcn(EspcnConfig(n['factor'], tuple(n['widths']), n['base']))
    return ReconResNet(reconresnet_config(n))


def reconresnet_config(n: dict) -> ReconResNetConfig:
    return ReconResNetConfig(
        n['channels'], n['blocks'], n['dropout'], n['head'], n.get('normalisation', 'instance'), tuple(n.get('dilations', [1])), n.get('skips', False)
    )


def train(config: dict, data: Path, out: Path, machine: Machine, start: Path | None = None) -> None:
    """Train until the configured minutes are used up (counted over all resumptions); writes `out/checkpoint.pt`.

    `start` is a checkpoint whose averaged weights a new run begins with where name and shape agree.
    """
    kind = {'espcn': EspcnRun, 'reconresnet': ReconResNetRun}[config['network']['kind']]
    run = kind(config, out, training_slices(data), machine)
    if start is not None and run.step == 0:
        run.begin_with(averaged_weights(start), partly=True)
    run.run()


class EspcnRun(Loop):
    """Charbonnier loss after k-space replacement: the network has only to find what lies outside of the measured band."""

    reports = ('rms error of the input', 'rms error')

    def __init__(self, config: dict, out: Path, volumes, machine: Machine = Machine(), **more):
        self.volumes = volumes
        super().__init__(config, out, network_of(config), machine, **more)

    def draw(self, rng):
        return draw_pair(rng, self.volumes, self.config['examples'], self.config['network']['factor'])

    def loss(self, example):
        factor = self.config['network']['factor']
        coarse, fine = example
        inner = slice(MARGIN * factor, -MARGIN * factor)
        made = self.network(wrapped(coarse, MARGIN).to(self.machine.device)).cpu()[0, 0, inner, inner]
        difference = replace_band(made, coarse, factor) - fine
        loss = (difference.square() + CHARBONNIER**2).sqrt().mean()
        return loss, (_rms(zero_padded(coarse, factor) - fine), _rms(difference))


class ReconResNetRun(Loop):
    """Logarithms of the error and of 1 - SSIM (see losses.py), after data consistency.

    What was measured is put back in any case, so that the network has only to find the rest; and the logarithm lets easy and hard
    examples pull alike, where a plain mean is ruled by those with the most artefacts.
    """

    reports = ('rms error of the input', 'rms error', 'gain in dB')
    report_every = 25

    def __init__(self, config: dict, out: Path, volumes, machine: Machine = Machine(), **more):
        self.volumes = volumes
        super().__init__(config, out, network_of(config), machine, **more)

    def draw(self, rng):
        return draw_undersampled(rng, self.volumes, self.config['examples'])

    def loss(self, example: Undersampled):
        example = example.to(self.machine.device)
        made = restored(self.network, example, self.config['network'].get('passes', 1)).abs()
        error = (made - example.target).square().mean().add(1e-12).sqrt()
        unlike = 1 - ssim(made, example.target, float(example.target.max()))
        loss = torch.log(error + ERROR_FLOOR) + self.settings['ssimWeight'] * torch.log(unlike + SSIM_FLOOR)
        before, after = _rms(example.zero_filled.abs() - example.target), float(error.detach())
        return loss, (before, after, 20 * math.log10(before / after))


def restored(network: torch.nn.Module, example: Undersampled, passes: int) -> torch.Tensor:
    """The complex image [R, N] after `passes` rounds of the network on the magnitude, its phase given back, and data consistency."""
    image = example.zero_filled
    for _ in range(passes):
        magnitude = network(image.abs()[None, None])[0, 0]
        image = example.consistent(phased(magnitude, image))
    return image


def phased(magnitude: torch.Tensor, image: torch.Tensor) -> torch.Tensor:
    """A magnitude with the phase of `image`. What is negative stays so: cut off at 0 it would have no gradient and never come back."""
    return magnitude * (image / image.abs().clamp(min=1e-9))


def _rms(x: torch.Tensor) -> float:
    return float(x.detach().square().mean().sqrt())


def load_averaged(checkpoint: Path) -> tuple[torch.nn.Module, dict]:
    """The network with its averaged weights, for inference, and the checkpoint's config, step and seconds spent."""
    return averaged(checkpoint, network_of)
