"""Training of the unrolled network."""

from pathlib import Path

import torch

from .data import measured_maps, training_slices
from .loop import Loop, Machine, averaged
from .losses import reconstruction_loss
from .network import NetworkConfig, UnrolledNetwork
from .operators import LinesOperator, PointsOperator, centred_dft_matrix
from .simulate import Example, draw_example
from .weights import weights_of

USUAL_CLOSING = {'lines': 8, 'points': 8}


def network_of(config: dict) -> UnrolledNetwork:
    n = config['network']
    closing = n.get('closing', USUAL_CLOSING)
    return UnrolledNetwork(
        NetworkConfig(n['stages'], tuple(n['widths']), n['cgSteps'], n['cgLambda'], closing['lines'], closing['points'])
    )


def posed(example, device: str = 'cpu'):
    """Operator, A^H y and condition of an example or acquisition: anything with kind, kspace, maps, mask and noise."""
    rows, columns = (centred_dft_matrix(n).to(device) for n in example.maps.shape[1:3])
    kspace, maps, mask = (t.to(device) for t in (example.kspace, example.maps, example.mask))
    if example.kind == 'lines':
        acquired = mask > 0
        operator = LinesOperator(maps, columns[acquired])
        adjoint = operator.adjoint(kspace[:, :, acquired])
    else:
        operator = PointsOperator(maps, mask, rows, columns)
        adjoint = operator.adjoint(kspace)
    return operator, adjoint, torch.tensor([float(example.mask.mean()), example.noise], device=device)


def train(config: dict, data: Path, out: Path, machine: Machine, start: Path | None = None) -> None:
    """Train until the configured minutes are used up (counted over all resumptions); writes `out/checkpoint.pt`.

    `start` is a checkpoint or a released graph whose weights a new run begins with.
    """
    run = UnrolledRun(config, out, training_slices(data), measured_maps(data), machine)
    if start is not None and run.step == 0:
        run.begin_with(weights_of(start), stages=config['network'].get('startStages'))
    run.run()


class UnrolledRun(Loop):
    """The unrolled network on simulated scans."""

    def __init__(self, config: dict, out: Path, volumes, measured, machine: Machine = Machine(), **more):
        self.volumes, self.measured = volumes, measured
        super().__init__(config, out, network_of(config), machine, **more)

    def draw(self, rng) -> Example:
        return draw_example(rng, self.volumes, self.config['simulation'], self.measured)

    def loss(self, example: Example):
        device, s = self.machine.device, self.settings
        # Fewer than at the end, where time does not count: the network learns what need not be its own business.
        image = self.network(*posed(example, device), closing=s.get('closing', 0))
        magnitude, combined = example.magnitude.to(device), example.combined.to(device)
        loss, error = reconstruction_loss(image, magnitude, combined, example.level, s['ssimWeight'], s['complexWeight'])
        return loss, (float(error),)


def load_averaged(checkpoint: Path) -> tuple[UnrolledNetwork, dict]:
    """The network with its averaged weights, and the checkpoint's config, step and seconds spent."""
    return averaged(checkpoint, network_of)
