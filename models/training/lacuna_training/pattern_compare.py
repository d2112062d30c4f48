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
from .weights import averaged_weights, fit, released_weights

LEARNED = 'learned'
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
    weights = released_weights(start) if start.suffix == '.onnx' else averaged_weights(start)
    seconds = {name: _tuned(config, masks, name, weights, data, out) for name in TUNED}
    report = {
        'config': config,
        'start': {'file': start.name, 'sha256': hashlib.sha256(start.read_bytes()).hexdigest()},
        'seconds': seconds,
        'rows': _scored(config, masks, data, out),
    }
    (out / 'comparison.json').write_text(json.dumps(report, indent=1))


def _tuned(config: dict, masks: Masks, name: str, weights: dict, data: Path, out: Path) -> float:
    """Fine-tune and save the network for one pattern; returns the seconds it took. Step s sees the same scan for every pattern."""
    path = out / f'{name}.pt'
    if path.exists():
        return torch.load(path, weights_only=True)['seconds']
    volumes, measured = training_slices(data), measured_maps(data)
    network = network_of(config)
    fit(network, weights)
    s = config['training']
    optimiser = torch.optim.Adam(network.parameters(), lr=s['learningRate'], betas=(0.9, 0.99))
    began = time.monotonic()
    errors = []
    for step in range(s['steps']):
        for group in optimiser.param_groups:
            group['lr'] = s['learningRate'] * min(1.0, (step + 1) / s['warmupSteps']) * 0.5 * (1 + math.cos(math.pi * step / s['steps']))
        rng = np.random.default_rng([config['seed'], step])
        scan = draw_scan(rng, volumes, config['simulation'], measured)
        mask = torch.from_numpy(masks.draw(name, scan.clean.shape[2], np.random.default_rng([config['seed'], step, 1])))
        example = lines_example(rng, scan, mask, config['simulation'])
        image = network(*posed(example))
        loss, error = reconstruction_loss(image, example.magnitude, example.combined, example.level, s['ssimWeight'], s['complexWeight'])
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), s['clip'])
        optimiser.step()
        errors.append(float(error))
        if (step + 1) % 50 == 0:
            print(f'{name}: step {step + 1} of {s["steps"]}  rms error {np.mean(errors):.4f}', flush=True)
            errors = []
    seconds = time.monotonic() - began
    torch.save({'names': [n for n, _ in network.named_parameters()], 'average': [p.detach() for p in network.parameters()], 'seconds': seconds}, path)
    return seconds


def _scored(config: dict, masks: Masks, data: Path, out: Path) -> list[dict]:
    rows = []
    slices = development_slices(data)
    for name in (*TUNED, *BESIDE):
        network = network_of(config)
        fit(network, averaged_weights(out / f'{LEARNED if name in BESIDE else name}.pt'))
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
