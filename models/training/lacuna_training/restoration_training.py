"""Training of image-to-image networks: deterministic examples, wall-clock schedule, moving average of weights, resumable."""

import json
import math
import time
from pathlib import Path

import numpy as np
import torch

from .data import training_slices
from .espcn import Espcn, EspcnConfig
from .losses import ssim
from .reconresnet import ReconResNet, ReconResNetConfig
from .restoration_data import draw_pair, draw_undersampled, replace_band, wrapped, zero_padded
from .weights import averaged_weights, fit

CHECKPOINT = 'checkpoint.pt'
CHARBONNIER = 1e-3
# Coarse pixels around an image, more than the network reaches.
MARGIN = 8


def network_of(config: dict) -> torch.nn.Module:
    n = config['network']
    if n['kind'] == 'espcn':
        return Espcn(EspcnConfig(n['factor'], tuple(n['widths']), n['base']))
    return ReconResNet(ReconResNetConfig(n['channels'], n['blocks'], n['dropout'], n['head']))


def train(config_path: Path, data: Path, out: Path, threads: int, start: Path | None = None) -> None:
    """Train until the configured minutes are used up (counted over all resumptions); writes `out/checkpoint.pt`.

    `start` is a checkpoint whose averaged weights a new run begins with where name and shape agree.
    """
    config = json.loads(config_path.read_text())
    torch.set_num_threads(threads)
    torch.manual_seed(config['seed'])
    out.mkdir(parents=True, exist_ok=True)
    run = Run(config, out)
    if start is not None and run.step == 0:
        run.start_from(start)
    run.loop(training_slices(data))


class Run:
    def __init__(self, config: dict, out: Path):
        self.config, self.settings, self.out = config, config['training'], out
        self.device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')
        self.network = network_of(config).to(self.device).train()
        self.average = [p.detach().clone() for p in self.network.parameters()]
        self.optimiser = torch.optim.Adam(self.network.parameters(), lr=self.settings['learningRate'])
        self.step = 0
        self.spent = 0.0
        if (out / CHECKPOINT).exists():
            self._load()

    def start_from(self, checkpoint: Path) -> None:
        weights = averaged_weights(checkpoint)
        taken = []
        with torch.no_grad():
            for name, parameter in self.network.named_parameters():
                if name in weights and weights[name].shape == parameter.shape:
                    parameter.copy_(weights[name])
                    taken.append(name)
        self.average = [p.detach().clone() for p in self.network.parameters()]
        print(f'begins with {len(taken)} of {len(self.average)} parameters of {checkpoint}', flush=True)

    def loop(self, volumes) -> None:
        budget = 60 * self.settings['minutes']
        mark = time.monotonic()
        saved = self.spent
        errors = []
        while self.spent < budget:
            errors.append(self._update(volumes, self.spent / budget))
            now = time.monotonic()
            self.spent += now - mark
            mark = now
            if self.step % 100 == 0:
                before, after = np.mean(errors, axis=0)
                left = (budget - self.spent) / 60
                print(f'step {self.step}  rms error {after:.5f}, of the input {before:.5f}  {left:.1f} min left', flush=True)
                errors = []
            if self.spent - saved > self.settings['checkpointSeconds']:
                self._save()
                saved = self.spent
        self._save()

    def _update(self, volumes, progress: float) -> tuple[float, float]:
        """One optimiser step; root-mean-square errors without the network (for super-resolution of sinc interpolation) and with it."""
        s = self.settings
        warm = min(1.0, (self.step + 1) / s['warmupSteps'])
        cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))
        for group in self.optimiser.param_groups:
            group['lr'] = warm * (s['finalLearningRate'] + (s['learningRate'] - s['finalLearningRate']) * cosine)
        rng = np.random.default_rng([self.config['seed'], self.step])
        loss, errors = self._loss(rng, volumes)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.network.parameters(), s['clip'])
        if math.isfinite(float(norm)):
            self.optimiser.step()
        self.step += 1
        decay = min(s['ema'], (self.step + 1) / (self.step + 10))
        torch._foreach_lerp_(self.average, [p.detach() for p in self.network.parameters()], 1 - decay)
        return errors

    def _loss(self, rng, volumes):
        if self.config['network']['kind'] == 'espcn':
            losses, errors = zip(*(self._finer(rng, volumes) for _ in range(self.config['examples']['slices'])))
            return torch.stack(losses).mean(), tuple(np.mean(errors, axis=0))
        x, target = (t.to(self.device) for t in draw_undersampled(rng, volumes, self.config['examples']))
        y = self.network(x)
        unlike = 1 - torch.stack([ssim(a[0], b[0], 1.0) for a, b in zip(y, target)]).mean()
        return (y - target).abs().mean() + self.settings['ssimWeight'] * unlike, (_rms(x - target), _rms(y - target))

    def _finer(self, rng, volumes):
        """Charbonnier loss of a slice after k-space replacement: the network has only to find what lies outside of the measured band."""
        factor = self.config['network']['factor']
        coarse, fine = draw_pair(rng, volumes, self.config['examples'], factor)
        inner = slice(MARGIN * factor, -MARGIN * factor)
        made = self.network(wrapped(coarse, MARGIN).to(self.device)).cpu()[0, 0, inner, inner]
        difference = replace_band(made, coarse, factor) - fine
        loss = (difference.square() + CHARBONNIER**2).sqrt().mean()
        return loss, (_rms(zero_padded(coarse, factor) - fine), _rms(difference))

    def _save(self) -> None:
        partial = self.out / (CHECKPOINT + '.partial')
        state = {
            'config': self.config,
            'step': self.step,
            'spent': self.spent,
            'network': self.network.state_dict(),
            'names': [name for name, _ in self.network.named_parameters()],
            'average': [p.cpu() for p in self.average],
            'optimiser': self.optimiser.state_dict(),
        }
        torch.save(state, partial)
        partial.replace(self.out / CHECKPOINT)

    def _load(self) -> None:
        state = torch.load(self.out / CHECKPOINT, weights_only=True, map_location=self.device)
        self.step, self.spent = state['step'], state['spent']
        self.network.load_state_dict(state['network'])
        self.average = [p.to(self.device) for p in state['average']]
        self.optimiser.load_state_dict(state['optimiser'])
        print(f'resumed at step {self.step}, {self.spent / 60:.1f} min spent', flush=True)


def _rms(x: torch.Tensor) -> float:
    return float(x.detach().square().mean().sqrt())


def load_averaged(checkpoint: Path) -> tuple[torch.nn.Module, dict]:
    """The network with its averaged weights, for inference, and the checkpoint's config, step and seconds spent."""
    state = torch.load(checkpoint, weights_only=True, map_location='cpu')
    network = network_of(state['config'])
    fit(network, averaged_weights(checkpoint))
    return network.eval(), {key: state[key] for key in ('config', 'step', 'spent')}
