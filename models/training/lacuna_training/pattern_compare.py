"""One network, fine-tuned equally for each of several line patterns of one acceleration, and scored on the held-out slices."""

import hashlib
import json
import math
import time
from pathlib import Path

import numpy as np
import torch

from . import patterns
from .acquisitions import Acquisition, Slice, development_slices, reference
from .coilmaps import fftc, lines_block, low_resolution_maps
from .data import measured_maps, training_slices
from .evaluate import run
from .losses import reconstruction_loss
from .metrics import scores
from .pattern_examples import draw_scan, lines_example, symmetric_run
from .pattern_logits import LineLogits, lines_centre
from .pattern_training import FAMILY, learned_logits
from .placement import FAMILY_MIRROR, OFFSET, budget, centre_count, design_lines, family_order
from .train import network_of, posed
from .weights import fit, weights_of

LEARNED = 'learned'
TUNED_FILE = 'tuned.pt'
TUNED = ('random', 'equispaced', 'gaussian', 'low-pass', LEARNED)
# Scored with the network that was tuned for the learned pattern: the nested family, and the density that learning began with.
BESIDE = ('learned family', 'initial density')


class Masks:
    """Line masks of one acceleration by name; `learned` are knots by design name."""

    def __init__(self, config: dict, logits: LineLogits):
        self.acceleration, self.fraction = config['acceleration'], config['centreFraction']
        self.knots = {name: logits.knots(name).detach().double().numpy() for name in logits.names}
        self.design = config['design']
        initial = LineLogits([FAMILY], len(self.knots[FAMILY]))
        self.initial = initial.base.detach().double().numpy()

    def draw(self, name: str, columns: int, rng) -> np.ndarray:
        """float32 [N]; every pattern has the same fully sampled centre (low-pass has nothing else)."""
        kept = budget(columns, self.acceleration)
        low = centre_count(columns, self.fraction, kept)
        if name == 'random':
            centre, left = lines_centre(columns, self.acceleration, self.fraction)
            mask = centre.numpy().astype(np.float32)
            mask[rng.choice(np.flatnonzero(mask == 0), left, replace=False)] = 1
        elif name == 'low-pass':
            mask = lines_centre(columns, self.acceleration, 1.0)[0].numpy()
        elif name == LEARNED:
            mask = design_lines(self.knots[self.design], columns, self.acceleration, self.fraction, OFFSET)
        elif name == 'initial density':
            mask = design_lines(self.initial, columns, self.acceleration, self.fraction, OFFSET)
        elif name == 'learned family':
            mask = np.zeros(columns)
            mask[family_order(self.knots[FAMILY], columns, kept, self.fraction, FAMILY_MIRROR)] = 1
        else:
            mask = patterns.LINES[name](rng, columns, self.acceleration, low)
        return mask.astype(np.float32)


def compare(config_path: Path, data: Path, out: Path, start: Path, learned: Path, threads: int) -> None:
    """Writes `out/comparison.json`; networks that were tuned before are taken from `out`."""
    config = json.loads(config_path.read_text())
    torch.set_num_threads(threads)
    out.mkdir(parents=True, exist_ok=True)
    masks = Masks(config, learned_logits(learned)[0])
    if not (out / TUNED_FILE).exists():
        _tune(config, masks, weights_of(start), data, out)
    tuned = torch.load(out / TUNED_FILE, weights_only=True)
    report = {
        'config': config,
        'start': {'file': start.name, 'sha256': hashlib.sha256(start.read_bytes()).hexdigest()},
        'seconds': tuned['seconds'],
        'rows': _scored(config, masks, data, tuned['weights']),
    }
    (out / 'comparison.json').write_text(json.dumps(report, indent=1))


class Tuning:
    """One network on its way, for one pattern."""

    def __init__(self, config: dict, weights: dict):
        self.settings = config['training']
        self.network = network_of(config)
        fit(self.network, weights)
        self.optimiser = torch.optim.Adam(self.network.parameters(), lr=self.settings['learningRate'], betas=(0.9, 0.99))

    def update(self, example, step: int) -> float:
        """Returns the relative error before the update."""
        s = self.settings
        for group in self.optimiser.param_groups:
            group['lr'] = s['learningRate'] * min(1.0, (step + 1) / s['warmupSteps']) * 0.5 * (1 + math.cos(math.pi * step / s['steps']))
        image = self.network(*posed(example))
        loss, error = reconstruction_loss(image, example.magnitude, example.combined, example.level, s['ssimWeight'], s['complexWeight'])
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), s['clip'])
        self.optimiser.step()
        return float(error)


def _tune(config: dict, masks: Masks, weights: dict, data: Path, out: Path) -> None:
    """All patterns together: in every step, each network sees the same strip of the same scan through its own mask."""
    volumes, measured = training_slices(data), measured_maps(data)
    runs = {name: Tuning(config, weights) for name in TUNED}
    steps = config['training']['steps']
    began = time.monotonic()
    errors = []
    for step in range(steps):
        seed = [config['seed'], step]
        scan = draw_scan(np.random.default_rng(seed), volumes, config['simulation'], measured)
        errors.append([])
        for name, run_ in runs.items():
            mask = torch.from_numpy(masks.draw(name, scan.clean.shape[2], np.random.default_rng([*seed, 1])))
            example = lines_example(np.random.default_rng([*seed, 2]), scan, mask, config['simulation'])
            errors[-1].append(run_.update(example, step))
        if (step + 1) % 20 == 0:
            print(f'step {step + 1} of {steps}  rms errors ' + '  '.join(f'{n} {e:.4f}' for n, e in zip(TUNED, np.mean(errors[-20:], 0))), flush=True)
    seconds = time.monotonic() - began
    kept = {name: {n: p.detach() for n, p in run_.network.named_parameters()} for name, run_ in runs.items()}
    torch.save({'weights': kept, 'seconds': seconds}, out / TUNED_FILE)


def _scored(config: dict, masks: Masks, data: Path, tuned: dict) -> list[dict]:
    rows = []
    slices = development_slices(data)
    for name in (*TUNED, *BESIDE):
        network = network_of(config)
        fit(network, tuned[LEARNED if name in BESIDE else name])
        for number, slice_ in enumerate(slices):
            columns = slice_.images.shape[2]
            mask = masks.draw(name, columns, np.random.default_rng(77 + number))
            with torch.no_grad():
                estimate = run(network, acquired(slice_, mask))
            k = np.abs((np.arange(columns) - columns // 2) / columns)
            rows.append(
                {
                    'pattern': name,
                    'slice': slice_.name,
                    'number': number,
                    'kept': int(mask.sum()),
                    'columns': columns,
                    'meanFrequency': float(k[mask > 0].mean()),
                    **scores(reference(slice_.images).numpy(), estimate.numpy()),
                }
            )
        mean = {key: np.mean([row[key] for row in rows if row['pattern'] == name]) for key in ('psnr', 'ssim', 'meanFrequency')}
        print(f'{name}: {mean["psnr"]:.2f} dB  {mean["ssim"]:.4f}  mean |f| {mean["meanFrequency"]:.3f}', flush=True)
    return rows


def acquired(slice_: Slice, mask: np.ndarray) -> Acquisition:
    """The slice seen through a line mask, with maps from the run of lines around DC."""
    weights = torch.from_numpy(mask)
    sampled = fftc(slice_.images, (-1,)) * weights
    maps = low_resolution_maps(fftc(sampled, (-2,)), lines_block(slice_.images.shape[1], symmetric_run(weights)))
    real = torch.view_as_real
    return Acquisition('lines', real(sampled.contiguous()), real(maps.contiguous()), weights, slice_.noise)
