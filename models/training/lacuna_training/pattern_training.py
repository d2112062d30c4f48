"""Learns where to sample, jointly with the network that reconstructs: top-K DPS on lines or on points."""

import json
import math
import time
from pathlib import Path

import numpy as np
import torch

from .data import measured_maps, training_slices
from .dps import draw_mask, inclusion, straight_through, top_k, gumbel
from .losses import reconstruction_loss
from .operators import PointsOperator, centred_dft_matrix
from .pattern_examples import WeightedLines, draw_scan, lines_example, points_example
from .pattern_logits import LineLogits, PointLogits, lines_centre, points_centre
from .placement import systematic
from .train import network_of
from .weights import averaged_weights, fit, released_weights

CHECKPOINT = 'patterns.pt'
FAMILY = 'family'


def train_patterns(config_path: Path, data: Path, out: Path, start: Path, threads: int) -> None:
    """Learn until the configured minutes are used up (over all resumptions); writes `out/patterns.pt`.

    `start` is the checkpoint or released graph that the network begins with; its sizes must be those of the configuration.
    """
    config = json.loads(config_path.read_text())
    torch.set_num_threads(threads)
    torch.manual_seed(config['seed'])
    out.mkdir(parents=True, exist_ok=True)
    PatternRun(config, out, start).loop(training_slices(data), measured_maps(data))


def logits_of(config: dict) -> LineLogits | PointLogits:
    p = config['patterns']
    if config['kind'] == 'lines':
        return LineLogits([FAMILY, *p['designs']], p['knots'])
    return PointLogits(p['knots'], p['mapSide'])


class PatternRun:
    """One run: the network and the logits, each with a learning rate of its own."""

    def __init__(self, config: dict, out: Path, start: Path):
        self.config, self.out = config, out
        self.settings = config['training']
        self.network = network_of(config)
        fit(self.network, released_weights(start) if start.suffix == '.onnx' else averaged_weights(start))
        self.logits = logits_of(config)
        self.mean = [torch.zeros_like(p) for p in self.logits.parameters()]
        self.averaged = 0
        s = self.settings
        groups = [
            {'params': list(self.network.parameters()), 'peak': s['learningRate']},
            {'params': list(self.logits.parameters()), 'peak': s['learningRate'] * s['logitsRateFactor']},
        ]
        self.optimiser = torch.optim.Adam(groups, lr=s['learningRate'], betas=(0.9, 0.99))
        self.step = 0
        self.spent = 0.0
        if (out / CHECKPOINT).exists():
            self._load()

    def loop(self, volumes, measured) -> None:
        budget = 60 * self.settings['minutes']
        mark = time.monotonic()
        saved = self.spent
        errors = []
        while self.spent < budget:
            errors.append(self._update(volumes, measured, self.spent / budget))
            now = time.monotonic()
            self.spent += now - mark
            mark = now
            if self.step % 50 == 0:
                left = (budget - self.spent) / 60
                print(f'step {self.step}  rms error {np.mean(errors):.4f}  {left:.1f} min left', flush=True)
                errors = []
            if self.spent - saved > self.settings['checkpointSeconds']:
                self._save()
                saved = self.spent
        self._save()

    def _update(self, volumes, measured, progress: float) -> float:
        """One example; returns its relative error."""
        s = self.settings
        # A flat rate lets the logits wander from anywhere; towards the end everything settles.
        fade = min(1.0, 4 * (1 - progress)) * min(1.0, (self.step + 1) / s['warmupSteps'])
        for group in self.optimiser.param_groups:
            group['lr'] = max(0.02, fade) * group['peak']
        rng = np.random.default_rng([self.config['seed'], self.step])
        example, operator, adjoint = (self._lines if self.config['kind'] == 'lines' else self._points)(rng, volumes, measured)
        condition = torch.tensor([float(example.mask.mean()), example.noise])
        image = self.network(operator, adjoint, condition)
        loss, error = reconstruction_loss(
            image, example.magnitude, example.combined, example.level, s['ssimWeight'], s['complexWeight']
        )
        self.optimiser.zero_grad(set_to_none=True)
        (loss + s['smoothness'] * self.logits.roughness()).backward()
        # Clipped apart: the network's gradient is far larger.
        norms = [torch.nn.utils.clip_grad_norm_(group['params'], s['clip']) for group in self.optimiser.param_groups]
        if all(math.isfinite(float(norm)) for norm in norms):
            self.optimiser.step()
        self.step += 1
        if progress >= s['averageFrom']:
            self.averaged += 1
            torch._foreach_lerp_(self.mean, [p.detach() for p in self.logits.parameters()], 1 / self.averaged)
        return float(error)

    def _lines(self, rng, volumes, measured):
        p = self.config['patterns']
        scan = draw_scan(rng, volumes, self.config['simulation'], measured)
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

    def _points(self, rng, volumes, measured):
        p = self.config['patterns']
        simulation = self.config['simulation']
        scan = draw_scan(rng, volumes, simulation, measured, int(rng.choice(simulation['pointsMatrix'])))
        _, rows, columns = scan.clean.shape
        centre, left = points_centre(rows, columns, p['acceleration'], p['centreFraction'])
        free = self.logits.at(rows, columns)[~centre]
        hard = top_k(free + gumbel(rng, len(free)), left)
        weights = centre.float().masked_scatter(~centre, straight_through(hard, inclusion(free, left)))
        block = (int(centre.any(1).sum()), int(centre.any(0).sum()))
        example = points_example(rng, scan, weights.detach().round(), block, simulation)
        operator = PointsOperator(example.maps, weights, centred_dft_matrix(rows), centred_dft_matrix(columns))
        return example, operator, operator.adjoint(example.kspace)

    def _save(self) -> None:
        partial = self.out / (CHECKPOINT + '.partial')
        state = {
            'config': self.config,
            'step': self.step,
            'spent': self.spent,
            'names': [name for name, _ in self.network.named_parameters()],
            'average': [p.detach() for p in self.network.parameters()],
            'logits': self.logits.state_dict(),
            'logitsMean': self.mean,
            'averaged': self.averaged,
            'optimiser': self.optimiser.state_dict(),
        }
        torch.save(state, partial)
        partial.replace(self.out / CHECKPOINT)

    def _load(self) -> None:
        state = torch.load(self.out / CHECKPOINT, weights_only=True)
        self.step, self.spent, self.averaged = state['step'], state['spent'], state['averaged']
        fit(self.network, dict(zip(state['names'], state['average'], strict=True)))
        self.logits.load_state_dict(state['logits'])
        self.mean = state['logitsMean']
        self.optimiser.load_state_dict(state['optimiser'])
        print(f'resumed at step {self.step}, {self.spent / 60:.1f} min spent', flush=True)


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
