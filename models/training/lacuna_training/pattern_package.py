"""The package of learned patterns: patterns.json, manifest, card and a picture of the densities."""

import hashlib
import json
from pathlib import Path

import torch

from .pattern_card import density_picture, write_card
from .pattern_logits import LineLogits, PointLogits
from .pattern_training import FAMILY, learned_logits
from .placement import FAMILY_MIRROR, OFFSET
from .split import TRAIN

ID = 'learned-patterns'
# Logits of points are written on this many frequencies each way; the centre, which they do not resolve, is sampled whole.
POINT_KNOTS = 33
# A new point keeps this share of the distance that it keeps from points, from the mirror images of points.
POINT_MIRROR = 0.5


def export(lines: Path, points: Path, comparison: Path | None, out: Path, version: str) -> None:
    """Write patterns.json, density.png, model.json and CARD.md to `out`."""
    line_logits, line_state = learned_logits(lines)
    point_logits, point_state = learned_logits(points)
    out.mkdir(parents=True, exist_ok=True)
    patterns = {
        'lacunaPatterns': 1,
        'family': _family(line_logits, line_state['config']['patterns']),
        'lines': _designs(line_logits, line_state['config']['patterns']),
        'points': [_points(point_logits, point_state['config']['patterns'])],
    }
    (out / 'patterns.json').write_text(json.dumps(patterns, indent=1) + '\n')
    density_picture(patterns).save(out / 'density.png', optimize=True)
    report = json.loads(comparison.read_text()) if comparison else None
    parameters = sum(p.numel() for logits in (line_logits, point_logits) for p in logits.parameters())
    files = {'patterns': _promise(out / 'patterns.json'), 'density': _promise(out / 'density.png')}
    manifest = _manifest(version, files, parameters, line_state['config']['patterns'])
    (out / 'model.json').write_text(json.dumps(manifest, indent=2) + '\n')
    (out / 'CARD.md').write_text(write_card(manifest, patterns, (line_state, point_state), report))


def _family(logits: LineLogits, settings: dict) -> dict:
    return {
        'acceleration': settings['familyRates'],
        'centreFraction': settings['familyCentre'],
        'mirror': FAMILY_MIRROR,
        'logits': _rounded(logits.knots(FAMILY)),
    }


def _designs(logits: LineLogits, settings: dict) -> list[dict]:
    return [{'name': name, **design, 'offset': OFFSET, 'logits': _rounded(logits.knots(name))} for name, design in settings['designs'].items()]


def _points(logits: PointLogits, settings: dict) -> dict:
    frequency = torch.linspace(-0.5, 0.5, POINT_KNOTS)
    with torch.no_grad():
        grid = logits.between(frequency, frequency)
    return {
        'name': f'r{settings["acceleration"]}',
        'acceleration': settings['acceleration'],
        'centreFraction': settings['centreFraction'],
        'mirror': POINT_MIRROR,
        'logits': [_rounded(row - grid.max()) for row in grid],
    }


def _rounded(values: torch.Tensor) -> list[float]:
    """To four places, the largest 0 for lines; what is shipped is what is compared."""
    return [round(float(v), 4) for v in values.detach()]


def _promise(path: Path) -> dict:
    content = path.read_bytes()
    return {'file': path.name, 'sha256': hashlib.sha256(content).hexdigest(), 'bytes': len(content)}


def _manifest(version: str, files: dict, parameters: int, settings: dict) -> dict:
    names = ', '.join(f'{design["acceleration"]}×' for design in settings['designs'].values())
    return {
        'lacunaModel': 2,
        'id': ID,
        'version': version,
        'title': 'Learned sampling patterns',
        'summary': f'Where to sample k-space, learned together with an unrolled network: lines for {names}, a nested family of lines for any acceleration, and 2-D points for 8×.',
        'licence': 'MIT',
        'task': 'sampling-pattern',
        'graphs': {},
        'files': files,
        'parameters': parameters,
        'trained': {
            'acceleration': settings['familyRates'],
            'data': [f'{source.file.removeprefix("nii/")} ({source.licence}; {source.citation})' for source in TRAIN],
        },
    }
