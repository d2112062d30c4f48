"""The command line: one `train` and one `export`, and a network's configuration decides which."""

import contextlib
import io
import json
import tempfile
import unittest
import warnings
from pathlib import Path
from unittest import mock

import torch

from lacuna_training import __main__ as command_line
from lacuna_training import restoration_training, thermometry, train
from lacuna_training.restoration_card import verdict

from test_loop import ESPCN, RECONRESNET, UNROLLED, VOLUMES

FOURIER_PD = {
    'seed': 1,
    'network': {'kind': 'fourier-pd', 'primal': 2, 'dual': 2, 'hidden': 4, 'iterations': 1},
    'examples': {'size': 32, 'acceleration': [4, 6], 'snr': 30},
    'training': {'steps': 1, 'learningRate': 0.01, 'finalLearningRate': 0.001, 'warmupSteps': 1, 'clip': 1.0, 'checkpointSeconds': 60},
}
CONFIGURATIONS = {'espcn': ESPCN, 'reconresnet': RECONRESNET, 'unrolled': UNROLLED, 'fourier-pd': FOURIER_PD}
ROOT = Path(__file__).parents[3]


def row(method: str, psnr: float, setting: str = 'random lines, R = 4') -> dict:
    return {'model': 'tiny', 'data': 'head', 'slice': 0, 'setting': setting, 'method': method, 'psnr': psnr, 'ssim': 0.8}


class Commands(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for module in (restoration_training, thermometry, train):
            self.enterContext(mock.patch.object(module, 'training_slices', lambda root: VOLUMES))
        self.enterContext(mock.patch.object(train, 'measured_maps', lambda root: None))

    def run_with(self, *arguments) -> str:
        said = io.StringIO()
        with mock.patch('sys.argv', ['lacuna_training', *map(str, arguments)]), contextlib.redirect_stdout(said), warnings.catch_warnings():
            warnings.simplefilter('ignore')
            command_line.main()
        return said.getvalue()

    def configuration(self, name: str) -> Path:
        config = CONFIGURATIONS[name]
        # The first step is always done: after it the minutes are spent.
        training = {'minutes': 1e-9, **config['training']}
        path = self.folder / f'{name}.json'
        path.write_text(json.dumps({**config, 'id': 'tiny', 'about': {'title': 'Tiny', 'summary': 'A network.'}, 'training': training}))
        return path

    def trained(self, name: str) -> Path:
        self.run_with('train', '--config', self.configuration(name), '--data', self.folder, '--out', self.folder / name, '--threads', 1)
        return self.folder / name / 'checkpoint.pt'

    def test_train_goes_by_the_kind_of_the_network(self):
        for name in CONFIGURATIONS:
            with self.subTest(name):
                state = torch.load(self.trained(name), weights_only=True)
                self.assertEqual((state['step'], state['config']['network'].get('kind', 'unrolled')), (1, name))

    def test_export_writes_a_package_whose_card_says_how_the_network_stands(self):
        checkpoint = self.trained('reconresnet')
        rows = self.folder / 'rows.json'
        rows.write_text(json.dumps([row('zero-filled', 25), row('l1-wavelet, best λ', 29), row('reconresnet', 27.5)]))
        out = self.folder / 'package'
        self.run_with('export', '--config', self.configuration('reconresnet'), '--checkpoint', checkpoint, '--evaluation', rows, '--out', out, '--version', '1.2.3')
        manifest = json.loads((out / 'model.json').read_text())
        self.assertEqual((manifest['version'], manifest['inference']), ('1.2.3', {'scale': 'maximum', 'multiple': 4, 'passes': 1}))
        card = (out / 'CARD.md').read_text()
        for part in ('No normalisation', '| all slices | 25.00 / 0.8000 | 29.00 / 0.8000 | 27.50 / 0.8000 |', 'poorer than L1-wavelet', 'python -m lacuna_training train --config'):
            self.assertIn(part, card)

    def test_every_configuration_has_a_kind_that_is_known(self):
        for path in sorted((ROOT / 'models/training/configs').glob('*.json')):
            kind = json.loads(path.read_text()).get('network', {}).get('kind', 'unrolled')
            self.assertIn(kind, CONFIGURATIONS, path.name)


class Verdict(unittest.TestCase):
    def test_names_where_it_is_better_and_where_it_is_poorer(self):
        rows = [row('l1-wavelet, best λ', 29), row('reconresnet', 27.5), row('l1-wavelet, best λ', 30, 'radial'), row('reconresnet', 30.25, 'radial')]
        said = verdict(rows)
        self.assertRegex(said, r'poorer than L1-wavelet with the best λ: random lines, R = 4 by 1\.5 dB')
        self.assertRegex(said, r'better than L1-wavelet with the best λ: radial by 0\.2 dB')
        self.assertEqual(verdict([]), '')


if __name__ == '__main__':
    unittest.main()
