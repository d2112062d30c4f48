"""Learns where to sample, jointly with the network that reconstructs: top-K DPS on lines or on points."""

import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from .data import measured_maps, training_slices
from .dps import draw_mask, gumbel, inclusion, straight_through, top_k
from .loop import Loop, Machine
from .losses import reconstruction_loss
from .operators import PointsOperator, centred_dft_matrix
from .pattern_examples import WeightedLines, draw_scan, lines_example, points_example
from .pattern_logits import LineLogits, PointLogits, lines_centre, points_centre
from .placement import systematic
from .train import network_of
from .weights import weights_of

FAMILY = 'family'
# Of the peak: the rate never falls below it.
LOWEST_RATE = 0.02


def train_patterns(config_path: Path, data: Path, out: Path, start: Path, threads: int) -> None:
    """Learn until the configured minutes are used up (over all resumptions); writes `out/patterns.pt`.

    `start` is the checkpoint or released graph that the network begins with; its sizes must be those of the configuration.
    """
    config = json.loads(config_path.read_text())
    torch.set_num_threads(threads)
    torch.manual_seed(config['seed'])
    run = PatternRun(config, out, training_slices(data), measured_maps(data), Machine(threads=threads))
    if run.step == 0:
        run.begin_with(weights_of(start))
    run.run()


def logits_of(config: dict) -> LineLogits | PointLogits:
    p = config['patterns']
    if config['kind'] == 'lines':
        return LineLogits([FAMILY, *p['designs']], p['knots'])
    return PointLogits(p['knots'], p['mapSide'])


@dataclass(frozen=True)
class Drawn:
    """A scan, and the generator that goes on to draw its pattern: that depends on the logits, so on the step before."""

    scan: object
    rng: np.random.Generator


class PatternRun(Loop):
    """One run: the network and the logits, each with a learning rate of its own."""

    checkpoint = 'patterns.pt'
    report_every = 50

    def __init__(self, config: dict, out: Path, volumes, measured, machine: Machine = Machine(), **more):
        self.volumes, self.measured = volumes, measured
        self.logits = logits_of(config)
        self.mean = [torch.zeros_like(p) for p in self.logits.parameters()]
        self.averaged = 0
        super().__init__(config, out, network_of(config), machine, **more)

    def groups(self) -> list[dict]:
        factor = self.settings['logitsRateFactor']
        return [{'params': list(self.network.parameters())}, {'params': list(self.logits.parameters()), 'factor': factor}]

    def rate(self, progress: float) -> float:
        """A flat rate lets the logits wander from anywhere; towards the end everything settles."""
        fade = min(1.0, 4 * (1 - progress)) * min(1.0, (self.step + 1) / self.settings['warmupSteps'])
        return max(LOWEST_RATE, fade) * self.settings['learningRate']

    def draw(self, rng) -> Drawn:
        simulation = self.config['simulation']
        if self.config['kind'] == 'lines':
            return Drawn(draw_scan(rng, self.volumes, simulation, self.measured), rng)
        return Drawn(draw_scan(rng, self.volumes, simulation, self.measured, int(rng.choice(simulation['pointsMatrix']))), rng)

    def loss(self, drawn: Drawn):
        s = self.settings
        example, operator, adjoint = (self._lines if self.config['kind'] == 'lines' else self._points)(drawn.rng, drawn.scan)
        condition = torch.tensor([float(example.mask.mean()), example.noise])
        image = self.network(operator, adjoint, condition)
        loss, error = reconstruction_loss(
            image, example.magnitude, example.combined, example.level, s['ssimWeight'], s['complexWeight']
        )
        return loss + s['smoothness'] * self.logits.roughness(), (float(error),)

    def updated(self, progress: float) -> None:
        if progress >= self.settings['averageFrom']:
            self.averaged += 1
            torch._foreach_lerp_(self.mean, [p.detach() for p in self.logits.parameters()], 1 / self.averaged)

    def state(self) -> dict:
        return {'logits': self.logits.state_dict(), 'logitsMean': self.mean, 'averaged': self.averaged}

    def restore(self, state: dict) -> None:
        self.logits.load_state_dict(state['logits'])
        self.mean, self.averaged = state['logitsMean'], state['averaged']

    def _lines(self, rng, scan):
        p = self.config['patterns']
        columns = scan.clean.shape[2]
        name = str(rng.choice(self.logits.names))
        low, high = p['familyRates']
        rate = math.exp(rng.uniform(math.log(low), math.log(high))) if name == FAMILY else p['designs'][name]['acceleration']
        fraction = p['familyCentre'] if name == FAMILY else p['designs'][name]['centreFraction']
        centre, left = lines_centre(columns, rate, fraction)
        free = self.logits.at(name, columns)[~centre]
        if rng.random() < p['gumbelShare']:
            drawn = draw_mask(free, left, p['temperature'], rng)
        else:
            drawn = self._even(free, left, rng)
        weights = centre.float().masked_scatter(~centre, drawn)
        example = lines_example(rng, scan, weights.detach().round(), self.config['simulation'])
        operator = WeightedLines(example.maps, weights)
        return example, operator, operator.adjoint(example.kspace)

    def _even(self, free: torch.Tensor, left: int, rng) -> torch.Tensor:
        """Drawn as the product places lines, from a random offset; the gradient is that of the inclusion probabilities."""
        hard = torch.zeros_like(free)
        hard[torch.from_numpy(systematic(free.detach().double().numpy(), left, rng.random()))] = 1
        return straight_through(hard, inclusion(free, left))

    def _points(self, rng, scan):
        p = self.config['patterns']
        simulation = self.config['simulation']
        _, rows, columns = scan.clean.shape
        centre, left = points_centre(rows, columns, p['acceleration'], p['centreFraction'])
        free = self.logits.at(rows, columns)[~centre]
        hard = top_k(free + gumbel(rng, len(free)), left)
        weights = centre.float().masked_scatter(~centre, straight_through(hard, inclusion(free, left)))
        block = (int(centre.any(1).sum()), int(centre.any(0).sum()))
        example = points_example(rng, scan, weights.detach().round(), block, simulation)
        operator = PointsOperator(example.maps, weights, centred_dft_matrix(rows), centred_dft_matrix(columns))
        return example, operator, operator.adjoint(example.kspace)


def learned_logits(checkpoint: Path) -> tuple[LineLogits | PointLogits, dict]:
    """Logits averaged over the last part of the run (or the latest, where it has not come that far), and the checkpoint's state."""
    state = torch.load(checkpoint, weights_only=True)
    logits = logits_of(state['config'])
    logits.load_state_dict(state['logits'])
    if state['averaged'] > 0:
        with torch.no_grad():
            for parameter, mean in zip(logits.parameters(), state['logitsMean'], strict=True):
                parameter.copy_(mean)
    return logits, state
