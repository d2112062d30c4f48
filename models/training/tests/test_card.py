"""The card of an unrolled network says what its configuration says, and has a place for figures."""

import json
import unittest
from pathlib import Path

from lacuna_training.card import FIGURES_BEGIN, FIGURES_END, UNMEASURED, write_card

ROOT = Path(__file__).parents[3]


def configuration(name: str) -> dict:
    return json.loads((ROOT / f'models/training/configs/{name}.json').read_text())


def card_of(name: str, about: dict) -> str:
    config = configuration(name)
    graph = {'file': 'lines.onnx', 'bytes': 1234567, 'sha256': 'a' * 64}
    manifest = {
        'id': name, 'version': '9.9.9', 'title': 'Title', 'summary': 'Summary.', 'licence': 'MIT', 'parameters': 1000,
        'graphs': {'lines': graph}, 'inference': config['about']['inference'],
        'trained': {'acceleration': [2, 10], 'matrix': [112, 336]},
    }  # fmt: skip
    return write_card(manifest, {'config': config, 'step': 4321, 'spent': 3600.0}, {'lines': 1e-6}, about)


class Card(unittest.TestCase):
    def test_of_every_configuration(self):
        for name in ('unrolled-s', 'unrolled-m', 'unrolled-l'):
            with self.subTest(name):
                config = configuration(name)
                card = card_of(name, config['about'])
                self.assertIn(f'then {config["network"]["stages"]} stages', card)
                self.assertIn('4,321 steps', card)
                self.assertIn('60 minutes', card)
                self.assertIn('1,234,567', card)
                self.assertIn('a' * 64, card)
                self.assertIn(f'{config["simulation"]["measuredCoils"]:.0%} of the multi-coil examples', card)

    def test_place_for_figures(self):
        self.assertIn(f'{FIGURES_BEGIN}\n\n{UNMEASURED}\n\n{FIGURES_END}', card_of('unrolled-s', {}))
        evaluation = (ROOT / 'test/evaluation/card.ts').read_text()
        self.assertIn(FIGURES_BEGIN, evaluation)
        self.assertIn(FIGURES_END, evaluation)

    def test_says_what_training_began_with(self):
        self.assertIn('Started from random weights.', card_of('unrolled-s', {}))
        self.assertIn('Started from the weights of another.', card_of('unrolled-s', {'startedFrom': 'the weights of another'}))
        self.assertIn('minutes on a large GPU, seed', card_of('unrolled-s', {'machine': 'a large GPU'}))


if __name__ == '__main__':
    unittest.main()
