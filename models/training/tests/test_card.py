"""The card of an unrolled network says what its configuration says, and has a place for figures."""

import json
from pathlib import Path

import pytest

from lacuna_training.card import FIGURES_BEGIN, FIGURES_END, UNMEASURED, write_card

ROOT = Path(__file__).parents[3]


def card_of(name: str, about: dict) -> str:
    config = json.loads((ROOT / f'models/training/configs/{name}.json').read_text())
    graph = {'file': 'lines.onnx', 'bytes': 1234567, 'sha256': 'a' * 64}
    manifest = {
        'id': name, 'version': '9.9.9', 'title': 'Title', 'summary': 'Summary.', 'licence': 'MIT', 'parameters': 1000,
        'graphs': {'lines': graph}, 'inference': config['about']['inference'],
        'trained': {'acceleration': [2, 10], 'matrix': [112, 336]},
    }
    return write_card(manifest, {'config': config, 'step': 4321, 'spent': 3600.0}, {'lines': 1e-6}, about)


@pytest.mark.parametrize('name', ['unrolled-s', 'unrolled-m', 'unrolled-l'])
def test_of_every_configuration(name):
    config = json.loads((ROOT / f'models/training/configs/{name}.json').read_text())
    card = card_of(name, config['about'])
    assert f'then {config["network"]["stages"]} stages' in card
    assert '4,321 steps' in card and '60 minutes' in card
    assert 'a' * 64 in card and '1,234,567' in card
    assert f'{config["simulation"]["measuredCoils"]:.0%} of the multi-coil examples' in card


def test_place_for_figures():
    card = card_of('unrolled-s', {'inference': {}})
    assert f'{FIGURES_BEGIN}\n\n{UNMEASURED}\n\n{FIGURES_END}' in card
    evaluation = (ROOT / 'test/evaluation/card.ts').read_text()
    assert FIGURES_BEGIN in evaluation and FIGURES_END in evaluation


def test_says_what_training_began_with():
    assert 'Started from random weights.' in card_of('unrolled-s', {})
    assert 'Started from the weights of another.' in card_of('unrolled-s', {'startedFrom': 'the weights of another'})
    assert 'minutes on a large GPU, seed' in card_of('unrolled-s', {'machine': 'a large GPU'})
