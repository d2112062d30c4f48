"""Export of image-to-image networks to ONNX, check against PyTorch, and the model package."""

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

from .restoration_card import write_card
from .restoration_training import load_averaged
from .split import TRAIN
from .undersampled import ACCELERATIONS

OPSET = 17
PARITY = 1e-4
# Rows, columns: small, wide, odd, as trained, larger; of ReconResNet the next multiples of 4.
PARITY_SIZES = ((32, 32), (64, 96), (81, 117), (160, 160), (256, 216))
GRAPH = 'image'
INPUT_HELP = {
    'espcn': 'Magnitude of the coarse image, largest value about 1; wrapped round by 8 pixels or more on each side',
    'reconresnet': 'Magnitude of the zero-filled image, coils combined, largest value 1; sides padded to multiples of 4',
}
OUTPUT_HELP = {
    'espcn': 'Magnitude on the fine grid in the unit of the input; fine pixel r m lies on coarse pixel m',
    'reconresnet': 'Magnitude without undersampling artefacts in the unit of the input, before data consistency',
}


def export(checkpoint: Path, config: Path, evaluation: Path | None, out: Path, version: str) -> None:
    """Write image.onnx, model.json and CARD.md; raises when the graph departs from PyTorch by more than PARITY."""
    network, state = load_averaged(checkpoint)
    out.mkdir(parents=True, exist_ok=True)
    kind = state['config']['network']['kind']
    path = out / f'{GRAPH}.onnx'
    write_graph(network, kind, path)
    parity = check_parity(network, kind, path)
    about = json.loads(config.read_text())
    pictures = {p.stem: _entry(p) for p in sorted(out.glob('*.png'))}
    manifest = _manifest(about, kind, version, path, sum(p.numel() for p in network.parameters()), pictures)
    (out / 'model.json').write_text(json.dumps(manifest, indent=2) + '\n')
    rows = json.loads(evaluation.read_text()) if evaluation else []
    (out / 'CARD.md').write_text(write_card(manifest, kind, state, parity, rows, about['about'].get('history', '')))


def write_graph(network: torch.nn.Module, kind: str, path: Path) -> None:
    partial = path.with_suffix('.onnx.partial')
    torch.onnx.export(
        network,
        (example(kind, 32, 40, 0),),
        partial,
        dynamo=False,
        opset_version=OPSET,
        input_names=['magnitude'],
        output_names=['image'],
        dynamic_axes={'magnitude': {2: 'rows', 3: 'columns'}, 'image': {2: 'fine_rows', 3: 'fine_columns'} if kind == 'espcn' else {2: 'rows', 3: 'columns'}},
    )
    graph = onnx.load(str(partial))
    for node in graph.graph.node:
        # With one channel out both orders are the same, and not every provider has CRD.
        if node.op_type == 'DepthToSpace':
            for attribute in node.attribute:
                if attribute.name == 'mode':
                    attribute.s = b'DCR'
    onnx.checker.check_model(graph, full_check=True)
    onnx.save(graph, str(partial))
    partial.replace(path)


def check_parity(network: torch.nn.Module, kind: str, path: Path) -> float:
    """Largest difference relative to the largest output over PARITY_SIZES; raises above PARITY."""
    session = onnxruntime.InferenceSession(str(path), providers=['CPUExecutionProvider'])
    worst = 0.0
    for seed, (rows, columns) in enumerate(PARITY_SIZES):
        x = example(kind, rows, columns, seed)
        with torch.no_grad():
            expected = network(x).numpy()
        found = session.run(None, {'magnitude': x.numpy()})[0]
        difference = float(np.abs(found - expected).max() / np.abs(expected).max())
        if not difference < PARITY:
            raise RuntimeError(f'{kind} at {rows}x{columns}: ONNX Runtime differs by {difference:.2e}')
        worst = max(worst, difference)
    return worst


def example(kind: str, rows: int, columns: int, seed: int) -> torch.Tensor:
    """Blurred noise between 0 and 1, [1, 1, rows, columns]; sides rounded up to multiples of 4 where the network needs that."""
    if kind == 'reconresnet':
        rows, columns = rows + -rows % 4, columns + -columns % 4
    noise = torch.rand(1, 1, rows + 4, columns + 4, generator=torch.Generator().manual_seed(seed))
    smooth = torch.nn.functional.avg_pool2d(noise, 5, stride=1)
    return smooth / smooth.max()


def _manifest(config: dict, kind: str, version: str, path: Path, parameters: int, pictures: dict) -> dict:
    network, about = config['network'], config['about']
    fine = ['fine_rows', 'fine_columns'] if kind == 'espcn' else ['rows', 'columns']
    tensor = lambda name, role, sides, help_: {'name': name, 'role': role, 'dtype': 'float32', 'shape': [1, 1, *sides], 'help': help_}
    graph = {
        **_entry(path),
        'inputs': [tensor('magnitude', 'magnitude', ['rows', 'columns'], INPUT_HELP[kind])],
        'outputs': [tensor('image', 'image-magnitude', fine, OUTPUT_HELP[kind])],
    }
    data = [f'{s.file.removeprefix("nii/")} ({s.licence}; {s.citation})' for s in TRAIN]
    if kind == 'espcn':
        # Every output pixel depends on nine coarse pixels across: the size of the image has no meaning.
        trained = {'noise': 'that of the training scans', 'data': data}
        inference = {'scale': 'maximum'}
    else:
        trained = {
            'acceleration': list(ACCELERATIONS),
            'coils': [1, 8],
            'matrix': [96, 336],
            'noise': f'complex white, {noise_range(config)} of the mean tissue signal in each component',
            'patterns': ['random', 'gaussian', 'equispaced', 'poisson-disc', 'radial'],
            'data': data,
        }
        inference = {'scale': 'maximum', 'multiple': 4, 'passes': network.get('passes', 1)}
    return {
        'lacunaModel': 2,
        'id': config['id'],
        'version': version,
        'title': about['title'],
        'summary': about['summary'],
        'licence': 'MIT',
        'task': 'super-resolution' if kind == 'espcn' else 'mri-artefact-removal',
        'graphs': {GRAPH: graph},
        **({'files': pictures} if pictures else {}),
        'inference': inference,
        'parameters': parameters,
        'tolerance': {'maxAbs': 0.001, 'nrmse': 0.0001},
        'trained': trained,
    }


def noise_range(config: dict) -> str:
    low, high = (f'{100 * share:g}' for share in config['examples']['noise'])
    return f'{low} to {high} %'


def _entry(path: Path) -> dict:
    content = path.read_bytes()
    return {'file': path.name, 'sha256': hashlib.sha256(content).hexdigest(), 'bytes': len(content)}
