"""Development evaluation in Python: the network against zero-filled, SENSE and L1-wavelet at its best lambda."""

import json
import sys
from pathlib import Path

import numpy as np
import torch

from .acquisitions import acquire, development_slices, reference
from .baselines import l1_wavelet, sense
from .metrics import scores
from .network import LinesGraph, PointsGraph
from .operators import centred_dft_matrix
from .train import load_averaged, posed

SETTINGS = (
    ('random', 4.0, 0.08),
    ('equispaced', 4.0, 0.08),
    ('gaussian', 4.0, 0.08),
    ('random', 8.0, 0.04),
    ('poisson', 6.0, 0.08),
)
# Thresholds relative to the reference's maximum; L1-wavelet is given the best of them per slice, by PSNR.
LAMBDAS = tuple(np.geomspace(0.0003, 0.02, 8))


def evaluate(checkpoint: Path, data: Path, out: Path, threads: int, reuse: Path | None) -> None:
    """Score every held-out slice; writes `out/evaluation.json` and `out/images.npz`.

    With `reuse`, an earlier evaluation.json, the rows of the classical methods, which do not depend on the checkpoint, are
    taken from there.
    """
    torch.set_num_threads(threads)
    network, _ = load_averaged(checkpoint)
    rows = [row for row in json.loads(reuse.read_text()) if row['method'] != 'unrolled'] if reuse else []
    images = {}
    for pattern, acceleration, fraction in SETTINGS:
        for number, slice_ in enumerate(development_slices(data)):
            acquisition = acquire(slice_, number, pattern, acceleration, fraction)
            target = reference(slice_.images)
            estimates = reconstruct(network, acquisition, target, reuse is None)
            for method, (estimate, note) in estimates.items():
                rows.append(
                    {
                        'slice': slice_.name,
                        'number': number,
                        'pattern': pattern,
                        'acceleration': acceleration,
                        'achieved': float(1 / acquisition.mask.mean()),
                        'method': method,
                        **scores(target.numpy(), estimate.numpy()),
                        **note,
                    }
                )
                images[f'{pattern}{acceleration:g}/{number}/{method}'] = estimate.numpy()
            images[f'{pattern}{acceleration:g}/{number}/reference'] = target.numpy()
            print(_line(rows, len(estimates)), file=sys.stderr, flush=True)
    out.mkdir(parents=True, exist_ok=True)
    (out / 'evaluation.json').write_text(json.dumps(rows, indent=1))
    np.savez_compressed(out / 'images.npz', **images)


def reconstruct(network, acquisition, target, baselines: bool) -> dict:
    """Method -> (magnitude [R, N], extra columns of the table)."""
    operator, adjoint, _ = posed(acquisition)
    with torch.no_grad():
        estimates = {'unrolled': (run(network, acquisition), {})}
        if baselines:
            estimates['zero-filled'] = (_magnitude(adjoint), {})
            estimates['sense'] = (_magnitude(sense(operator, adjoint)), {})
            estimates['l1-wavelet'] = _best_l1(operator, adjoint, target)
    return estimates


def run(network, acquisition) -> torch.Tensor:
    """Magnitude [R, N] from the graph that is exported for this kind of pattern."""
    _, adjoint, condition = posed(acquisition)
    shared = (adjoint.permute(1, 2, 0), acquisition.maps)
    rows, columns = (centred_dft_matrix(n) for n in acquisition.maps.shape[1:3])
    if acquisition.kind == 'lines':
        image = LinesGraph(network)(*shared, columns[acquisition.mask > 0], condition)
    else:
        image = PointsGraph(network)(*shared, acquisition.mask, rows, columns, condition)
    return image.square().sum(-1).sqrt()


def _best_l1(operator, adjoint, target):
    best = None
    for relative in LAMBDAS:
        image = _magnitude(l1_wavelet(operator, adjoint, float(relative * target.max())))
        psnr = scores(target.numpy(), image.numpy())['psnr']
        if best is None or psnr > best[0]:
            best = (psnr, image, {'lambda': float(relative)})
        elif psnr < best[0] - 0.3:
            break
    return best[1], best[2]


def _magnitude(image: torch.Tensor) -> torch.Tensor:
    return image.square().sum(0).sqrt()


def _line(rows: list[dict], count: int) -> str:
    last = rows[-count:]
    figures = '  '.join(f'{r["method"]} {r["psnr"]:.2f} dB {r["ssim"]:.4f}' for r in last)
    return f'{last[0]["pattern"]} R={last[0]["acceleration"]:g} {last[0]["slice"]}: {figures}'
