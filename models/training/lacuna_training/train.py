"""The training loop: deterministic examples, wall-clock schedule, moving average of weights, resumable."""

import itertools
import json
import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from .data import measured_maps, training_slices
from .losses import reconstruction_loss
from .network import NetworkConfig, UnrolledNetwork
from .operators import LinesOperator, PointsOperator, centred_dft_matrix
from .simulate import draw_example
from .weights import averaged_weights, fit, released_weights

CHECKPOINT = 'checkpoint.pt'
USUAL_CLOSING = {'lines': 2, 'points': 6}


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


@dataclass(frozen=True)
class Machine:
    """Where a run computes: torch device, threads of the main process, processes that draw examples (0: the main one)."""

    device: str = 'cpu'
    threads: int = 2
    workers: int = 0


def train(config_path: Path, data: Path, out: Path, machine: Machine, start: Path | None = None) -> None:
    """Train until the configured minutes are used up (counted over all resumptions); writes `out/checkpoint.pt`.

    `start` is a checkpoint or a released graph whose weights a new run begins with.
    """
    config = json.loads(config_path.read_text())
    torch.set_num_threads(machine.threads)
    torch.manual_seed(config['seed'])
    out.mkdir(parents=True, exist_ok=True)
    run = Run(config, out, machine)
    if start is not None and run.step == 0:
        run.start_from(start)
    run.loop(training_slices(data), measured_maps(data))


class Examples(IterableDataset):
    """Example `part` of step `step` is drawn from (seed, step, part), whichever process draws it."""

    def __init__(self, config: dict, volumes, measured, first_step: int):
        self.config, self.volumes, self.measured, self.first_step = config, volumes, measured, first_step

    def __iter__(self):
        worker = get_worker_info()
        number, of = (worker.id, worker.num_workers) if worker else (0, 1)
        if worker:
            torch.set_num_threads(1)
        parts = self.config['training']['accumulate']
        # A DataLoader asks its processes in turn, so that counting by their number keeps the order.
        for index in itertools.count(number, of):
            step, part = divmod(index, parts)
            rng = np.random.default_rng([self.config['seed'], self.first_step + step, part])
            yield draw_example(rng, self.volumes, self.config['simulation'], self.measured)


class Run:
    def __init__(self, config: dict, out: Path, machine: Machine = Machine()):
        self.config = config
        self.settings = config['training']
        self.out = out
        self.machine = machine
        self.network = network_of(config).to(machine.device)
        self.average = [p.detach().clone() for p in self.network.parameters()]
        rate = self.settings['learningRate']
        self.optimiser = torch.optim.Adam(self.network.parameters(), lr=rate, betas=(0.9, 0.99))
        self.step = 0
        self.spent = 0.0
        if (out / CHECKPOINT).exists():
            self._load()

    def start_from(self, source: Path) -> None:
        """Begin with the averaged weights of another run or with those of a released graph, with a fresh optimiser."""
        weights = released_weights(source) if source.suffix == '.onnx' else averaged_weights(source)
        fit(self.network, weights, self.config['network'].get('startStages'))
        self.average = [p.detach().clone() for p in self.network.parameters()]

    def loop(self, volumes, measured) -> None:
        budget = 60 * self.settings['minutes']
        mark = time.monotonic()
        saved = self.spent
        errors = []
        examples = iter(self._examples(volumes, measured))
        while self.spent < budget:
            errors.append(self._update(examples, self.spent / budget))
            now = time.monotonic()
            self.spent += now - mark
            mark = now
            if self.step % 100 == 0:
                left = (budget - self.spent) / 60
                print(f'step {self.step}  rms error {np.mean(errors):.4f}  {left:.1f} min left', flush=True)
                errors = []
            if self.spent - saved > self.settings['checkpointSeconds']:
                self._save()
                saved = self.spent
        self._save()

    def _examples(self, volumes, measured):
        """Examples from this step on, in order, drawn by the configured number of processes."""
        drawn = Examples(self.config, volumes, measured, self.step)
        workers = self.machine.workers
        ahead = {'prefetch_factor': 8, 'persistent_workers': True} if workers else {}
        return DataLoader(drawn, batch_size=None, num_workers=workers, **ahead)

    def _update(self, examples, progress: float) -> float:
        """One optimiser step over `accumulate` examples; returns their mean relative error."""
        s = self.settings
        warm = min(1.0, (self.step + 1) / s['warmupSteps'])
        cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))
        for group in self.optimiser.param_groups:
            group['lr'] = warm * (s['finalLearningRate'] + (s['learningRate'] - s['finalLearningRate']) * cosine)
        total = 0.0
        self.optimiser.zero_grad(set_to_none=True)
        device = self.machine.device
        for _ in range(s['accumulate']):
            example = next(examples)
            image = self.network(*posed(example, device))
            magnitude, combined = example.magnitude.to(device), example.combined.to(device)
            loss, error = reconstruction_loss(image, magnitude, combined, example.level, s['ssimWeight'], s['complexWeight'])
            (loss / s['accumulate']).backward()
            total += float(error)
        norm = torch.nn.utils.clip_grad_norm_(self.network.parameters(), s['clip'])
        if math.isfinite(float(norm)):
            self.optimiser.step()
        self.step += 1
        decay = min(s['ema'], (self.step + 1) / (self.step + 10))
        torch._foreach_lerp_(self.average, [p.detach() for p in self.network.parameters()], 1 - decay)
        return total / s['accumulate']

    def _save(self) -> None:
        partial = self.out / (CHECKPOINT + '.partial')
        state = {
            'config': self.config,
            'step': self.step,
            'spent': self.spent,
            'network': self.network.state_dict(),
            'names': [name for name, _ in self.network.named_parameters()],
            'average': self.average,
            'optimiser': self.optimiser.state_dict(),
        }
        torch.save(state, partial)
        partial.replace(self.out / CHECKPOINT)

    def _load(self) -> None:
        state = torch.load(self.out / CHECKPOINT, weights_only=True, map_location=self.machine.device)
        self.step, self.spent = state['step'], state['spent']
        self.network.load_state_dict(state['network'])
        self.average = state['average']
        self.optimiser.load_state_dict(state['optimiser'])
        print(f'resumed at step {self.step}, {self.spent / 60:.1f} min spent', flush=True)


def load_averaged(checkpoint: Path) -> tuple[UnrolledNetwork, dict]:
    """The network with its averaged weights, and the checkpoint's config, step and seconds spent."""
    state = torch.load(checkpoint, weights_only=True)
    network = network_of(state['config'])
    fit(network, averaged_weights(checkpoint))
    return network.eval(), {key: state[key] for key in ('config', 'step', 'spent')}
