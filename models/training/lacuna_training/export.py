"""Export to ONNX, check against PyTorch, and write the model package."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

from .card import write_card
from .split import TRAIN
from .network import LinesGraph, PointsGraph
from .operators import centred_dft_matrix
from .train import load_averaged, posed

OPSET = 17
PARITY = 1e-4
# Coils, rows, columns: odd, even, prime, larger and smaller than what was trained on, one coil.
PARITY_SIZES = ((1, 64, 64), (3, 61, 83), (4, 217, 182), (6, 96, 320), (7, 256, 216), (12, 97, 130))


@dataclass(frozen=True)
class Tensor:
    name: str
    role: str
    shape: tuple
    help: str


ADJOINT = Tensor(
    'adjoint',
    'adjoint',
    ('rows', 'columns', 2),
    'A^H y: zero-filled coil images combined with the conjugate maps, by the centred orthonormal inverse DFT; in any unit',
)
MAPS = Tensor('maps', 'maps', ('coils', 'rows', 'columns', 2), 'Coil maps of unit root-sum-of-squares, image space')
CONDITION = Tensor(
    'condition',
    'condition',
    (2,),
    'Acquired fraction; standard deviation of the noise in real and imaginary part of a sample, in the unit of k-space, 0 = unknown',
)
DFT = 'of the centred orthonormal DFT [k, n]: exp(-2 pi i (k - c)(n - c) / N) / sqrt(N), c = floor(N / 2)'

GRAPHS = {
    'lines': (
        LinesGraph,
        (
            ADJOINT,
            MAPS,
            Tensor('dft_lines', 'dft-lines', ('lines', 'columns', 2), f'Rows {DFT}, of the acquired lines alone'),
            CONDITION,
        ),
    ),
    'points': (
        PointsGraph,
        (
            ADJOINT,
            MAPS,
            Tensor('weights', 'weights', ('spectrum_rows', 'spectrum_columns'), '1 = point acquired, 0 = not; or the transfer function of a trajectory'),
            Tensor('dft_rows', 'dft-rows', ('spectrum_rows', 'rows', 2), f'Matrix {DFT}, along rows'),
            Tensor('dft_columns', 'dft-columns', ('spectrum_columns', 'columns', 2), f'Matrix {DFT}, along columns'),
            CONDITION,
        ),
    ),
}
IMAGE = Tensor(
    'image',
    'image',
    ('rows', 'columns', 2),
    'Complex image in the unit of the input; its magnitude estimates that of the fully sampled, combined coils',
)


def export(checkpoint: Path, config: Path, out: Path, version: str) -> None:
    """Write lines.onnx, points.onnx, model.json and CARD.md; raises when a graph departs from PyTorch."""
    network, state = load_averaged(checkpoint)
    out.mkdir(parents=True, exist_ok=True)
    parity = {}
    graphs = {}
    for kind, (graph, inputs) in GRAPHS.items():
        module = graph(network).eval()
        path = out / f'{kind}.onnx'
        write_graph(module, kind, inputs, path)
        parity[kind] = check_parity(module, kind, path)
        graphs[kind] = _graph_entry(path, inputs)
    described = json.loads(config.read_text())
    manifest = _manifest(described, version, graphs, sum(p.numel() for p in network.parameters()))
    (out / 'model.json').write_text(json.dumps(manifest, indent=2) + '\n')
    (out / 'CARD.md').write_text(write_card(manifest, state, parity, described['about']))


def write_graph(module, kind: str, inputs: tuple[Tensor, ...], path: Path) -> None:
    names = [i.name for i in inputs]
    dynamic = {i.name: {k: s for k, s in enumerate(i.shape) if isinstance(s, str)} for i in (*inputs, IMAGE)}
    partial = path.with_suffix('.onnx.partial')
    torch.onnx.export(
        module,
        example_inputs(kind, 3, 61, 83, 0),
        partial,
        dynamo=False,
        opset_version=OPSET,
        input_names=names,
        output_names=['image'],
        dynamic_axes=dynamic,
    )
    onnx.checker.check_model(str(partial), full_check=True)
    partial.replace(path)


def check_parity(module, kind: str, path: Path) -> float:
    """Largest difference relative to the largest output over PARITY_SIZES; raises above PARITY."""
    session = onnxruntime.InferenceSession(str(path), providers=['CPUExecutionProvider'])
    worst = 0.0
    for seed, (coils, rows, columns) in enumerate(PARITY_SIZES):
        values = example_inputs(kind, coils, rows, columns, seed)
        with torch.no_grad():
            expected = module(*values).numpy()
        feed = {i.name: v.numpy() for i, v in zip(session.get_inputs(), values)}
        difference = np.abs(session.run(None, feed)[0] - expected).max() / np.abs(expected).max()
        if not difference < PARITY:
            raise RuntimeError(f'{kind} at {coils}x{rows}x{columns}: ONNX Runtime differs by {difference:.2e}')
        worst = max(worst, float(difference))
    return worst


def example_inputs(kind: str, coils: int, rows: int, columns: int, seed: int) -> tuple[torch.Tensor, ...]:
    """Random inputs of the exported graph with a smooth spectrum, about a third of the samples kept."""
    generator = torch.Generator().manual_seed(seed)

    def draw(*shape):
        return torch.randn(*shape, generator=generator)

    maps = draw(coils, rows, columns, 2)
    maps = maps / maps.square().sum((0, 3), keepdim=True).sqrt()
    keep = (columns,) if kind == 'lines' else (rows, columns)
    mask = (torch.rand(keep, generator=generator) < 0.35).float()
    mask[..., columns // 2 - 3 : columns // 2 + 3] = 1
    decay = 1 / (1 + (torch.arange(columns) - columns // 2).abs())
    kspace = draw(coils, rows, columns, 2) * decay[:, None] * mask[..., None]
    _, adjoint, condition = posed(Posed(kind, kspace, maps, mask, 0.01 * (seed % 3)))
    shared = (adjoint.permute(1, 2, 0).contiguous(), maps)
    across = centred_dft_matrix(columns)
    if kind == 'lines':
        return (*shared, across[mask > 0], condition)
    return (*shared, mask, centred_dft_matrix(rows), across, condition)


@dataclass(frozen=True)
class Posed:
    kind: str
    kspace: torch.Tensor
    maps: torch.Tensor
    mask: torch.Tensor
    noise: float


def _graph_entry(path: Path, inputs: tuple[Tensor, ...]) -> dict:
    content = path.read_bytes()
    return {
        'file': path.name,
        'sha256': hashlib.sha256(content).hexdigest(),
        'bytes': len(content),
        'inputs': [_tensor(i) for i in inputs],
        'outputs': [_tensor(IMAGE)],
    }


def _tensor(tensor: Tensor) -> dict:
    return {'name': tensor.name, 'role': tensor.role, 'dtype': 'float32', 'shape': list(tensor.shape), 'help': tensor.help}


def _manifest(config: dict, version: str, graphs: dict, parameters: int) -> dict:
    about = config['about']
    return {
        'lacunaModel': 2,
        'id': config['id'],
        'version': version,
        'title': about['title'],
        'summary': about['summary'],
        'licence': 'MIT',
        'task': 'mri-reconstruction',
        'graphs': graphs,
        'inference': about['inference'],
        'parameters': parameters,
        'tolerance': {'maxAbs': 0.001, 'nrmse': 0.0001},
        'trained': {
            'acceleration': [2, 10],
            'coils': [1, 8],
            'matrix': [112, 336],
            'snr': sorted(round(1 / level) for level in config['simulation']['noise']),
            'patterns': ['random', 'equispaced', 'gaussian', 'poisson-disc'],
            'data': [f'{source.file.removeprefix("nii/")} ({source.licence}; {source.citation})' for source in TRAIN],
        },
    }
