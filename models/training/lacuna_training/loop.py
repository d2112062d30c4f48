"""The loop that every training shares: numbered examples, a schedule by the clock, moving average, checkpoints, resumption.

How many steps fit into the configured minutes depends on the machine; the schedule follows the share of the minutes that is spent,
over all resumptions, so that a run always ends at its final learning rate.
"""

import itertools
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from .weights import averaged_weights, fit

CHECKPOINT = 'checkpoint.pt'
ADAM_BETAS = (0.9, 0.99)
PREFETCH = 8


@dataclass(frozen=True)
class Machine:
    """Where a run computes: torch device, threads of the main process, processes that draw examples (0: the main one)."""

    device: str = 'cpu'
    threads: int = 2
    workers: int = 0


class Examples(IterableDataset):
    """Example `part` of step `step` is `draw` of a generator seeded with (seed, step, part), whichever process draws it."""

    def __init__(self, draw: Callable, seed: int, parts: int, first_step: int):
        self.draw, self.seed, self.parts, self.first_step = draw, seed, parts, first_step

    def __iter__(self):
        worker = get_worker_info()
        number, of = (worker.id, worker.num_workers) if worker else (0, 1)
        if worker:
            torch.set_num_threads(1)
        # A DataLoader asks its processes in turn, so that counting by their number keeps the order.
        for index in itertools.count(number, of):
            step, part = divmod(index, self.parts)
            yield self.draw(np.random.default_rng([self.seed, self.first_step + step, part]))


def warm_cosine(step: int, progress: float, settings: dict) -> float:
    """Learning rate: a linear rise over `warmupSteps`, then half a cosine from `learningRate` to `finalLearningRate`."""
    warm = min(1.0, (step + 1) / settings['warmupSteps'])
    cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))
    return warm * (settings['finalLearningRate'] + (settings['learningRate'] - settings['finalLearningRate']) * cosine)


class Loop:
    """One run of `config`, kept in `out`. A training derives from it and says how an example is drawn and what it costs.

    `config['training']` holds minutes (or steps), learningRate, finalLearningRate, warmupSteps, clip, checkpointSeconds; optionally ema (decay of
    the moving average, 0: the weights as they are) and accumulate (examples a step).
    """

    checkpoint = CHECKPOINT
    report_every = 100

    def __init__(self, config: dict, out: Path, network: torch.nn.Module, machine: Machine = Machine(), clock: Callable[[], float] = time.monotonic):
        self.config, self.settings, self.out, self.machine, self.clock = config, config['training'], out, machine, clock
        self.network = network.to(machine.device).train()
        self.average = self._weights()
        self.optimiser = torch.optim.Adam(self.groups(), lr=self.settings['learningRate'], betas=ADAM_BETAS)
        self.step = 0
        self.spent = 0.0
        self.resume()

    # What a training says about itself.

    def draw(self, rng: np.random.Generator):
        """One example; must depend on `rng` alone, for it may be drawn in another process."""
        raise NotImplementedError

    def loss(self, example) -> tuple[torch.Tensor, Sequence[float]]:
        """Loss of an example, and the errors to report, in the order of `reports`."""
        raise NotImplementedError

    reports: Sequence[str] = ('rms error',)

    def groups(self) -> list[dict]:
        """Parameters by learning rate: `factor` of the schedule's, 1 when absent. Each group's gradient is clipped apart."""
        return [{'params': list(self.network.parameters())}]

    def rate(self, progress: float) -> float:
        return warm_cosine(self.step, progress, self.settings)

    def updated(self, progress: float) -> None:
        """Called after each step."""

    def state(self) -> dict:
        """What a checkpoint keeps besides the network."""
        return {}

    def restore(self, state: dict) -> None:
        """Take back what `state` gave."""

    # The loop itself.

    def run(self) -> None:
        """Train until the configured minutes or steps are spent; a checkpoint every `checkpointSeconds` and at the end."""
        mark, saved = self.clock(), self.spent
        errors = []
        examples = iter(self._examples())
        while self.progress() < 1:
            errors.append(self._update(examples, self.progress()))
            now = self.clock()
            self.spent += now - mark
            mark = now
            if self.step % self.report_every == 0:
                found = '  '.join(f'{name} {error:.4f}' for name, error in zip(self.reports, np.mean(errors, axis=0), strict=True))
                print(f'step {self.step}  {found}  {self._left()}', flush=True)
                errors = []
            if self.spent - saved > self.settings['checkpointSeconds']:
                self.save()
                saved = self.spent
        self.save()

    def progress(self) -> float:
        """Share of the configured minutes, or steps, that is spent."""
        if 'steps' in self.settings:
            return self.step / self.settings['steps']
        return self.spent / (60 * self.settings['minutes'])

    def begin_with(self, weights: dict[str, torch.Tensor], **how) -> None:
        """Take over weights by name; `how` is passed on to `fit`. The optimiser stays fresh."""
        fit(self.network, weights, **how)
        self.average = self._weights()

    def _examples(self) -> DataLoader:
        """Examples from this step on, in order, drawn by the configured number of processes."""
        drawn = Examples(self.draw, self.config['seed'], self._parts(), self.step)
        workers = self.machine.workers
        ahead = {'prefetch_factor': PREFETCH, 'persistent_workers': True} if workers else {}
        return DataLoader(drawn, batch_size=None, num_workers=workers, **ahead)

    def _update(self, examples: Iterator, progress: float) -> np.ndarray:
        """One optimiser step; returns the mean errors of its examples."""
        # Dropout draws from this generator: a resumed run sees the same as an unbroken one.
        torch.manual_seed(self.config['seed'] * 1_000_003 + self.step)
        rate = self.rate(progress)
        for group in self.optimiser.param_groups:
            group['lr'] = rate * group.get('factor', 1.0)
        parts = self._parts()
        errors = []
        self.optimiser.zero_grad(set_to_none=True)
        for _ in range(parts):
            loss, found = self.loss(next(examples))
            (loss / parts).backward()
            errors.append(found)
        norms = [torch.nn.utils.clip_grad_norm_(group['params'], self.settings['clip']) for group in self.optimiser.param_groups]
        if all(math.isfinite(float(norm)) for norm in norms):
            self.optimiser.step()
        self.step += 1
        decay = min(self.settings.get('ema', 0.0), (self.step + 1) / (self.step + 10))
        torch._foreach_lerp_(self.average, [p.detach() for p in self.network.parameters()], 1 - decay)
        self.updated(progress)
        return np.mean(errors, axis=0)

    def save(self) -> None:
        """A checkpoint appears whole or not at all."""
        self.out.mkdir(parents=True, exist_ok=True)
        partial = self.out / (self.checkpoint + '.partial')
        state = {
            'config': self.config,
            'step': self.step,
            'spent': self.spent,
            'network': self.network.state_dict(),
            'names': [name for name, _ in self.network.named_parameters()],
            'average': [p.cpu() for p in self.average],
            'optimiser': self.optimiser.state_dict(),
            **self.state(),
        }
        torch.save(state, partial)
        partial.replace(self.out / self.checkpoint)

    def resume(self) -> None:
        """Go on from the checkpoint in `out`, where there is one."""
        path = self.out / self.checkpoint
        if not path.exists():
            return
        state = torch.load(path, weights_only=True, map_location=self.machine.device)
        self.step, self.spent = state['step'], state['spent']
        self.network.load_state_dict(state['network'])
        self.average = state['average']
        self.optimiser.load_state_dict(state['optimiser'])
        self.restore(state)
        print(f'resumed at step {self.step}, {self.spent / 60:.1f} min spent', flush=True)

    def _left(self) -> str:
        if 'steps' not in self.settings:
            return f'{self.settings["minutes"] - self.spent / 60:.1f} min left'
        return f'{self.spent / self.step * (self.settings["steps"] - self.step) / 60:.1f} min left'

    def _parts(self) -> int:
        return self.settings.get('accumulate', 1)

    def _weights(self) -> list[torch.Tensor]:
        return [p.detach().clone() for p in self.network.parameters()]


def averaged(checkpoint: Path, network_of: Callable[[dict], torch.nn.Module]) -> tuple[torch.nn.Module, dict]:
    """The network of a checkpoint with its averaged weights, for inference, and its config, step and seconds spent."""
    state = torch.load(checkpoint, weights_only=True, map_location='cpu')
    network = network_of(state['config'])
    fit(network, averaged_weights(checkpoint))
    return network.eval(), {key: state[key] for key in ('config', 'step', 'spent')}
